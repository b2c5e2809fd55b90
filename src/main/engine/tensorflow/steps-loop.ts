/** Many repeats of a training program as one function: a loop whose body is one repeat, on inputs that hold them all. */
import type { Node } from "../../graph/node";
import type { Emitter } from "./emitter";
import type { Argument, FunctionDef } from "./graph-def";
import { createEmitter } from "./lower";
import type { Port } from "./nodes";
import { typeOf } from "./nodes";

/** What a loop is made of. */
export interface Loop {
  /** Fed; shapes are those of one repeat, and the loop's are `most` times as long. */
  inputs: readonly Port[];
  /** The state, which goes from one repeat to the next. */
  variables: readonly Port[];
  /** By the variables' names, of those that change. */
  next: ReadonlyMap<string, Node>;
  /** What each repeat gives; the loop's have a leading axis of `most` rows. */
  outputs: readonly Port[];
  /** By the outputs' names. */
  results: ReadonlyMap<string, Node>;
  /** How many repeats there can be. How many there are is an input, so that all numbers share one compilation. */
  most: number;
}

const index: Argument = { name: "index", type: "int32" };
export const repeats: Argument = { name: "repeats", type: "int32" };

/** The function first, which takes `repeats`, the inputs and the variables, and gives the changed variables and the outputs. */
export function loopFunctions(loop: Loop): [FunctionDef, ...FunctionDef[]] {
  const given = [...loop.inputs, ...loop.variables].map(floatArgument);
  const carried = [
    index,
    repeats,
    ...given,
    ...loop.outputs.map(floatArgument),
  ];
  const body = bodyFunction(loop, carried);
  const condition = conditionFunction(carried);
  const emit = createEmitter((name) => name);
  const start = [
    emit.indices(0),
    ...[repeats, ...given].map(({ name }) => name),
    ...loop.outputs.map(({ shape }) => emit.fill(0, [loop.most, ...shape])),
  ];
  const last = emit.nodeOfMany("StatelessWhile", start, {
    T: { kind: "types", value: carried.map(({ type }) => type) },
    cond: { kind: "function", value: condition.name },
    body: { kind: "function", value: body.name },
    output_shapes: { kind: "shapes", value: [] },
    parallel_iterations: { kind: "int", value: 1 },
  });
  const wanted = [
    ...loop.variables.filter(({ name }) => loop.next.has(name)),
    ...loop.outputs,
  ];
  const places = new Map(carried.map(({ name }, i) => [name, i]));
  const steps: FunctionDef = {
    name: "steps",
    inputs: [repeats, ...given],
    outputs: wanted.map(({ key }) => ({
      name: `last_${key}`,
      type: "float",
      value: last(places.get(key) ?? -1),
    })),
    nodes: emit.nodes,
  };
  return [steps, body, condition];
}

function bodyFunction(
  { inputs, variables, next, outputs, results, most }: Loop,
  carried: readonly Argument[],
): FunctionDef {
  const values = new Map(variables.map(({ name, key }) => [name, key]));
  const emit = createEmitter((name) => values.get(name) ?? name);
  for (const input of inputs) values.set(input.name, rowsOf(emit, input));
  const after = new Map([
    [
      index.name,
      emit.node("AddV2", [index.name, emit.indices(1)], {}, "int32"),
    ],
  ]);
  for (const { name, key } of variables) {
    const node = next.get(name);
    if (node) after.set(key, emit.value(node));
  }
  const isRow = rowMask(emit, most);
  for (const { name, key } of outputs) {
    const node = results.get(name);
    if (node)
      after.set(key, emit.node("SelectV2", [isRow, emit.value(node), key]));
  }
  return {
    name: "body",
    inputs: carried,
    outputs: carried.map(({ name, type }) => ({
      name: `next_${name}`,
      type,
      value: after.get(name) ?? name,
    })),
    nodes: emit.nodes,
  };
}

/** The part of an input that belongs to this repeat. */
function rowsOf(emit: Emitter, { key, shape }: Port): string {
  const row = emit.node(
    "Mul",
    [index.name, emit.indices(shape[0])],
    {},
    "int32",
  );
  const from = [row, ...shape.slice(1).map(() => emit.indices(0))];
  const corner = emit.node(
    "Pack",
    from,
    { N: { kind: "int", value: from.length } },
    "int32",
  );
  return emit.node("Slice", [key, corner, emit.indices(shape)], {
    Index: typeOf("int32"),
  });
}

/** `[most, 1]`: which row of an output this repeat writes. */
function rowMask(emit: Emitter, most: number): string {
  const numbers = emit.indices(Array.from({ length: most }, (_, i) => i));
  const column = emit.node(
    "Reshape",
    [numbers, emit.indices([most, 1])],
    {},
    "int32",
  );
  return emit.node("Equal", [column, index.name], {}, "int32");
}

function conditionFunction(carried: readonly Argument[]): FunctionDef {
  const emit = createEmitter((name) => name);
  const value = emit.node("Less", [index.name, repeats.name], {}, "int32");
  return {
    name: "condition",
    inputs: carried,
    outputs: [{ name: "goes_on", type: "bool", value }],
    nodes: emit.nodes,
  };
}

function floatArgument({ key }: Port): Argument {
  return { name: key, type: "float" };
}
