/** Which checkpoints stay, by what their marks say, and how a file of tensors lies on the disk. */
import { describe, expect, test } from "vitest";
import type { CheckpointMark } from "../../src/main/runs/checkpoints/checkpoint-file";
import {
  prunable,
  readMarks,
} from "../../src/main/runs/checkpoints/checkpoints";
import {
  encodeSafetensors,
  safetensorsHeaderBytes,
  safetensorsPieces,
} from "../../src/main/runs/checkpoints/safetensors";
import { discriminatorEquilibrium } from "../../src/shared/curves/loss-scale";
import { stepMetrics } from "../../src/shared/metrics";
import { finishedRun, temporaryStore, tinySettings, valueAt } from "./library";

describe("of scheduled checkpoints", () => {
  const marks = (imbalances: (number | null)[]): CheckpointMark[] =>
    imbalances.map((imbalance, at) => ({
      step: 10 * (at + 1),
      reason: "scheduled",
      imbalance,
    }));
  const settings = { everySteps: 10, everyMinutes: null, keepLast: 2 };

  test("the last stay, and the one whose losses were nearest to balance", () => {
    const some = marks([0.5, 0.1, 0.4, 0.3, 0.2]);
    const best = { ...settings, keepBest: true };
    expect(prunable(some, best)).toEqual([10, 30]);
    expect(prunable(some, { ...best, keepBest: false })).toEqual([10, 20, 30]);
    expect(prunable(marks([null, 0.4, null, 0.3]), best)).toEqual([10, 20]);
    expect(prunable(marks([null, 0.4, null, null]), best)).toEqual([10]);
  });

  test("where samples were measured, the nearest to real images stays instead", () => {
    const some = marks([0.5, 0.1, 0.4, 0.3, 0.2]);
    const best = { ...settings, keepBest: true };
    const measured = new Map([
      [10, 7],
      [30, 6],
    ]);
    expect(prunable(some, best, measured)).toEqual([10, 20]);
  });

  test("one for safety goes when there is a newer one of any kind", () => {
    const [first, second, third] = marks([0.5, null, 0.4]);
    const safety = { ...second, reason: "safety" as const };
    const keep = { ...settings, keepBest: false };
    expect(prunable([first, safety], keep)).toEqual([]);
    expect(prunable([first, safety, third], keep)).toEqual([20]);
  });

  test("balance is known from D's mean loss since the one before", async () => {
    const store = await temporaryStore();
    const id = await finishedRun(store, 20);
    const column = stepMetrics.indexOf("loss/discriminator");
    const balance = discriminatorEquilibrium(tinySettings.objective, "own");
    const expected = [1, 11].map((first) => {
      let sum = 0;
      for (let step = first; step < first + 10; step++)
        sum += valueAt(step, column);
      return Math.abs(sum / 10 - balance);
    });
    const found = await readMarks(store.folder(id));
    expect(found.map(({ step }) => step)).toEqual([10, 20]);
    found.forEach(({ imbalance }, at) => {
      expect(imbalance).toBeCloseTo(expected[at], 5);
    });
  });
});

test.each(["", "a", "abcd", "abcdefg"])(
  "tensors begin at a multiple of eight bytes, so that readers may map them (%j)",
  (note) => {
    const data = Float32Array.of(1);
    const tensors = new Map([
      ["a", { type: "F32" as const, shape: [1], data }],
    ]);
    const bytes = encodeSafetensors({ tensors, metadata: { note } });
    expect(safetensorsHeaderBytes(bytes) % 8).toBe(0);
    expect(bytes.length).toBe(safetensorsHeaderBytes(bytes) + 4);
  },
);

test("pieces are the same bytes, and large tensors are not copied", () => {
  const tensor = (values: number) => {
    const data = Float32Array.from({ length: values }, (_, i) => i);
    return { type: "F32" as const, shape: [values], data };
  };
  const large = tensor(2 ** 18);
  const tensors = new Map([
    ["a", tensor(3)],
    ["b", large],
    ["c", tensor(5)],
    ["d", tensor(7)],
  ]);
  const file = { tensors, metadata: {} };
  const pieces = safetensorsPieces(file);
  expect(pieces).toHaveLength(3);
  expect(pieces[1].buffer).toBe(large.data.buffer);
  expect(Buffer.concat(pieces).equals(encodeSafetensors(file))).toBe(true);
});
