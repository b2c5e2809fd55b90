/** From settings that vary to the configurations and entries of a manifest. Pure: nothing is started or written. */
import { z } from "zod";
import { Random } from "../random";
import {
  fittedTo,
  pathsOfKey,
  SettingError,
  valueOf,
  withChanges,
} from "../settings/change";
import { checkSettings } from "../settings/check";
import { findPreset } from "../settings/presets";
import type { TrainingSettings } from "../settings/settings";
import { settingsSchema } from "../settings/settings";
import { labelOfSetting, settingInWords } from "../settings/words";
import { mostEntries, sweepVersion } from "./manifest";
import type { Configuration, EarlyStop, SweepManifest } from "./manifest";
import { axisSchema, formatValue, listOf, SweepError, valueAt } from "./values";
import type { Axis } from "./values";

const seedSchema = settingsSchema.shape.seed;

export const sweepOrderSchema = z.object({
  /** What varies. */
  settings: settingsSchema,
  /** What varies instead where presets vary: by the preset that each names. */
  presets: z.array(settingsSchema).max(100),
  axes: z.array(axisSchema).max(20),
  /** Of every configuration; empty takes the settings' own. */
  seeds: z.array(seedSchema).max(mostEntries),
  /** So many configurations drawn from the lists and ranges instead of every combination. */
  random: z
    .object({ count: z.int().min(1).max(mostEntries), seed: seedSchema })
    .nullable(),
});
export type SweepOrder = z.infer<typeof sweepOrderSchema>;

export type SweepPlan = Pick<SweepManifest, "keys" | "configurations"> & {
  seeds: number[];
};

type Assignment = Record<string, unknown>;

/** Throws a SweepError that names the variant where one of them cannot be trained. */
export function planSweep(order: SweepOrder): SweepPlan {
  const { keys, seeds, assignments } = outlineOf(order);
  const configurations = assignments.map((values) =>
    configurationOf(order, values, seeds.length > 1),
  );
  return { keys, configurations, seeds };
}

/** How many configurations are made before somebody else has a turn; each takes half a millisecond. */
const atOneGo = 20;

/** The same, without holding up whoever else waits for this thread. */
export async function planInTurns(order: SweepOrder): Promise<SweepPlan> {
  const { keys, seeds, assignments } = outlineOf(order);
  const configurations: Configuration[] = [];
  for (const values of assignments) {
    configurations.push(configurationOf(order, values, seeds.length > 1));
    if (configurations.length % atOneGo === 0)
      await new Promise((resolve) => setTimeout(resolve));
  }
  return { keys, configurations, seeds };
}

/** What it is called where nobody says otherwise: `G learning rate × Batch size`. */
export function usualName({ keys }: Pick<SweepPlan, "keys">): string {
  return (keys.map(labelOfKey).join(" × ") || "Seeds").slice(0, 100);
}

/** What varies, before any settings are made of it. */
function outlineOf(order: SweepOrder) {
  const axes = order.axes.filter(({ key }) => key !== "seed");
  refuseTwice(order.axes);
  const assignments = order.random
    ? drawn(axes, order.random)
    : combinations(axes);
  const seeds = seedsOf(order);
  refuseMany(assignments.length * seeds.length);
  return { keys: axes.map(({ key }) => key), seeds, assignments };
}

/** The manifest of a plan. The runs' ids are the sweep's and their index, so that each index is started once. */
export function manifestOf(
  { keys, configurations, seeds }: SweepPlan,
  identity: {
    id: string;
    name: string;
    earlyStop?: EarlyStop | null;
    report?: boolean;
  },
  now: Date,
): SweepManifest {
  const many = configurations.length * seeds.length;
  const digits = String(many - 1).length;
  const entries = configurations.flatMap((_, configuration) =>
    seeds.map((seed, place) => {
      const index = configuration * seeds.length + place;
      const run = `${identity.id}-${String(index).padStart(digits, "0")}`;
      return { run, configuration, seed };
    }),
  );
  return {
    version: sweepVersion,
    id: identity.id,
    name: identity.name,
    createdAt: now.toISOString(),
    keys,
    configurations,
    entries,
    earlyStop: identity.earlyStop ?? null,
    report: identity.report ?? false,
    cancelledAt: null,
  };
}

/** Whether two manifests train the same, whatever they are called. */
export function trainsTheSame(a: SweepManifest, b: SweepManifest): boolean {
  const essence = ({ configurations, entries, earlyStop }: SweepManifest) =>
    JSON.stringify([
      configurations.map(({ settings }) => settingsSchema.parse(settings)),
      entries,
      earlyStop,
    ]);
  return essence(a) === essence(b);
}

function seedsOf({ axes, seeds, settings }: SweepOrder): number[] {
  const axis = axes.find(({ key }) => key === "seed");
  const own = seeds.length > 0 ? seeds : [settings.seed];
  return (axis ? listOf(axis.values) : own).map((seed) => {
    const parsed = seedSchema.safeParse(seed);
    if (!parsed.success)
      throw new SweepError(
        `seed: ${formatValue(seed)} is not a seed; it must be a whole number from 0 to 4294967295.`,
      );
    return parsed.data;
  });
}

/** Every value of the first with every value of the second, and so on; the last varies fastest. */
function combinations(axes: readonly Axis[]): Assignment[] {
  return axes.reduce<Assignment[]>(
    (before, { key, values }) => {
      const list = listOf(values);
      refuseMany(before.length * list.length);
      return before.flatMap((one) =>
        list.map((value) => ({ ...one, [key]: value })),
      );
    },
    [{}],
  );
}

/** Independent draws; the same seed gives the same. */
function drawn(
  axes: readonly Axis[],
  { count, seed }: { count: number; seed: number },
): Assignment[] {
  if (axes.length === 0)
    throw new SweepError("A random search needs at least one setting to vary.");
  refuseMany(count);
  const random = Random.fromSeed(seed, "sweep");
  return Array.from({ length: count }, () =>
    Object.fromEntries(
      axes.map(({ key, values }) => [
        key,
        values.kind === "range"
          ? valueAt(values, random.uniform())
          : values.values[random.below(values.values.length)],
      ]),
    ),
  );
}

function configurationOf(
  order: SweepOrder,
  values: Assignment,
  hasSeeds: boolean,
): Configuration {
  const { preset, ...others } = values;
  const differing = order.axes.filter(
    ({ values: all }) => all.kind === "range" || all.values.length > 1,
  );
  const label = Object.entries(values)
    .filter(([key]) => differing.some((axis) => axis.key === key))
    .map(([key, value]) => labelOf(key, value))
    .join(", ");
  try {
    const before = baseOf(order, preset);
    const changed = Object.entries(others).reduce(
      (settings, [key, value]) => withValue(settings, key, value),
      before,
    );
    const settings = withSharedData(fittedTo(before, changed), hasSeeds);
    const [problem] = checkSettings(settings);
    if (problem) throw new SweepError(`${problem.path}: ${problem.message}`);
    return {
      label: label.slice(0, 300),
      values: values as Configuration["values"],
      settings,
    };
  } catch (error) {
    if (!(error instanceof SettingError) && !(error instanceof SweepError))
      throw error;
    throw new SweepError(
      label ? `The variant ${label}: ${error.message}` : error.message,
    );
  }
}

function baseOf(order: SweepOrder, preset: unknown): TrainingSettings {
  if (preset === undefined) return order.settings;
  const found = order.presets.find((settings) => settings.preset === preset);
  if (found) return found;
  throw new SweepError(`there is no preset ${formatValue(preset)}.`);
}

/** The images are the same whatever the seed, so that a spread over seeds is the training's alone. */
function withSharedData(
  settings: TrainingSettings,
  hasSeeds: boolean,
): TrainingSettings {
  const { data, seed } = settings;
  if (!hasSeeds || data.source !== "strokes" || data.strokesSeed !== null)
    return settings;
  return { ...settings, data: { ...data, strokesSeed: seed } };
}

/** A range may fall between whole numbers where only those are allowed. */
function withValue(
  settings: TrainingSettings,
  key: string,
  value: unknown,
): TrainingSettings {
  try {
    return withChanges(settings, [[key, value]]);
  } catch (error) {
    const isWhole = Number.isInteger(valueOf(settings, key));
    if (typeof value !== "number" || !isWhole || Number.isInteger(value))
      throw error;
    return withChanges(settings, [[key, Math.round(value)]]);
  }
}

function labelOf(key: string, value: unknown): string {
  if (key === "preset" && typeof value === "string")
    return findPreset(value)?.title ?? value;
  const [path] = pathsOfKey(key);
  const said =
    typeof value === "number" || path === "data.source"
      ? formatValue(value)
      : settingInWords(path, value);
  return `${labelOfKey(key)} ${said}`;
}

/** In the words of the form, but for both learning rates at once. */
function labelOfKey(key: string): string {
  return key === "learningRate"
    ? "Learning rate"
    : labelOfSetting(pathsOfKey(key)[0]);
}

function refuseTwice(axes: readonly Axis[]): void {
  const keys = axes.map(({ key }) => key);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined)
    throw new SweepError(
      `${twice} is varied twice; give all its values at once.`,
    );
}

function refuseMany(count: number): void {
  if (count > mostEntries)
    throw new SweepError(
      `That would be ${count} runs; one sweep has at most ${mostEntries}.`,
    );
}
