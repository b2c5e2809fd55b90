/** Reverse-mode differentiation of a graph, into the same graph. */
import type { Graph } from "./graph";
import type { Node, OperationKind } from "./node";

/** What reaches each input of a node when `gradient` reaches the node; null where it stops. */
type Rule<K extends OperationKind> = (
  graph: Graph,
  node: Node<K>,
  gradient: Node,
) => (Node | null)[];

/** Of a product of matrices, or of stacks of them. */
function productRule(
  product: Graph["matmul"],
  { inputs: [a, b], attributes }: Node<"matmul" | "batchMatmul">,
  dy: Node,
): Node[] {
  const { transposeA, transposeB } = attributes;
  return [
    transposeA
      ? product(b, dy, { transposeA: transposeB, transposeB: true })
      : product(dy, b, { transposeB: !transposeB }),
    transposeB
      ? product(dy, a, { transposeA: true, transposeB: transposeA })
      : product(a, dy, { transposeA: !transposeA }),
  ];
}

/** One rule for every operation: a missing one does not compile. */
const rules: { [K in OperationKind]: Rule<K> } = {
  input: () => [],
  floats: () => [null],
  constant: () => [],
  add: (g, { inputs: [a, b] }, dy) => [
    g.sumTo(dy, a.shape),
    g.sumTo(dy, b.shape),
  ],
  subtract: (g, { inputs: [a, b] }, dy) => [
    g.sumTo(dy, a.shape),
    g.sumTo(g.scale(dy, -1), b.shape),
  ],
  multiply: (g, { inputs: [a, b] }, dy) => [
    g.sumTo(g.multiply(dy, b), a.shape),
    g.sumTo(g.multiply(dy, a), b.shape),
  ],
  divide: (g, y, dy) => {
    const [a, b] = y.inputs;
    const da = g.divide(dy, b);
    return [
      g.sumTo(da, a.shape),
      g.sumTo(g.scale(g.multiply(da, y), -1), b.shape),
    ];
  },
  addScaled: (g, { inputs: [, factor, x] }, dy) => [
    dy,
    g.sumTo(g.multiply(dy, x), factor.shape),
    g.multiply(dy, factor),
  ],
  exp: (g, y, dy) => [g.multiply(dy, y)],
  sqrt: (g, y, dy) => [g.divide(dy, g.scale(y, 2))],
  tanh: (g, y, dy) => [g.subtract(dy, g.multiply(dy, g.square(y)))],
  sigmoid: (g, y, dy) => [g.multiply(dy, g.subtract(y, g.square(y)))],
  // The logistic function, but from exp: ONNX Runtime's Sigmoid has no relative accuracy near 0.
  softplus: (g, { inputs: [x] }, dy) => [
    g.divide(dy, g.add(g.exp(g.scale(x, -1)), g.constant(1))),
  ],
  logSoftmax: (g, y, dy) => {
    const rows = g.reshape(g.sum(dy, [1]), [y.shape[0], 1]);
    return [g.subtract(dy, g.multiply(g.exp(y), rows))];
  },
  // From the output, which has the input's sign: so the runtime may fuse the activation into what comes before.
  leakyRelu: (g, y, dy) => [g.multiply(dy, g.slope(y, y.attributes.slope))],
  slope: () => [null],
  after: () => [null],
  clip: (g, y, dy) => {
    const [x] = y.inputs;
    const outside = g.slope(g.square(g.subtract(x, y)), 0);
    return [g.multiply(dy, g.subtract(g.constant(1), outside))];
  },
  sum: (g, y, dy) => {
    const [x] = y.inputs;
    const kept = x.shape.map((extent, axis) =>
      y.attributes.axes.includes(axis) ? 1 : extent,
    );
    return [g.expand(g.reshape(dy, kept), x.shape)];
  },
  expand: (g, { inputs: [x] }, dy) => [g.sumTo(dy, x.shape)],
  reshape: (g, { inputs: [x] }, dy) => [g.reshape(dy, x.shape)],
  transpose: (g, { attributes: { order } }, dy) => [
    g.transpose(
      dy,
      order.map((_, axis) => order.indexOf(axis)),
    ),
  ],
  concat: (g, { inputs, attributes: { axis } }, dy) => {
    let from = 0;
    return inputs.map((part) => {
      const to = from + part.shape[axis];
      const slice = g.slice(dy, axis, from, to);
      from = to;
      return slice;
    });
  },
  slice: (g, { inputs: [x], attributes: { from, to } }, dy) => {
    const after = x.shape.map((extent, axis) => extent - to[axis]);
    return [g.pad(dy, from, after)];
  },
  pad: (g, { inputs: [x], attributes: { before } }, dy) => {
    const to = x.shape.map((extent, axis) => before[axis] + extent);
    return [g.crop(dy, before, to)];
  },
  matmul: (g, node, dy) => productRule((...of) => g.matmul(...of), node, dy),
  batchMatmul: (g, node, dy) =>
    productRule((...of) => g.batchMatmul(...of), node, dy),
  // A convolution is linear in image, map and weights alike; each of the three gives the others' gradients.
  convolve: (g, { inputs: [image, weight], attributes }, dy) => [
    g.spread(dy, weight, attributes),
    g.correlate(image, dy, attributes),
  ],
  spread: (g, { inputs: [map, weight], attributes }, dy) => [
    g.convolve(dy, weight, attributes),
    g.correlate(dy, map, attributes),
  ],
  correlate: (g, { inputs: [image, map], attributes }, dy) => [
    g.spread(map, dy, attributes),
    g.convolve(image, dy, attributes),
  ],
};

/**
 * The gradient of a scalar with respect to each of `parameters`, shaped like it; null where the scalar does not
 * depend on it. What is in `detached` counts as constant: weights that an earlier update made, for one.
 * Baydin et al. 2018, section 3.2, is the textbook form.
 */
export function gradients(
  graph: Graph,
  scalar: Node,
  parameters: readonly Node[],
  detached: ReadonlySet<Node> = new Set(),
): (Node | null)[] {
  const between = dependents(scalar, new Set(parameters), detached);
  const arrived = new Map<Node, Node>([[scalar, graph.constant(1)]]);
  for (const node of [...between].reverse()) {
    const gradient = arrived.get(node);
    if (!gradient) continue;
    const passed = applyRule(graph, node, gradient);
    node.inputs.forEach((input, i) => {
      const part = passed[i];
      if (!part || !between.has(input)) return;
      const before = arrived.get(input);
      arrived.set(input, before ? graph.add(before, part) : part);
    });
  }
  return parameters.map((parameter) =>
    between.has(parameter) ? (arrived.get(parameter) ?? null) : null,
  );
}

function applyRule(graph: Graph, node: Node, gradient: Node): (Node | null)[] {
  const rule = rules[node.kind] as Rule<OperationKind>;
  return rule(graph, node, gradient);
}

/** The nodes between `parameters` and `scalar`, inputs before users. */
function dependents(
  scalar: Node,
  parameters: ReadonlySet<Node>,
  detached: ReadonlySet<Node>,
): ReadonlySet<Node> {
  const order = new Set<Node>();
  const depends = new Map<Node, boolean>();
  const visit = (node: Node): boolean => {
    const known = depends.get(node);
    if (known !== undefined) return known;
    const below = !detached.has(node) && node.inputs.map(visit).includes(true);
    const answer = below || parameters.has(node);
    depends.set(node, answer);
    if (answer) order.add(node);
    return answer;
  };
  visit(scalar);
  return order;
}
