import { expect, test } from "vitest";
import { z } from "zod";
import { schemaAt } from "../../src/shared/bounds";
import { settingRows } from "../../src/shared/settings/differences";
import { presets } from "../../src/shared/settings/presets";
import { settingsSchema } from "../../src/shared/settings/settings";
import type { SettingWords } from "../../src/shared/settings/words";
import { settingInWords, settingWords } from "../../src/shared/settings/words";

const rows = settingRows(presets.map(({ settings }) => settings));
const worded: Readonly<Record<string, SettingWords>> = settingWords;

test("every setting has words of its own, which no other has", () => {
  const labels = rows.map(({ label }) => label);
  expect(new Set(labels).size).toBe(labels.length);
  const without = rows.filter(
    ({ path }) =>
      !(path in worded) && !/^optimizers|\.initializers\./.test(path),
  );
  expect(without).toEqual([]);
});

test.each(Object.entries(worded).filter(([, { choices }]) => choices))(
  "%s offers what its schema takes",
  (path, { choices = [] }) => {
    const schema = schemaAt(settingsSchema, path.split("."));
    if (!(schema instanceof z.ZodType)) throw new Error(`No setting ${path}`);
    for (const { value } of choices)
      expect(schema.safeParse(value).success).toBe(true);
    if (schema instanceof z.ZodEnum && path !== "engine.id")
      expect(choices.map(({ value }) => value).toSorted()).toEqual(
        schema.options.toSorted(),
      );
  },
);

test.each([
  ["data.limit", { count: 500, pick: "first" }, "the first 500 images"],
  ["data.limit", null, "all images"],
  ["data.heldOut", 0.1, "10 %"],
  ["data.flip", true, "half of the time"],
  ["schedule.length", { unit: "epochs", count: 20 }, "20 epochs"],
  [
    "sampling.cadences",
    [
      { unit: "step", every: 400, within: "run", at: "end" },
      { unit: "epoch", every: 1 },
    ],
    "every 400 steps, every epoch",
  ],
  [
    "log.cadence",
    { unit: "step", every: 100, within: "epoch", at: "start" },
    "every 100 steps of an epoch, from the first",
  ],
  ["checkpoints.everyMinutes", 5, "5 min"],
  ["optimizers.generator.type", "sgd", "SGD"],
  ["generator.initializers.dense.type", "he-normal", "He normal"],
  ["engine.threads", null, "automatic"],
] as const)("says %s as %j as %s", (path, value, words) => {
  expect(settingInWords(path, value)).toBe(words);
});
