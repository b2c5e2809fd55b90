/**
 * The tensor language that a train step is written in: immutable float32 nodes with static shapes.
 *
 * Equal expressions are one node, so what two passes have in common is computed once. Feature maps are rows,
 * `[batch * height * width, channels]`; the layout of images exists only in `convolution.ts` and at the borders.
 */
import type { Shape } from "../../shared/layers";
import { volume } from "../../shared/layers";
import type { Convolution } from "./convolution";
import { isUnpaddedWhole } from "./convolution";
import type { Node, OperationKind, Operations } from "./node";
import { simplify } from "./simplify";

/**
 * What a runtime would rather compute: another expression for a node about to be made, or null. Gradients are then those of
 * that expression.
 */
export type Rewrite = (graph: Graph, node: Node) => Node | null;

/** Makes nodes. Shapes are the caller's to get right: a wrong one throws an Error, which is a mistake of ours. */
export class Graph {
  private readonly known = new Map<string, Node>();

  constructor(private readonly rewrite: Rewrite = () => null) {}

  input(name: string, shape: Shape): Node {
    return this.make("input", { name }, [], shape);
  }

  /** An array of bytes, for `floats` and parts of it. */
  bytes(name: string, shape: Shape): Node {
    return this.make("input", { name, bytes: true }, [], shape);
  }

  floats(bytes: Node): Node {
    return this.make("floats", {}, [bytes], bytes.shape);
  }

  constant(value: number, shape: Shape = []): Node {
    return this.make("constant", { value }, [], shape);
  }

  add(a: Node, b: Node): Node {
    return this.binary("add", a, b);
  }

  subtract(a: Node, b: Node): Node {
    return this.binary("subtract", a, b);
  }

  multiply(a: Node, b: Node): Node {
    return this.binary("multiply", a, b);
  }

  divide(a: Node, b: Node): Node {
    return this.binary("divide", a, b);
  }

  scale(a: Node, factor: number): Node {
    return this.multiply(a, this.constant(factor));
  }

  /** `y + factor * x` of rows `[1, 1, n]`, with a factor `[1, 1, 1]`, in one pass. */
  addScaled(y: Node, factor: Node, x: Node): Node {
    check(
      x.shape.join() === `1,1,${volume(x.shape)}` && volume(factor.shape) === 1,
      "addScaled",
      [y, factor, x],
      y.shape,
    );
    return this.make("addScaled", {}, [y, factor, x], y.shape);
  }

  square(a: Node): Node {
    return this.multiply(a, a);
  }

  exp(a: Node): Node {
    return this.make("exp", {}, [a], a.shape);
  }

  sqrt(a: Node): Node {
    return this.make("sqrt", {}, [a], a.shape);
  }

  tanh(a: Node): Node {
    return this.make("tanh", {}, [a], a.shape);
  }

  sigmoid(a: Node): Node {
    return this.make("sigmoid", {}, [a], a.shape);
  }

  softplus(a: Node): Node {
    return this.make("softplus", {}, [a], a.shape);
  }

  /** Over the columns of a matrix. */
  logSoftmax(a: Node): Node {
    return this.make("logSoftmax", {}, [a], a.shape);
  }

  leakyRelu(a: Node, slope: number): Node {
    return this.make("leakyRelu", { slope }, [a], a.shape);
  }

  slope(a: Node, slope: number): Node {
    return this.make("slope", { slope }, [a], a.shape);
  }

  clip(a: Node, limit: number): Node {
    return this.make("clip", { limit }, [a], a.shape);
  }

  /** A number `[1, 1, 1]` for `addScaled`, which so comes after whatever gives `a`. */
  after(a: Node, value: number): Node {
    return this.make("after", { value }, [a], [1, 1, 1]);
  }

  sum(a: Node, axes: readonly number[] = a.shape.map((_, i) => i)): Node {
    const shape = a.shape.filter((_, axis) => !axes.includes(axis));
    return this.make("sum", { axes }, [a], shape);
  }

  mean(a: Node, axes?: readonly number[]): Node {
    const sum = this.sum(a, axes);
    return this.scale(sum, volume(sum.shape) / volume(a.shape));
  }

  expand(a: Node, shape: Shape): Node {
    return this.make("expand", { shape }, [a], shape);
  }

  reshape(a: Node, shape: Shape): Node {
    check(volume(a.shape) === volume(shape), "reshape", [a], shape);
    return this.make("reshape", { shape }, [a], shape);
  }

  transpose(a: Node, order: readonly number[]): Node {
    const shape = order.map((axis) => a.shape[axis]);
    return this.make("transpose", { order }, [a], shape);
  }

  concat(parts: readonly Node[], axis = 0): Node {
    const shape = [...parts[0].shape];
    shape[axis] = parts.reduce((sum, part) => sum + part.shape[axis], 0);
    return this.make("concat", { axis }, parts, shape);
  }

  /** Along one axis. */
  slice(a: Node, axis: number, from: number, to: number): Node {
    return this.crop(
      a,
      a.shape.map((_, i) => (i === axis ? from : 0)),
      a.shape.map((extent, i) => (i === axis ? to : extent)),
    );
  }

  /** Between two corners. */
  crop(a: Node, from: readonly number[], to: readonly number[]): Node {
    const shape = to.map((end, axis) => end - from[axis]);
    const inside = from.every(
      (start, axis) =>
        start >= 0 && shape[axis] > 0 && to[axis] <= a.shape[axis],
    );
    check(inside, "slice", [a], shape);
    return this.make("slice", { from, to }, [a], shape);
  }

  pad(a: Node, before: readonly number[], after: readonly number[]): Node {
    const shape = a.shape.map(
      (extent, axis) => before[axis] + extent + after[axis],
    );
    return this.make("pad", { before, after }, [a], shape);
  }

  matmul(
    a: Node,
    b: Node,
    { transposeA = false, transposeB = false } = {},
  ): Node {
    const [rows, inner] = transposeA ? [...a.shape].reverse() : a.shape;
    const [other, columns] = transposeB ? [...b.shape].reverse() : b.shape;
    const shape = [rows, columns];
    check(inner === other, "matmul", [a, b], shape);
    return this.make("matmul", { transposeA, transposeB }, [a, b], shape);
  }

  batchMatmul(
    a: Node,
    b: Node,
    { transposeA = false, transposeB = false } = {},
  ): Node {
    const [n, ...left] = a.shape;
    const [count, ...right] = b.shape;
    const [rows, inner] = transposeA ? left.reverse() : left;
    const [other, columns] = transposeB ? right.reverse() : right;
    const shape = [n, rows, columns];
    check(inner === other && n === count, "batchMatmul", [a, b], shape);
    return this.make("batchMatmul", { transposeA, transposeB }, [a, b], shape);
  }

  convolve(image: Node, weight: Node, c: Convolution): Node {
    if (isUnpaddedWhole(c))
      return this.matmul(
        this.reshape(image, [c.batch, weight.shape[1]]),
        weight,
        { transposeB: true },
      );
    return this.make("convolve", c, [image, weight], mapShape(c));
  }

  spread(map: Node, weight: Node, c: Convolution): Node {
    if (isUnpaddedWhole(c))
      return this.reshape(this.matmul(map, weight), imageShape(c));
    return this.make("spread", c, [map, weight], imageShape(c));
  }

  correlate(image: Node, map: Node, c: Convolution): Node {
    const shape = [c.filters, c.kernel * c.kernel * c.channels];
    if (isUnpaddedWhole(c))
      return this.matmul(map, this.reshape(image, [c.batch, shape[1]]), {
        transposeA: true,
      });
    return this.make("correlate", c, [image, map], shape);
  }

  /** Sums what broadcasting repeated, so that a gradient has its value's shape again. */
  sumTo(a: Node, shape: Shape): Node {
    const added = a.shape.length - shape.length;
    const axes = a.shape.flatMap((extent, axis) =>
      axis < added || (shape[axis - added] === 1 && extent > 1) ? [axis] : [],
    );
    if (axes.length === 0) return this.reshape(a, shape);
    return this.reshape(this.sum(a, axes), shape);
  }

  private binary(
    kind: "add" | "subtract" | "multiply" | "divide",
    a: Node,
    b: Node,
  ): Node {
    return this.make(kind, {}, [a, b], broadcast(a, b));
  }

  private make<K extends OperationKind>(
    kind: K,
    attributes: Operations[K],
    inputs: readonly Node[],
    shape: Shape,
  ): Node {
    const node = { id: this.known.size, kind, attributes, inputs, shape };
    const simpler = simplify(this, node);
    if (simpler) return simpler;
    const better = this.rewrite(this, node);
    if (better) return better;
    const key = `${kind} ${JSON.stringify(attributes)} ${inputs.map(({ id }) => id).join()} [${shape.join()}]`;
    const same = this.known.get(key);
    if (same) return same;
    this.known.set(key, node);
    return node;
  }
}

/** NumPy's rule, checked. */
function broadcast(a: Node, b: Node): Shape {
  const rank = Math.max(a.shape.length, b.shape.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a.shape[axis - rank + a.shape.length] ?? 1;
    const right = b.shape[axis - rank + b.shape.length] ?? 1;
    check(
      left === right || left === 1 || right === 1,
      "broadcast",
      [a, b],
      a.shape,
    );
    return Math.max(left, right);
  });
}

function imageShape(c: Convolution): Shape {
  return [c.batch * c.height * c.width, c.channels];
}

function mapShape(c: Convolution): Shape {
  return [c.batch * c.mapHeight * c.mapWidth, c.filters];
}

function check(
  fits: boolean,
  what: string,
  inputs: readonly Node[],
  shape: Shape,
): void {
  if (fits) return;
  const given = inputs
    .map((node) => `[${node.shape.join(", ")}]`)
    .join(" and ");
  throw new Error(`${what} cannot make [${shape.join(", ")}] of ${given}.`);
}
