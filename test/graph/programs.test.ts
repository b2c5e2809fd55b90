/** What a step computes once, which its figures do not show. */
import { describe, expect, it } from "vitest";
import type { Node } from "../../src/main/graph/node";
import { isKind } from "../../src/main/graph/node";
import { outputNames } from "../../src/main/graph/program";
import { Programs } from "../../src/main/graph/programs";
import { layerTypes } from "../../src/shared/layers";
import { lossNames } from "../../src/shared/losses";
import { engineCases } from "../engine/cases";
import { metricsWith, stepMetrics } from "../../src/shared/metrics";
import type { StepMetric } from "../../src/shared/metrics";
import type { TrainingSettings } from "../../src/shared/settings/settings";
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

const [{ settings: plain }] = presets;
const improved: typeof plain = {
  ...plain,
  improvements: {
    ...plain.improvements,
    penalties: { interpolated: 10, real: 1, fake: 1 },
    augmentation: {
      color: true,
      translation: true,
      cutout: true,
      probability: 0.1,
      adaptive: { target: 0.6, swing: 1000 },
    },
  },
};

/** What the trainer decides, and so knows without a step. */
const ofTrainer: StepMetric[] = [
  "rate/discriminator",
  "rate/generator",
  "augmentation/probability",
];

it.each([
  ["plain", plain],
  ["improved", improved],
])("a %s step gives every metric of its settings", (_, settings) => {
  const given = metricsOf(settings).inputs.map((figure) =>
    isKind(figure, "constant") ? figure.attributes.value : null,
  );
  const absent = stepMetrics.filter((_, index) => Number.isNaN(given[index]));
  const expected = metricsWith(settings).filter(
    (metric) => !ofTrainer.includes(metric),
  );
  expect(expected.filter((metric) => absent.includes(metric))).toEqual([]);
});

it("of every loss and every layer has a case that PyTorch computed too", () => {
  const models = engineCases.map(({ model }) => model);
  expect(new Set(models.map(({ objective }) => objective.loss))).toEqual(
    new Set(lossNames),
  );
  const layers = models.flatMap(({ generator, discriminator }) => [
    ...generator.layers,
    ...discriminator.layers,
  ]);
  expect(new Set(layers.map(({ type }) => type))).toEqual(new Set(layerTypes));
});

/** The rows of every forward product with the first weights of the discriminator. */
function batchesThroughDiscriminator(id: string): number[] {
  const preset = presets.find((it) => it.id === id);
  if (!preset) throw new Error(`There is no preset ${id}.`);
  const { settings } = preset;
  const [first] = settings.discriminator.layers.filter(
    ({ type }) => type === "dense",
  );
  const units = first.type === "dense" ? first.units : 0;
  const [pixels] = [settings.data.size ** 2 * settings.data.channels];
  return nodesBelow([metricsOf(settings)])
    .filter((node) => isKind(node, "matmul") && node.attributes.transposeB)
    .filter(
      ({ inputs: [, weight] }) => weight.shape.join() === `${units},${pixels}`,
    )
    .map(({ shape: [rows] }) => rows);
}

function metricsOf(settings: TrainingSettings): Node {
  const { outputs } = new Programs(settings).steps(batch, ["both"]);
  const metrics = outputs.get(outputNames.metrics);
  if (!metrics) throw new Error("The step has no metrics.");
  return metrics;
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
