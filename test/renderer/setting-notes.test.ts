/** What the form says of a setting. */
import { describe, expect, it } from "vitest";
import { jaketaeMlp } from "../../src/shared/settings/presets/jaketae-mlp";
import {
  aboutSetting,
  rangeOf,
} from "../../src/renderer/views/train/setting-notes";

describe("the note on a setting", () => {
  it.each([
    ["optimizers.generator.learningRate", "above 0 to 10"],
    ["optimizers.discriminator.beta1", "from 0 to below 1"],
    ["schedule.batchSize", "from 1 to 4,096"],
    ["schedule.length.count", "whole numbers from 1"],
    ["checkpoints.everyMinutes", "above 0"],
    ["engine.threads", "from 1 to 256"],
    ["seed", "from 0 to 4,294,967,295"],
    ["objective.loss", null],
  ])("has the range of %s from the schema", (path, range) => {
    expect(rangeOf(path)).toBe(range);
  });

  it("says what it does, its range, and whose value the reset gives back", () => {
    const preset = { base: jaketaeMlp.settings, preset: jaketaeMlp };
    const rate = "optimizers.generator.learningRate";
    const note = aboutSetting(preset, rate, "0.0002");
    expect(note).toMatch(
      /^How far .* Range: above 0 to 10\. Jake Tae: 0\.0002\.$/,
    );
    expect(aboutSetting(preset, "seed", "0")).toMatch(/Default: 0\.$/);
    const run = { ...preset, base: { ...jaketaeMlp.settings } };
    expect(aboutSetting(run, rate, "0.1")).toMatch(/The run before: 0\.1\.$/);
  });
});
