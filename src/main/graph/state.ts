/**
 * How a model's state lies in the engine: as rows `[1, 1, n]`, a large tensor alone and the small ones of a network end
 * to end, so that an optimiser step is a handful of operations. Convolution weights are `[filters, kernel, kernel,
 * channels]` as rows. Everything is a permutation of `parameters.ts`'s layout, so no bit changes on the way.
 */
import type { Shape } from "../../shared/layers";
import type { Parameter } from "../../shared/settings/network";
import { volume } from "../../shared/layers";
import { parametersOf } from "../../shared/settings/network";
import type { SpectralVector } from "./spectral";
import { spectralName, spectralVectors } from "./spectral";
import type { NetworkRole } from "../../shared/settings/settings";
import type { ModelSettings, ModelState, Tensor } from "../engine/engine";
import {
  averageKey,
  networkRoles,
  optimizerSlots,
  parameterKey,
  slotKey,
} from "./parameters";

/** From this many elements on a tensor is kept on its own. */
const largeTensor = 2 ** 15;

/** One array that goes into a train step and comes out changed. */
export interface StateVariable {
  name: string;
  shape: Shape;
  pieces: Piece[];
}

/** Where a tensor of the model's state lies in a variable. */
interface Piece {
  key: string;
  parameter: Parameter;
  offset: number;
}

/** Trainable parameters that are updated together. */
export interface Group {
  role: NetworkRole;
  weights: StateVariable;
  slots: StateVariable[];
  /** The weights' average; null where none is kept. */
  average: StateVariable | null;
}

export interface StateLayout {
  groups: Group[];
  /** By `runningName`: mean and variance of one batch normalisation, end to end. */
  running: StateVariable[];
  /** The weights of D that have `spectralName` vectors. */
  spectral: Parameter[];
  /** All of the above, in the order in which they enter a model. */
  variables: StateVariable[];
}

/** Which variables hold the state of a model, and which parameters lie where in them. */
export function layOutState(model: ModelSettings): StateLayout {
  const groups = networkRoles.flatMap((role) =>
    groupParameters(parametersOf(model[role])).map((members, index) =>
      layOutGroup(model, role, members, index),
    ),
  );
  const running = networkRoles.flatMap((role) =>
    layOutRunning(role, parametersOf(model[role])),
  );
  const variables = [
    ...groups.flatMap(({ weights, slots, average }) => [
      weights,
      ...slots,
      ...(average ? [average] : []),
    ]),
    ...running,
    ...spectralVectors(model).map(layOutVector),
  ];
  const spectral = spectralVectors(model)
    .filter(({ side }) => side === "u")
    .map(({ weight }) => weight);
  return { groups, running, spectral, variables };
}

export function runningName(role: NetworkRole, layer: number): string {
  return `${role}.running.${layer}`;
}

/** The shape of a parameter inside the engine: matrices and vectors. */
export function engineShape({ shape }: Parameter): Shape {
  return shape.length < 3 ? shape : [shape[0], volume(shape.slice(1))];
}

/** One variable's values from a whole state. */
export function pack(variable: StateVariable, state: ModelState): Float32Array {
  const values = new Float32Array(volume(variable.shape));
  for (const { key, parameter, offset } of variable.pieces) {
    const tensor = state.get(key);
    if (!tensor) throw new Error(`The state has no tensor ${key}.`);
    values.set(toEngine(tensor.data, parameter), offset);
  }
  return values;
}

/** A variable's tensors, by their keys in the model's state. */
export function unpack(
  variable: StateVariable,
  values: Float32Array,
): [string, Tensor][] {
  return variable.pieces.map(({ key, parameter, offset }) => {
    const { shape } = parameter;
    const part = values.subarray(offset, offset + volume(shape));
    return [key, { shape, data: fromEngine(part, parameter) }];
  });
}

/** PyTorch's layout of a parameter-shaped array. */
export function fromEngine(
  values: Float32Array,
  { shape }: Parameter,
): Float32Array {
  if (shape.length < 4) return values.slice();
  const [filters, channels, height, width] = shape;
  return swapInner(values, filters, height * width, channels);
}

function toEngine(values: Float32Array, { shape }: Parameter): Float32Array {
  if (shape.length < 4) return values;
  const [filters, channels, height, width] = shape;
  return swapInner(values, filters, channels, height * width);
}

/** `[outer, columns, rows]` from `[outer, rows, columns]`. */
function swapInner(
  values: Float32Array,
  outer: number,
  rows: number,
  columns: number,
): Float32Array {
  const swapped = new Float32Array(values.length);
  const size = rows * columns;
  for (let i = 0; i < outer; i++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        swapped[i * size + column * rows + row] =
          values[i * size + row * columns + column];
  return swapped;
}

/** The small parameters first, together, then each large one. */
function groupParameters(parameters: Parameter[]): Parameter[][] {
  const trainable = parameters.filter((parameter) => parameter.trainable);
  const isLarge = ({ shape }: Parameter) => volume(shape) >= largeTensor;
  const small = trainable.filter((parameter) => !isLarge(parameter));
  const large = trainable.filter(isLarge).map((parameter) => [parameter]);
  return small.length > 0 ? [small, ...large] : large;
}

function layOutGroup(
  model: ModelSettings,
  role: NetworkRole,
  members: Parameter[],
  index: number,
): Group {
  const isAveraged =
    role === "generator" && model.improvements.average !== null;
  const variable = (
    kind: string,
    keyOf: (parameter: Parameter) => string,
  ): StateVariable => ({
    name: `${role}.${kind}.${index}`,
    shape: [1, 1, floatsIn(members)],
    pieces: endToEnd(members, keyOf),
  });
  return {
    role,
    weights: variable("weights", ({ name }) => parameterKey(role, name)),
    slots: optimizerSlots(model.optimizers[role]).map((slot) =>
      variable(slot, ({ name }) => slotKey(role, name, slot)),
    ),
    average: isAveraged
      ? variable("average", ({ name }) => averageKey(name))
      : null,
  };
}

function layOutRunning(
  role: NetworkRole,
  parameters: Parameter[],
): StateVariable[] {
  const statistics = parameters.filter(({ trainable }) => !trainable);
  return [...new Set(statistics.map(({ layer }) => layer))].map((layer) => {
    const members = statistics.filter((member) => member.layer === layer);
    return {
      name: runningName(role, layer),
      shape: [floatsIn(members)],
      pieces: endToEnd(members, ({ name }) => parameterKey(role, name)),
    };
  });
}

function layOutVector(vector: SpectralVector): StateVariable {
  const { key, side, weight, shape } = vector;
  return {
    name: spectralName(side, weight),
    shape: [volume(shape), 1],
    pieces: [{ key, parameter: { ...weight, shape }, offset: 0 }],
  };
}

function floatsIn(members: Parameter[]): number {
  return members.reduce((sum, { shape }) => sum + volume(shape), 0);
}

function endToEnd(
  members: Parameter[],
  keyOf: (parameter: Parameter) => string,
): Piece[] {
  let offset = 0;
  return members.map((parameter) => {
    const piece = { key: keyOf(parameter), parameter, offset };
    offset += volume(parameter.shape);
    return piece;
  });
}
