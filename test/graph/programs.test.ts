/** What a step computes once, which its figures do not show. */
import { describe, expect, it } from "vitest";
import type { Node } from "../../src/main/graph/node";
import { isKind } from "../../src/main/graph/node";
import { outputNames } from "../../src/main/graph/program";
import { Programs } from "../../src/main/graph/programs";
import { presets } from "../../src/shared/settings/presets";

const batch = 4;

describe("a step", () => {
  it("sends images that both losses see through the discriminator once", () => {
    expect(batchesThroughDiscriminator("jrtechs-gan")).toEqual([batch, batch]);
  });

  it("sends real and fake through the discriminator as one batch elsewhere", () => {
    expect(batchesThroughDiscriminator("jaketae-mlp").sort()).toEqual([
      batch,
      2 * batch,
    ]);
  });
});

/** The rows of every forward product with the first weights of the discriminator. */
function batchesThroughDiscriminator(id: string): number[] {
  const preset = presets.find((it) => it.id === id);
  if (!preset) throw new Error(`There is no preset ${id}.`);
  const { settings } = preset;
  const { outputs } = new Programs(settings).steps(batch, ["both"]);
  const metrics = outputs.get(outputNames.metrics);
  if (!metrics) throw new Error("The step has no metrics.");
  const [first] = settings.discriminator.layers.filter(
    ({ type }) => type === "dense",
  );
  const units = first.type === "dense" ? first.units : 0;
  const [pixels] = [settings.data.size ** 2 * settings.data.channels];
  return nodesBelow([metrics])
    .filter((node) => isKind(node, "matmul") && node.attributes.transposeB)
    .filter(
      ({ inputs: [, weight] }) => weight.shape.join() === `${units},${pixels}`,
    )
    .map(({ shape: [rows] }) => rows);
}

function nodesBelow(nodes: readonly Node[]): Node[] {
  const seen = new Set<Node>();
  const visit = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    node.inputs.forEach(visit);
  };
  nodes.forEach(visit);
  return [...seen];
}
