/** What is known to go wrong, said before a run starts; and nothing of what the presets do. */
import { describe, expect, it } from "vitest";
import { withChanges } from "../../src/shared/settings/change";
import type { SettingChange } from "../../src/shared/settings/change";
import { forewarn } from "../../src/shared/settings/forewarn";
import { presets } from "../../src/shared/settings/presets";
import { jaketaeMlp } from "../../src/shared/settings/presets/jaketae-mlp";
import {
  jrtechsGan,
  jrtechsWgan,
} from "../../src/shared/settings/presets/jrtechs";
import { wiseoddMlp } from "../../src/shared/settings/presets/wiseodd-mlp";
import type { Preset } from "../../src/shared/settings/settings";

describe("nothing is said of the presets", () => {
  it.each(presets.map((preset) => [preset.id, preset] as const))(
    "%s",
    (_, { settings }) => {
      const side = settings.data.size;
      expect(forewarn(settings, { side })).toEqual([]);
    },
  );
});

const { layers } = jaketaeMlp.settings.discriminator;
const twice = [...layers, { type: "sigmoid", name: "again" }];

it.each<[string, Preset, SettingChange, RegExp]>([
  ["Tanh on 0 … 1", jaketaeMlp, ["data.range", "unit"], /ends in Tanh/],
  ["Sigmoid on −1 … 1", wiseoddMlp, ["data.range", "symmetric"], /mid-grey/],
  ["Sigmoid twice", jaketaeMlp, ["discriminator.layers", twice], /twice/],
  ["a batch of 1", jaketaeMlp, ["schedule.batchSize", 1], /cancel out/],
  ["a normalised batch of 1", jrtechsGan, ["schedule.batchSize", 1], /mean/],
  ["a critic without bounds", jrtechsWgan, ["objective.clip", null], /critic/],
  ["a high rate", jaketaeMlp, ["learningRateD", 0.02], /^D's learning rate/],
])("%s", (_, { settings }, change, sentence) => {
  const [found, ...others] = forewarn(withChanges(settings, [change]), null);
  expect(found.text).toMatch(sentence);
  expect(others).toEqual([]);
});

describe("plain SGD at a rate for Adam", () => {
  const sgd = (learningRate: number, momentum = 0) => ({
    type: "sgd",
    learningRate,
    momentum,
  });
  const said = (...changes: SettingChange[]) =>
    forewarn(withChanges(jaketaeMlp.settings, changes), null);

  it("is told of both networks, or of the one that has it, with the rate that is usual", () => {
    const g: SettingChange = ["optimizers.generator", sgd(2e-4)];
    const d: SettingChange = ["optimizers.discriminator", sgd(2e-4)];
    expect(said(g, d).map(({ change }) => change)).toEqual([
      ["learningRate", 0.03],
    ]);
    expect(said(d)[0].change).toEqual([
      "optimizers.discriminator.learningRate",
      0.03,
    ]);
    expect(said(d)[0].text).toMatch(
      /^D's learning rate of 0.0002 is one for Adam/,
    );
  });

  it("counts its momentum", () => {
    expect(said(["optimizers.generator", sgd(2e-4, 0.9)])).toEqual([]);
    expect(said(["optimizers.generator", sgd(2e-4, 0.5)])).toHaveLength(1);
  });
});

it("says where images are enlarged", () => {
  const { settings } = jaketaeMlp;
  expect(forewarn(settings, { side: 8 }).map(({ text }) => text)).toEqual([
    "Images of 8 x 8 are enlarged to 28 x 28: that has no more detail, and costs 12 times as much.",
  ]);
});
