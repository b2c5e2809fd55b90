/** The tensor language in plain loops and float64: slow, and free of the rounding that every engine adds. */
import type { Convolution } from "../../src/main/graph/convolution";
import { isKind } from "../../src/main/graph/node";
import type { Node, OperationKind } from "../../src/main/graph/node";
import { volume } from "../../src/shared/layers";
import type { Shape } from "../../src/shared/layers";

type Values = Float64Array;

/** What a node comes to; `inputs` holds the arrays of its inputs by name. Remembers what it has computed. */
export function evaluator(
  inputs: ReadonlyMap<string, ArrayLike<number>>,
): (node: Node) => Values {
  const known = new Map<Node, Values>();
  const value = (node: Node): Values => {
    const found = known.get(node) ?? compute(node, node.inputs.map(value));
    known.set(node, found);
    return found;
  };
  const compute = (node: Node, given: Values[]): Values => {
    if (isKind(node, "input")) {
      const array = inputs.get(node.attributes.name);
      if (!array) throw new Error(`There is no ${node.attributes.name}.`);
      return Float64Array.from(array);
    }
    return rule(node, given);
  };
  return value;
}

const unary: Partial<Record<OperationKind, (x: number) => number>> = {
  floats: (x) => x,
  exp: Math.exp,
  sqrt: Math.sqrt,
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
};
const binary: Partial<Record<OperationKind, (x: number, y: number) => number>> =
  {
    add: (x, y) => x + y,
    subtract: (x, y) => x - y,
    multiply: (x, y) => x * y,
    divide: (x, y) => x / y,
  };

function rule(node: Node, given: Values[]): Values {
  const [a, b] = given;
  const { shape } = node;
  const of = unary[node.kind];
  if (of) return a.map(of);
  const both = binary[node.kind];
  if (both) {
    const [x, y] = node.inputs.map((input, i) =>
      spreadTo(given[i], input.shape, shape),
    );
    return x.map((value, i) => both(value, y[i]));
  }
  if (isKind(node, "constant"))
    return new Float64Array(volume(shape)).fill(node.attributes.value);
  if (isKind(node, "leakyRelu"))
    return a.map((x) => (x > 0 ? x : x * node.attributes.slope));
  if (isKind(node, "slope"))
    return a.map((x) => (x > 0 ? 1 : node.attributes.slope));
  if (isKind(node, "clip")) {
    const { limit } = node.attributes;
    return a.map((x) => Math.min(limit, Math.max(-limit, x)));
  }
  if (isKind(node, "addScaled")) return a.map((y, i) => y + b[0] * given[2][i]);
  if (isKind(node, "reshape")) return a;
  if (isKind(node, "expand")) return spreadTo(a, node.inputs[0].shape, shape);
  if (isKind(node, "sum")) return summed(node, a);
  if (isKind(node, "transpose")) {
    const { order } = node.attributes;
    const from = node.inputs[0].shape;
    return fill(shape, (place) => {
      const origin = from.map((_, axis) => place[order.indexOf(axis)]);
      return a[at(from, origin)];
    });
  }
  if (isKind(node, "slice"))
    return fill(
      shape,
      (place) =>
        a[
          at(
            node.inputs[0].shape,
            place.map((p, i) => p + node.attributes.from[i]),
          )
        ],
    );
  if (isKind(node, "pad")) {
    const from = node.inputs[0].shape;
    return fill(shape, (place) => {
      const origin = place.map((p, i) => p - node.attributes.before[i]);
      const inside = origin.every((p, i) => p >= 0 && p < from[i]);
      return inside ? a[at(from, origin)] : 0;
    });
  }
  if (isKind(node, "concat")) return joined(node, given);
  if (isKind(node, "matmul") || isKind(node, "batchMatmul"))
    return product(node, a, b);
  if (
    isKind(node, "convolve") ||
    isKind(node, "spread") ||
    isKind(node, "correlate")
  )
    return convolution(node, a, b);
  throw new Error(`${node.kind} is not computed here.`);
}

function at(shape: Shape, place: readonly number[]): number {
  return shape.reduce((index, extent, axis) => index * extent + place[axis], 0);
}

function fill(
  shape: Shape,
  value: (place: readonly number[]) => number,
): Values {
  const place = shape.map(() => 0);
  return new Float64Array(volume(shape)).map(() => {
    const found = value(place);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++place[axis] < shape[axis]) break;
      place[axis] = 0;
    }
    return found;
  });
}

/** By NumPy's broadcasting. */
function spreadTo(values: Values, from: Shape, to: Shape): Values {
  if (from.join() === to.join()) return values;
  const added = to.length - from.length;
  return fill(
    to,
    (place) =>
      values[
        at(
          from,
          from.map((extent, axis) => (extent === 1 ? 0 : place[axis + added])),
        )
      ],
  );
}

function summed(node: Node<"sum">, values: Values): Values {
  const from = node.inputs[0].shape;
  const kept = from.flatMap((_, axis) =>
    node.attributes.axes.includes(axis) ? [] : [axis],
  );
  const sums = new Float64Array(volume(node.shape));
  let index = 0;
  fill(from, (place) => {
    sums[
      at(
        node.shape,
        kept.map((axis) => place[axis]),
      )
    ] += values[index++];
    return 0;
  });
  return sums;
}

function joined(node: Node<"concat">, given: Values[]): Values {
  const { axis } = node.attributes;
  return fill(node.shape, (place) => {
    let [part, start] = [0, 0];
    while (place[axis] >= start + node.inputs[part].shape[axis])
      start += node.inputs[part++].shape[axis];
    const { shape } = node.inputs[part];
    return given[part][at(shape, place.with(axis, place[axis] - start))];
  });
}

function product(
  { inputs, attributes, shape }: Node<"matmul" | "batchMatmul">,
  a: Values,
  b: Values,
): Values {
  const { transposeA, transposeB } = attributes;
  const [left, right] = inputs.map((input) => input.shape);
  const inner = left.at(transposeA ? -2 : -1) ?? 0;
  return fill(shape, (place) => {
    const stack = place.slice(0, -2);
    const [row, column] = place.slice(-2);
    let sum = 0;
    for (let k = 0; k < inner; k++)
      sum +=
        a[at(left, [...stack, ...(transposeA ? [k, row] : [row, k])])] *
        b[at(right, [...stack, ...(transposeB ? [column, k] : [k, column])])];
    return sum;
  });
}

/** `convolve`, `spread` and `correlate`: each pairs image, map and weight, and gives the third of two. */
function convolution(
  node: Node<"convolve" | "spread" | "correlate">,
  first: Values,
  second: Values,
): Values {
  const result = new Float64Array(volume(node.shape));
  eachProduct(node.attributes, (image, map, weight) => {
    if (node.kind === "convolve") result[map] += first[image] * second[weight];
    else if (node.kind === "spread")
      result[image] += first[map] * second[weight];
    else result[weight] += first[image] * second[map];
  });
  return result;
}

function eachProduct(
  c: Convolution,
  visit: (image: number, map: number, weight: number) => void,
): void {
  const maps: Shape = [c.batch, c.mapHeight, c.mapWidth, c.filters];
  const images: Shape = [c.batch, c.height, c.width, c.channels];
  const weights: Shape = [c.filters, c.kernel, c.kernel, c.channels];
  fill(maps, (place) => {
    const [image, row, column, filter] = place;
    const map = at(maps, place);
    for (let ky = 0; ky < c.kernel; ky++)
      for (let kx = 0; kx < c.kernel; kx++) {
        const y = row * c.stride - c.padding + ky;
        const x = column * c.stride - c.padding + kx;
        if (y < 0 || y >= c.height || x < 0 || x >= c.width) continue;
        for (let channel = 0; channel < c.channels; channel++)
          visit(
            at(images, [image, y, x, channel]),
            map,
            at(weights, [filter, ky, kx, channel]),
          );
      }
    return 0;
  });
}
