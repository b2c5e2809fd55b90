/**
 * The algebra that keeps graphs small: each rule gives a cheaper expression for a node about to be made, or null.
 * Three matter much: what was repeated along an axis is broadcast instead, factors that are rows are multiplied with
 * each other first, and column sums move through products with a row and vanish where a mean was taken off.
 * Together they are most of what batch normalisation's gradient would cost.
 */
import type { Graph } from "./graph";
import type { Node, OperationKind } from "./node";
import { isKind } from "./node";

type Simplifier = (graph: Graph, node: Node) => Node | null;

const simplifiers: Partial<Record<OperationKind, Simplifier>> = {
  multiply: (graph, node) =>
    withoutExpand(graph, node) ?? simplifyProduct(graph, node),
  add: (graph, node) => withoutExpand(graph, node) ?? simplifySum(graph, node),
  subtract: (graph, node) =>
    withoutExpand(graph, node) ?? simplifySum(graph, node),
  divide: (graph, node) => withoutExpand(graph, node),
  addScaled: (_, { inputs: [y, factor] }) => (valueOf(factor) === 0 ? y : null),
  sum: simplifyReduction,
  reshape: simplifyReshape,
  expand: (graph, node) =>
    sameShape(node, node.inputs[0]) ? node.inputs[0] : refill(graph, node),
  transpose: (_, node) =>
    isKind(node, "transpose") && node.attributes.order.every((a, i) => a === i)
      ? node.inputs[0]
      : null,
  concat: (_, node) => (node.inputs.length === 1 ? node.inputs[0] : null),
  pad: (_, node) => (sameShape(node, node.inputs[0]) ? node.inputs[0] : null),
  slice: (_, node) => (sameShape(node, node.inputs[0]) ? node.inputs[0] : null),
};

/** Gives an equal node that is cheaper, or null where the node is to be made as it is. */
export function simplify(graph: Graph, node: Node): Node | null {
  return simplifiers[node.kind]?.(graph, node) ?? null;
}

/** The number that fills a constant, or null. */
export function valueOf(node: Node): number | null {
  return isKind(node, "constant") ? node.attributes.value : null;
}

/** An operand that only repeats what broadcasting would repeat anyway. */
function withoutExpand(graph: Graph, node: Node): Node | null {
  const [a, b] = node.inputs;
  if (isKind(a, "expand") && sameShape(node, b))
    return remake(graph, node, a.inputs[0], b);
  if (isKind(b, "expand") && sameShape(node, a))
    return remake(graph, node, a, b.inputs[0]);
  return null;
}

function remake(graph: Graph, node: Node, a: Node, b: Node): Node {
  if (isKind(node, "add")) return graph.add(a, b);
  if (isKind(node, "subtract")) return graph.subtract(a, b);
  return isKind(node, "multiply") ? graph.multiply(a, b) : graph.divide(a, b);
}

/** Afterwards the smaller factor is the second, a constant a scalar, and `x * row * row` is `x * (row * row)`. */
function simplifyProduct(graph: Graph, node: Node): Node | null {
  const [a, b] = node.inputs;
  const left = valueOf(a);
  const right = valueOf(b);
  if (left !== null && right !== null)
    return graph.constant(left * right, node.shape);
  if (right === 0 || left === 0) return graph.constant(0, node.shape);
  if (left !== null || (!sameShape(node, a) && sameShape(node, b)))
    return graph.multiply(b, a);
  if (!sameShape(node, a)) return null;
  if (right === 1) return a;
  if (right !== null && b.shape.length > 0) return graph.scale(a, right);
  if (!isKind(a, "multiply") || sameShape(node, b)) return null;
  const [x, row] = a.inputs;
  if (sameShape(node, row) || !sameShape(node, x)) return null;
  return graph.multiply(x, graph.multiply(row, b));
}

function simplifySum(graph: Graph, node: Node): Node | null {
  const [a, b] = node.inputs;
  if (valueOf(b) === 0 && sameShape(node, a)) return a;
  if (isKind(node, "add") && isOuterProduct(a) && isOuterProduct(b))
    return joinOuterProducts(graph, a, b);
  if (isKind(node, "add") && a === b) return graph.scale(a, 2);
  if (valueOf(a) !== 0 || !sameShape(node, b)) return null;
  return isKind(node, "add") ? b : graph.scale(b, -1);
}

/** A sum over the rows of two tall matrices: the gradient of a dense layer's weights over a batch. */
function isOuterProduct(node: Node): node is Node<"matmul"> {
  return (
    isKind(node, "matmul") &&
    node.attributes.transposeA &&
    !node.attributes.transposeB
  );
}

/** a^T b + c^T d = [a; c]^T [b; d]: large results are written once, and the smaller factors copied. */
function joinOuterProducts(
  graph: Graph,
  first: Node<"matmul">,
  second: Node<"matmul">,
): Node {
  const [left, right] = [0, 1].map((side) =>
    graph.concat([first.inputs[side], second.inputs[side]]),
  );
  return graph.matmul(left, right, { transposeA: true });
}

function simplifyReduction(graph: Graph, node: Node): Node | null {
  if (!isKind(node, "sum")) return null;
  const { axes } = node.attributes;
  const [a] = node.inputs;
  if (axes.length === 0) return a;
  const value = valueOf(a);
  const count = axes.reduce((product, axis) => product * a.shape[axis], 1);
  if (value !== null) return graph.constant(value * count, node.shape);
  const isColumnSum = a.shape.length === 2 && axes.join() === "0";
  return isColumnSum ? simplifyColumnSum(graph, a) : null;
}

/** sum(x * row) = sum(x) * row; sum(x - mean(x)) = 0; sum(x + y) = sum(x), where sum(y) is known to be 0. */
function simplifyColumnSum(graph: Graph, a: Node): Node | null {
  const [x, y] = a.inputs;
  if (isKind(a, "multiply") && isRow(y, a) && sameShape(a, x))
    return graph.multiply(graph.sum(x, [0]), asRow(graph, y));
  if (isKind(a, "subtract") && isColumnMeanOf(y, x))
    return graph.constant(0, [a.shape[1]]);
  if (isKind(a, "add") && sameShape(x, y) && sumsToZero(graph, y))
    return graph.sum(x, [0]);
  if (isKind(a, "add") && sameShape(x, y) && sumsToZero(graph, x))
    return graph.sum(y, [0]);
  return null;
}

function sumsToZero(graph: Graph, x: Node): boolean {
  return valueOf(graph.sum(x, [0])) === 0;
}

function isRow(x: Node, matrix: Node): boolean {
  const [rows, columns] = x.shape.length === 2 ? x.shape : [1, x.shape[0]];
  return x.shape.length === 0 || (rows === 1 && columns === matrix.shape[1]);
}

function asRow(graph: Graph, x: Node): Node {
  return x.shape.length === 2 ? graph.reshape(x, [x.shape[1]]) : x;
}

function isColumnMeanOf(mean: Node, x: Node): boolean {
  if (!isKind(mean, "multiply")) return false;
  const [sum, factor] = mean.inputs;
  return (
    isKind(sum, "sum") &&
    sum.inputs[0] === x &&
    sum.attributes.axes.join() === "0" &&
    valueOf(factor) === 1 / x.shape[0]
  );
}

function simplifyReshape(graph: Graph, node: Node): Node | null {
  const [a] = node.inputs;
  if (sameShape(node, a)) return a;
  if (isKind(a, "reshape")) return graph.reshape(a.inputs[0], node.shape);
  return refill(graph, node);
}

function refill(graph: Graph, node: Node): Node | null {
  const value = valueOf(node.inputs[0]);
  return value === null ? null : graph.constant(value, node.shape);
}

function sameShape(a: Node, b: Node): boolean {
  return a.shape.join() === b.shape.join();
}
