/** What an imported file may hold, and that nothing is left of one that is beyond it. */
import { readdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  encodeFileVersion,
  encodeScalars,
} from "../../src/main/runs/curves/tensorboard/messages";
import { frameRecord } from "../../src/main/runs/curves/tensorboard/records";
import { recordFile, runsFolder } from "../../src/main/runs/folder/layout";
import { finishedRun, temporaryFolder, temporaryStore } from "./library";

function logOf(tags: number): Buffer {
  const scalar = (index: number) =>
    encodeScalars(1, 1, [{ tag: `tag/${index}`, value: index }]);
  return Buffer.concat([
    frameRecord(encodeFileVersion(1)),
    ...Array.from({ length: tags }, (_, index) => frameRecord(scalar(index))),
  ]);
}

const numbers = (count: number) =>
  Array.from({ length: count }, (_, index) => index);

test.each<[string, string, string | Buffer, RegExp]>([
  [
    "a log of 20,000 tags",
    "events.out.tfevents.1.x",
    logOf(20_000),
    /more than 1,000 metrics/,
  ],
  [
    "a table of 2,000 columns",
    "wide.csv",
    `${numbers(2000)
      .map((index) => `c${index}`)
      .join()}\n${numbers(2000).join()}\n`,
    /more than 1,000 metrics/,
  ],
  [
    "a table of more than 800,000 cells",
    "large.csv",
    `step,loss\n${"1,2\n".repeat(500_001)}`,
    /more than 800,000 values of a text/,
  ],
  [
    "lists in lists",
    "lists.json",
    `[${"[[[[[1]]]]],".repeat(200_000)}1]`,
    /more than 800,000 values of a text/,
  ],
  [
    "lines that each name another figure",
    "stats.jsonl",
    numbers(1500)
      .map((index) => `{"f${index}": ${index}}`)
      .join("\n"),
    /more than 1,000 metrics/,
  ],
])("%s is refused in one sentence", async (_, name, content, reason) => {
  const store = await temporaryStore();
  const path = join(await temporaryFolder(), name);
  await writeFile(path, content);
  const failure = store.importFile(path);
  await expect(failure).rejects.toThrow(reason);
  await expect(failure).rejects.toThrow(
    /an import takes at most 1,000 metrics, 1,000,000 rows, 2,000,000 values \(800,000 of a text\)/,
  );
  expect(await readdir(runsFolder(store.library))).toEqual([]);
});

test("JSON that is nested without end is refused in one sentence", async () => {
  const store = await temporaryStore();
  const path = join(await temporaryFolder(), "deep.jsonl");
  await writeFile(path, `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}\n`);
  await expect(store.importFile(path)).rejects.toThrow(
    /^A value lies more than 50 levels deep/,
  );
});

test("a table of gigabytes is refused before it is read", async () => {
  const store = await temporaryStore();
  const path = join(await temporaryFolder(), "huge.csv");
  await writeFile(path, "step,loss\n1,2\n");
  await truncate(path, 3 * 2 ** 30);
  await expect(store.importFile(path)).rejects.toThrow(
    /huge.csv holds more than 64 MiB of text/,
  );
});

test("a record of megabytes is not read, and the list says why", async () => {
  const store = await temporaryStore();
  const id = await finishedRun(store);
  await truncate(recordFile(store.folder(id)), 5 * 2 ** 20);
  expect(await store.list()).toMatchObject([
    {
      kind: "damaged",
      id,
      reason:
        "Its run.json is too large: it has 5.0 MiB, and at most 4 are allowed.",
    },
  ]);
});
