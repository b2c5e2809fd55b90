/**
 * The layout of a model's state, and where it starts: one order and one set of names for both engines, for
 * checkpoints and for tests.
 *
 * In order: the tensors of the generator, those of the discriminator (PyTorch's state-dict order, running statistics
 * included), then for each network the slots of its optimiser, parameter by parameter, and its step count, and last the
 * average of G's weights and the vectors of D's spectral normalisation, where there are such.
 */
import type { Shape } from "../../shared/layers";
import type {
  Network,
  NormInitializer,
  Parameter,
  WeightInitializer,
} from "../../shared/settings/network";
import { volume } from "../../shared/layers";
import { describeLayer, parametersOf } from "../../shared/settings/network";
import { settleVectors, spectralVectors } from "./spectral";
import type { Random } from "../../shared/random";
import type {
  NetworkRole,
  OptimizerSettings,
} from "../../shared/settings/settings";
import type { ModelSettings, ModelState, Tensor } from "../engine/engine";

export const networkRoles = ["generator", "discriminator"] as const;

/**
 * What an optimiser remembers of each parameter, shaped like it and zero at the start.
 *
 * Sums, not averages: `gradient_sum` becomes `beta1 * sum + g`, `square_sum` `beta2 * sum + g * g` (RMSprop: alpha).
 * PyTorch's `exp_avg` is `(1 - beta1) * gradient_sum`, its `exp_avg_sq` (RMSprop's `square_avg`) `(1 - beta2) *
 * square_sum`. A step saves two multiplications that way, and the state goes in and out without losing a bit.
 * `momentum_buffer` is PyTorch's own.
 */
export type OptimizerSlot = "gradient_sum" | "square_sum" | "momentum_buffer";

/** The slots of one optimiser; plain SGD has none. */
export function optimizerSlots(optimizer: OptimizerSettings): OptimizerSlot[] {
  switch (optimizer.type) {
    case "adam":
      return ["gradient_sum", "square_sum"];
    case "rmsprop":
      return ["square_sum"];
    case "sgd":
      return optimizer.momentum > 0 ? ["momentum_buffer"] : [];
    default:
      return optimizer satisfies never;
  }
}

/** `generator.fc1.weight`: the name of a network's tensor in the state. */
export function parameterKey(role: NetworkRole, parameter: string): string {
  return `${role}.${parameter}`;
}

/** `optimizer.generator.fc1.weight.square_sum`. */
export function slotKey(
  role: NetworkRole,
  parameter: string,
  slot: OptimizerSlot,
): string {
  return `optimizer.${role}.${parameter}.${slot}`;
}

/** `optimizer.generator.step`: a scalar, the number of updates so far (exact up to 2^24). */
export function stepKey(role: NetworkRole): string {
  return `optimizer.${role}.step`;
}

/** `average.fc1.weight`: a weight of G's average. */
export function averageKey(parameter: string): string {
  return `average.${parameter}`;
}

/** The state with the average of G's weights in the place of G; the same where there is none. */
export function withAverage(state: ModelState): ModelState {
  return new Map(
    [...state].map(([name, tensor]) => {
      const parameter = /^generator\.(.*)$/.exec(name)?.[1];
      const average = parameter && state.get(averageKey(parameter));
      return [name, average || tensor];
    }),
  );
}

/** Every tensor of a state, in order. Throws NetworkError. */
export function stateLayout(
  model: ModelSettings,
): { name: string; shape: Shape }[] {
  const parameters = networkRoles.flatMap((role) =>
    parametersOf(model[role]).map(({ name, shape }) => ({
      name: parameterKey(role, name),
      shape,
    })),
  );
  return [
    ...parameters,
    ...networkRoles.flatMap((role) => optimizerLayout(model, role)),
    ...averageLayout(model).map(({ name, shape }) => ({ name, shape })),
    ...spectralVectors(model).map(({ key, shape }) => ({ name: key, shape })),
  ];
}

/**
 * Where training starts: weights as the networks' initialisers draw them, in the order of the layout, and an
 * optimiser that remembers nothing. A run draws from `Random.fromSeed(seed, "weights")`. Throws NetworkError.
 */
export function initialState(model: ModelSettings, random: Random): ModelState {
  const state: ModelState = new Map();
  for (const role of networkRoles)
    for (const [name, tensor] of initialParameters(model[role], random))
      state.set(parameterKey(role, name), tensor);
  for (const role of networkRoles)
    for (const { name, shape } of optimizerLayout(model, role))
      state.set(name, zeros(shape));
  addDerived(model, state, random);
  return state;
}

/** Adds what follows from the weights, where the state lacks it: G's average and the vectors of D's singular values. */
export function addDerived(
  model: ModelSettings,
  state: ModelState,
  random: Random,
): void {
  for (const { name, from } of averageLayout(model)) {
    const tensor = state.get(from);
    if (!tensor || state.has(name)) continue;
    state.set(name, { ...tensor, data: tensor.data.slice() });
  }
  const vectors = spectralVectors(model);
  for (let i = 0; i < vectors.length; i += 2) {
    const [u, v] = [vectors[i], vectors[i + 1]];
    if (state.has(u.key) && state.has(v.key)) continue;
    const key = parameterKey("discriminator", u.weight.name);
    const weight = state.get(key)?.data ?? new Float32Array();
    const [first, second] = [zeros(u.shape), zeros(v.shape)];
    random.fillNormal(first.data);
    settleVectors(weight, first.data, second.data);
    state.set(u.key, first);
    state.set(v.key, second);
  }
}

/** Why a state does not fit the model, in one sentence; null where it does. */
export function stateMismatch(
  model: ModelSettings,
  state: ReadonlyMap<string, { shape: Shape }>,
): string | null {
  const layout = stateLayout(model);
  for (const { name, shape } of layout) {
    const tensor = state.get(name);
    if (!tensor) return `The saved state has no tensor ${name}.`;
    if (tensor.shape.join() !== shape.join())
      return `The saved tensor ${name} is [${tensor.shape.join(", ")}] and the network needs [${shape.join(", ")}].`;
  }
  if (state.size === layout.length) return null;
  const known = new Set(layout.map(({ name }) => name));
  const extra = [...state.keys()].find((name) => !known.has(name));
  return `The saved state has a tensor ${extra} that the network does not.`;
}

/** A copy that shares no memory. */
export function copyState(state: ModelState): ModelState {
  return new Map(
    [...state].map(([name, { shape, data }]) => [
      name,
      { shape, data: data.slice() },
    ]),
  );
}

function optimizerLayout(
  model: ModelSettings,
  role: NetworkRole,
): { name: string; shape: Shape }[] {
  const slots = optimizerSlots(model.optimizers[role]);
  return [
    ...parametersOf(model[role])
      .filter(({ trainable }) => trainable)
      .flatMap(({ name, shape }) =>
        slots.map((slot) => ({ name: slotKey(role, name, slot), shape })),
      ),
    { name: stepKey(role), shape: [] },
  ];
}

/** The average begins as `from`. */
function averageLayout(
  model: ModelSettings,
): { name: string; shape: Shape; from: string }[] {
  if (!model.improvements.average) return [];
  return parametersOf(model.generator)
    .filter(({ trainable }) => trainable)
    .map(({ name, shape }) => ({
      name: averageKey(name),
      shape,
      from: parameterKey("generator", name),
    }));
}

function initialParameters(
  network: Network,
  random: Random,
): [string, Tensor][] {
  const fanIns = new Map<number, number>();
  return parametersOf(network).map((parameter) => {
    if (parameter.role === "weight" || parameter.role === "embedding")
      fanIns.set(parameter.layer, fanInOf(parameter.shape));
    const fanIn = fanIns.get(parameter.layer) ?? 1;
    const tensor = zeros(parameter.shape);
    fillParameter(tensor.data, network, parameter, fanIn, random);
    return [parameter.name, tensor];
  });
}

/** PyTorch's fan in: everything but the first axis, for a transposed convolution too. */
function fanInOf(shape: Shape): number {
  return volume(shape.slice(1));
}

function fillParameter(
  target: Float32Array,
  network: Network,
  parameter: Parameter,
  fanIn: number,
  random: Random,
): void {
  const layer = network.layers[parameter.layer];
  switch (layer.type) {
    case "dense":
    case "projection":
      return fillWeighted(
        target,
        network.initializers.dense,
        parameter,
        fanIn,
        random,
      );
    case "conv":
    case "convTranspose":
      return fillWeighted(
        target,
        network.initializers.conv,
        parameter,
        fanIn,
        random,
      );
    case "labelEmbedding":
      return fillNormal(target, 0, 1, random);
    case "batchNorm":
    case "classNorm":
      return fillNorm(
        target,
        network.initializers.batchNorm,
        parameter,
        random,
      );
    default:
      throw new Error(
        `${describeLayer(layer, parameter.layer)} owns no parameters.`,
      );
  }
}

function fillWeighted(
  target: Float32Array,
  initializer: WeightInitializer,
  parameter: Parameter,
  fanIn: number,
  random: Random,
): void {
  const isBias = parameter.role === "bias";
  switch (initializer.type) {
    case "uniform-fan-in":
      return fillUniform(target, 1 / Math.sqrt(fanIn), random);
    case "he-normal":
      if (!isBias) fillNormal(target, 0, 1 / Math.sqrt(fanIn / 2), random);
      return;
    case "normal":
      if (isBias) return fillUniform(target, 1 / Math.sqrt(fanIn), random);
      return fillNormal(target, initializer.mean, initializer.std, random);
    default:
      initializer satisfies never;
  }
}

function fillNorm(
  target: Float32Array,
  initializer: NormInitializer,
  parameter: Parameter,
  random: Random,
): void {
  if (parameter.role === "runningVariance") target.fill(1);
  if (parameter.role !== "weight") return;
  if (initializer.type === "ones") target.fill(1);
  else fillNormal(target, initializer.mean, initializer.std, random);
}

function fillUniform(
  target: Float32Array,
  bound: number,
  random: Random,
): void {
  for (let i = 0; i < target.length; i++)
    target[i] = (2 * random.uniform() - 1) * bound;
}

function fillNormal(
  target: Float32Array,
  mean: number,
  std: number,
  random: Random,
): void {
  for (let i = 0; i < target.length; i++)
    target[i] = mean + std * random.normal();
}

function zeros(shape: Shape): Tensor {
  return { shape, data: new Float32Array(volume(shape)) };
}
