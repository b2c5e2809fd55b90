/** Cuts a batch of steps into runs of equal steps, each a call of one compiled model. */
import { volume } from "../../shared/layers";
import { stepInputs } from "../../shared/step";
import type { NetworkRole } from "../../shared/settings/settings";
import { layerProducts, passes } from "../../shared/settings/work";
import type { ModelSettings, StepBatch } from "../engine/engine";
import { networkRoles } from "./parameters";

/** Which networks a step updates. */
export type Updates = NetworkRole | "both";

export function isUpdated(updates: Updates, role: NetworkRole): boolean {
  return updates === "both" || updates === role;
}

/** Steps `from` to `to` (exclusive), which repeat a pattern of updates a whole number of times. */
export interface Stretch {
  from: number;
  to: number;
  pattern: readonly Updates[];
}

/** In order and without gaps; `longest` is how many steps a pattern may have. */
export function stretches(
  { steps, generatorUpdates }: StepBatch,
  longest: number,
): Stretch[] {
  const all = generatorUpdates
    .slice(0, steps)
    .map((generator) => (generator ? "both" : "discriminator"));
  const found: Stretch[] = [];
  for (let from = 0; from < steps;) {
    const pattern = patternAt(all, from, longest);
    let to = from + pattern.length;
    while (isRepeated(all, pattern, to)) to += pattern.length;
    found.push({ from, to, pattern });
    from = to;
  }
  return found;
}

/** What repeats from `from` on, several times over; one step where that does not fit. */
function patternAt(all: Updates[], from: number, longest: number): Updates[] {
  const length = periodAt(all, from);
  const period = all.slice(from, from + length);
  let repeats = 0;
  while (isRepeated(all, period, from + repeats * length)) repeats++;
  const most = Math.floor(longest / length);
  if (most === 0) return [all[from]];
  return Array.from({ length: packSize(repeats, most) }, () => period).flat();
}

/** From one update of the generator to the next, wherever between them the batch begins. */
function periodAt(all: readonly Updates[], from: number): number {
  const first = all.indexOf("both", from);
  const second = all.indexOf("both", first + 1);
  const period = second - first;
  return first >= 0 && first - from < period ? period : 1;
}

/** How many go together, at most so many: such that none is left where half of the most can do that. */
function packSize(count: number, most: number): number {
  for (let size = most; size >= most / 2; size--)
    if (count % size === 0) return size;
  return count > most ? most : 1;
}

function isRepeated(
  all: readonly Updates[],
  pattern: readonly Updates[],
  from: number,
): boolean {
  return pattern.every((updates, i) => all[from + i] === updates);
}

/**
 * The inputs of some of a batch's steps, sharing its memory, but for images that are bytes. Throws an Error where an input is
 * missing or too short.
 */
export function inputsOf(
  model: ModelSettings,
  { batch, inputs, images }: StepBatch,
  from: number,
  to: number,
): Map<string, Float32Array> {
  return new Map(
    stepInputs(model).flatMap(({ name, kind, shape }) => {
      if (kind === "real" && images) return [];
      const values = inputs.get(name);
      const size = batch * volume(shape);
      if (!values || values.length < to * size)
        throw new Error(
          `The batch's input ${name} has ${values?.length ?? 0} values and needs ${to * size}.`,
        );
      return [[name, values.subarray(from * size, to * size)]];
    }),
  );
}

/** Arithmetic of one call: about a quarter of a second of one core, so that a run can still be paused at once. */
const operationsPerCall = 2.5e10;
const mostSteps = 64;

/** Steps that are compiled as one, where a call takes as many: more of them compile longer and win little. */
const mostUnrolled = 10;

/** Layers that are unrolled at most, where one with a large kernel counts as many as its kernel has rows. */
const mostUnrolledLayers = 400;
const largeKernel = 6;

/** The length of patterns for `stretches`. */
export function unrolledSteps(model: ModelSettings, batch: number): number {
  const layers = networkRoles
    .flatMap((role) => model[role].layers)
    .map((layer) =>
      "kernel" in layer && layer.kernel >= largeKernel ? layer.kernel : 1,
    )
    .reduce((sum, it) => sum + it, 0);
  const most = Math.max(1, Math.floor(mostUnrolledLayers / layers));
  return Math.min(mostUnrolled, most, preferredSteps(model, batch));
}

/**
 * How many steps a call takes best: a call copies the whole state once, or waits for a device, so cheap steps go together,
 * of about so much arithmetic.
 */
export function preferredSteps(
  model: ModelSettings,
  batch: number,
  operations = operationsPerCall,
): number {
  const products = networkRoles
    .flatMap((role) => layerProducts(model[role]))
    .reduce((sum, it) => sum + it, 0);
  const steps = operations / (2 * passes * batch * products);
  const most =
    2 ** Math.floor(Math.log2(Math.min(mostSteps, Math.max(1, steps))));
  // From one update of the generator to the next, so that calls share what is compiled.
  const { generatorEvery } = model.objective;
  return most < generatorEvery ? most : most - (most % generatorEvery);
}
