import { expect, test } from "vitest";
import { applySets } from "../../src/main/cli/set";
import { presets } from "../../src/shared/settings/presets";
import { reproduceCommand } from "../../src/shared/settings/reproduce";
import type { TrainingSettings } from "../../src/shared/settings/settings";

/** What a shell would make of the single-quoted parts. */
function setsOf(command: string): string[] {
  return [...command.matchAll(/--set (?:'((?:[^']|'\\'')*)'|(\S+))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll(`'\\''`, "'") ?? plain,
  );
}

test("a preset as it is needs its name and its seed only", () => {
  expect(reproduceCommand({ ...presets[0].settings, seed: 5 })).toBe(
    "gan-workbench train \\\n  --preset wiseodd-mlp \\\n  --seed 5",
  );
});

test("the command line makes the same settings of it, whatever was changed", () => {
  for (const { settings } of presets) {
    const changed: TrainingSettings = structuredClone(settings);
    changed.data.source = "/it's a folder/ü";
    changed.schedule.length = { unit: "steps", count: 7 };
    changed.optimizers.generator = {
      type: "sgd",
      learningRate: 0.1,
      momentum: 0.5,
    };
    changed.generator.layers.push({ type: "tanh" });
    changed.objective.clip = 0.5;
    expect(applySets(settings, setsOf(reproduceCommand(changed)))).toEqual(
      changed,
    );
  }
});
