/** What is kept of measurements: no value of another stamp in one column, and none in a file or a list without what belongs to it. */
import { expect, test } from "vitest";
import { csvLines } from "../../src/main/export/metrics-table";
import {
  readQualityBounds,
  readQualityGroup,
} from "../../src/main/runs/folder/qualities";
import { measureNames } from "../../src/shared/quality";
import type { Measures, Quality } from "../../src/shared/quality";
import { rowReader } from "../../src/shared/query/page";
import { addRun } from "../export/library";
import { temporaryStore } from "./library";

function quality(runId: string, step: number, samples: number): Quality {
  const reason = "It is not of this test.";
  const none = Object.fromEntries(
    measureNames.map((name) => [name, { reason }]),
  ) as Measures;
  const at = step / 10;
  return {
    runId,
    step,
    extractor: {
      hash: "0123456789abcdef",
      kind: "classifier",
      features: 64,
      accuracy: 0.99,
    },
    realSet: { title: "digits", hash: "1", count: samples, part: "test part" },
    samples,
    measures: {
      ...none,
      fd: { value: at, low: at - 0.5, high: at + 0.5, floor: 0.25 },
      precision: { value: 0.5, low: 0.25, high: 0.75, ceiling: 0.9 },
    },
  };
}

async function measuredRun() {
  const store = await temporaryStore();
  const id = await addRun(store, { name: "measured" });
  for (const [step, samples] of [
    [10, 1000],
    [20, 5000],
    [40, 5000],
  ])
    await store.noteQuality(quality(id, step, samples));
  return { store, id, folder: store.folder(id) };
}

test("only values of the last stamp stand in one column", async () => {
  const { folder } = await measuredRun();
  const group = await readQualityGroup(folder);
  expect(group?.tags).toEqual(["quality/fd", "quality/precision"]);
  expect([...(group?.steps ?? [])]).toEqual([20, 40]);
  expect(group?.values.map((values) => [...values])).toEqual([
    [2, 4],
    [0.5, 0.5],
  ]);
});

test("a table has the interval and the floor or ceiling beside each value", async () => {
  const { id, folder } = await measuredRun();
  const bounds = await readQualityBounds(folder);
  const groups = bounds ? [bounds] : [];
  const lines = [...csvLines([{ id, stepsPerEpoch: 1, clock: "wall", groups }])]
    .join("")
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(",").slice(3));
  expect(lines).toEqual([
    [
      ...["quality/fd/low", "quality/fd/high", "quality/fd/floor"],
      ...["low", "high", "ceiling"].map((end) => `quality/precision/${end}`),
    ],
    ["1.5", "2.5", "0.25", "0.25", "0.75", "0.9"],
    ["3.5", "4.5", "0.25", "0.25", "0.75", "0.9"],
  ]);
});

test("a row of the history has it too", async () => {
  const { store, id } = await measuredRun();
  const listing = await store.get(id);
  if (listing.kind !== "run") throw new Error("The run is damaged.");
  const column = "last:quality/fd";
  const row = rowReader([column])({ kind: "run", record: listing.record });
  expect(row).toMatchObject({
    cells: [4],
    beside: {
      [column]:
        "3.5000 to 4.5000, floor 0.2500 (5,000 held-out images, 01234567)",
    },
  });
});
