/** What is kept of measurements: no value of another stamp in one column, and none in a file or a list without what belongs to it. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { csvLines } from "../../src/main/export/metrics-table";
import {
  readQualityBounds,
  readQualityGroup,
} from "../../src/main/runs/folder/qualities";
import type { Quality } from "../../src/shared/quality";
import { RunTable } from "../../src/main/runs/run-table";
import { rowReader, runQuerySchema } from "../../src/shared/query/page";
import { addRun } from "../export/library";
import { temporaryFolder, temporaryStore } from "./library";
import { measured } from "./measured";

const quality = (run: string, step: number, samples: number): Quality =>
  measured(run, step, {
    fd: { value: step / 10, within: 0.5 },
    precision: { value: 0.5, within: 0.25 },
    samples,
  });

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

test("measurements of the last weights stand apart from those of the average", async () => {
  const { store, id, folder } = await measuredRun();
  const before = await readQualityGroup(folder);
  await store.noteQuality({ ...quality(id, 40, 5000), weights: "last" });
  expect(await readQualityGroup(folder)).toEqual(before);
  expect((await store.qualities(id)).map(({ step }) => step)).toEqual([
    10, 20, 40,
  ]);
  expect(await store.qualities(id, "last")).toMatchObject([
    { step: 40, weights: "last" },
  ]);

  const bundle = join(await temporaryFolder(), "run.zip");
  await store.exportBundle(id, bundle);
  const other = await temporaryStore();
  await other.importFile(bundle);
  expect(await other.qualities(id, "last")).toHaveLength(1);
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

test("a best, a smallest and a largest value and one at a step have theirs, as a median has what its runs share", async () => {
  const { store } = await measuredRun();
  const columns = ["best", "min", "max", "at:30"].map(
    (one) => `${one}:quality/fd`,
  );
  const ask = { columns, page: { from: 0, count: 10 } };
  const table = new RunTable(store);
  const [row] = (await table.query(runQuerySchema.parse(ask))).rows;
  const interval = (low: string, high: string) =>
    `${low} to ${high}, floor 0.2500 (5,000 held-out images, 01234567)`;
  expect(row).toMatchObject({
    cells: [2, 2, 4, 2],
    beside: {
      [columns[0]]: interval("1.5000", "2.5000"),
      [columns[1]]: interval("1.5000", "2.5000"),
      [columns[2]]: interval("3.5000", "4.5000"),
      [columns[3]]: interval("1.5000", "2.5000"),
    },
  });

  const other = await addRun(store, { name: "measured too" });
  await store.noteQuality(quality(other, 40, 5000));
  const grouped = runQuerySchema.parse({ ...ask, group: "preset" });
  expect((await table.query(grouped)).rows[0]).toMatchObject({
    spreads: [{ median: 3, low: 2, high: 4 }, {}, {}, {}],
    beside: { [columns[0]]: "floor 0.2500 (5,000 held-out images, 01234567)" },
  });
  await store.noteQuality(quality(other, 40, 1000));
  expect((await table.query(grouped)).rows[0]).toMatchObject({
    spreads: [null, null, null, {}],
    beside: {
      [columns[0]]: expect.stringContaining("different ways") as string,
    },
  });
});

test("a value whose interval was not kept says so", async () => {
  const { store, id } = await measuredRun();
  const listing = await store.get(id);
  if (listing.kind !== "run") throw new Error("The run is damaged.");
  const { record } = listing;
  delete record.summary["quality/fd"].besideMin;
  const column = "best:quality/fd";
  expect(rowReader([column])({ kind: "run", record })).toMatchObject({
    cells: [2],
    beside: { [column]: expect.stringContaining("was not kept") as string },
  });
});
