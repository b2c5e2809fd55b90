/**
 * The doctor on the curves of trainings with a known fault: three-layer MLPs on strokes of 16 pixels, trained and measured
 * by `tools/calibrate-doctor.ts` with seed 100 and written by `tools/doctor/fixtures.ts`.
 */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { diagnose } from "../../../src/shared/doctor/diagnose";
import { isFault } from "../../../src/shared/doctor/finding";
import type { RecordedRun } from "../../../src/shared/doctor/recorded";
import { faults } from "../../../tools/doctor/faults";

const folder = resolve(import.meta.dirname, "../../fixtures/doctor");

interface Fixture extends Omit<RecordedRun, "groups"> {
  groups: { tags: string[]; steps: number[]; values: (number | null)[][] }[];
}

function recorded(id: string): RecordedRun {
  const text = readFileSync(join(folder, `${id}.json`), "utf8");
  const run = JSON.parse(text) as Fixture;
  return {
    ...run,
    record: { ...run.record, metricNames: {}, summary: {} },
    groups: run.groups.map(({ tags, steps, values }) => ({
      tags,
      steps: Float64Array.from(steps),
      times: new Float64Array(steps.length),
      values: values.map((row) =>
        Float64Array.from(row, (value) => value ?? NaN),
      ),
    })),
  };
}

it.each([
  "d-wins-1-seed-100",
  "d-wins-2-seed-100",
  "rate-too-high-1-seed-100",
  "rate-too-high-3-seed-100",
  "no-learning-1-seed-100",
])("names the fault of %s", (id) => {
  const made = faults.find(({ name }) => id.startsWith(name));
  const { verdict } = diagnose(recorded(id));
  expect(made?.expected).toContain(verdict);
  expect(isFault(verdict)).toBe(true);
});
