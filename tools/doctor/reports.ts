/** Ways of failing that people ask about in public again and again, rebuilt as runs of this product. */
import { fittedTo, withChanges } from "../../src/shared/settings/change";
import type { SettingChange } from "../../src/shared/settings/change";
import type { FindingId } from "../../src/shared/doctor/finding";
import { findPreset } from "../../src/shared/settings/presets";
import type { TrainingSettings } from "../../src/shared/settings/settings";

export interface Report {
  id: string;
  /** As people put it. */
  words: string;
  /** Verdicts that are right. */
  right: FindingId[];
  preset: string;
  steps: number;
  changes: SettingChange[];
  /** A grey border around every image. */
  bordered?: boolean;
}

const side = 16;
const mlp = { preset: "wiseodd-mlp", steps: 2000 } as const;
const { generator, discriminator } = findPreset("wiseodd-mlp")?.settings ?? {};
/** Of 28 x 28 pixels, made to draw as many as reports have. */
const drawing = (generator?.layers ?? []).map((layer) =>
  layer.type === "dense" && layer.units === 28 ** 2
    ? { ...layer, units: side ** 2 }
    : layer,
);
const layers = discriminator?.layers ?? [];

export const reports: Report[] = [
  {
    ...mlp,
    id: "d-loss-zero",
    words: "D loss goes to 0 and stays there",
    right: ["d-wins"],
    changes: [
      ["learningRateD", 1e-3],
      ["learningRateG", 1e-5],
    ],
  },
  {
    ...mlp,
    id: "all-ones",
    words: "D(x) is 1, D(G(z)) is 0, and G loss keeps growing",
    right: ["d-wins"],
    changes: [["learningRateG", 2e-6]],
  },
  {
    ...mlp,
    id: "small-data",
    words: "mode collapse on 100 images",
    right: ["too-little-data", "collapse", "copies", "d-memorises"],
    steps: 1500,
    changes: [["data.limit", { count: 100, pick: "first" }]],
  },
  {
    ...mlp,
    id: "tanh-unit",
    words: "Tanh in G, images scaled to 0 … 1",
    right: ["d-wins", "collapse", "no-learning"],
    changes: [
      ["generator.layers", [...drawing.slice(0, -1), { type: "tanh" }]],
    ],
  },
  {
    ...mlp,
    id: "one-pattern",
    words: "every sample is the same, whatever the noise",
    right: ["collapse"],
    changes: [["learningRateG", 5e-3]],
  },
  {
    ...mlp,
    id: "rate-too-high",
    words: "losses jump, G loss is 50",
    right: ["rate-too-high", "diverged"],
    changes: [["learningRate", 0.02]],
  },
  {
    ...mlp,
    id: "d-rate-nan",
    words: "loss is NaN or in the thousands",
    right: ["rate-too-high", "diverged", "d-wins"],
    changes: [["learningRateD", 0.1]],
  },
  {
    ...mlp,
    id: "sigmoid-twice",
    words: "sigmoid in the model and in the loss: losses stand still",
    right: ["no-learning", "collapse", "d-wins"],
    changes: [
      ["discriminator.layers", [...layers, { type: "sigmoid", name: "again" }]],
    ],
  },
  {
    ...mlp,
    id: "wgan-no-clip",
    words: "WGAN without clipping: the critic's loss runs away",
    right: ["diverged", "rate-too-high", "collapse"],
    changes: [
      ["objective.loss", "wasserstein"],
      ["discriminator.layers", layers.slice(0, -1)],
    ],
  },
  {
    ...mlp,
    id: "minimax",
    words: "the paper's own loss, with a D that is far ahead",
    right: ["d-wins"],
    changes: [
      ["objective.loss", "minimax"],
      ["learningRateD", 5e-3],
    ],
  },
  {
    ...mlp,
    id: "sgd",
    words: "plain SGD with Adam's rate: nothing changes",
    right: ["no-learning"],
    changes: [
      [
        "optimizers.generator",
        { type: "sgd", learningRate: 2e-4, momentum: 0 },
      ],
      [
        "optimizers.discriminator",
        { type: "sgd", learningRate: 2e-4, momentum: 0 },
      ],
    ],
  },
  {
    ...mlp,
    id: "grey-border",
    words: "padded images: D is right at once",
    right: ["data-shortcut"],
    changes: [["learningRateG", 2e-6]],
    bordered: true,
  },
];

export function settingsOfReport(
  { preset, steps, changes }: Report,
  source: string,
): TrainingSettings {
  const found = findPreset(preset);
  if (!found) throw new Error(`There is no preset ${preset}.`);
  const { settings } = found;
  const small = withChanges(settings, [
    ["data.source", source],
    ["data.size", side],
    ["data.strokesSeed", source === "strokes" ? 0 : null],
    ["data.heldOut", 0.1],
    ["schedule.length", { unit: "steps", count: steps }],
    ["checkpoints.everySteps", steps / 10],
    ["sampling.cadences", []],
    ["engine.id", "onnx"],
    ["engine.threads", 1],
    ["engine.spinning", false],
    ["seed", 7],
  ]);
  const fitted = fittedTo(settings, small);
  // Networks are fitted to the size first, so that a changed one is fitted likewise.
  return withChanges(fitted, changes);
}
