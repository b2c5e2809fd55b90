/** In which order a run reaches the disk, so that a power cut at any moment leaves it whole. */
import { basename, dirname } from "node:path";
import { expect, test } from "vitest";
import { FaultyLayer } from "./faulty-layer";
import { finishedRun, temporaryStore } from "./library";

test("what gets its name is on the disk before, and the name after", async () => {
  const operations = await operationsOfARun();
  const renames = operations.flatMap((operation, at) => {
    const [, path] = /^rename (.*)$/.exec(operation) ?? [];
    return path === undefined ? [] : [{ path, at }];
  });
  expect(renames.length).toBeGreaterThan(10);
  for (const { path, at } of renames) {
    expect(operations[at + 1]).toBe(`syncFolder ${dirname(path)}`);
    const beside = `/.${basename(path)}.`;
    const isFile = basename(path).includes(".");
    const before = operations
      .slice(0, at)
      .findLast((operation) => operation.includes(beside));
    if (isFile) expect(before, path).toMatch(/^sync /);
  }
});

test("a checkpoint and an end come after the steps that they count", async () => {
  const operations = await operationsOfARun();
  const lastOfTheLog = (at: number) =>
    operations
      .slice(0, at)
      .findLast((operation) => operation.includes("tfevents"));
  for (const step of [10, 20, 30, 40]) {
    const at = placeOf(operations, "rename", `step-0000${step}.safetensors`);
    expect(lastOfTheLog(at), `${step}`).toMatch(/^sync /);
  }
  const end = operations.findLastIndex((operation) =>
    /^rename .*run\.json$/.test(operation),
  );
  expect(lastOfTheLog(end)).toMatch(/^sync /);
});

test("an old checkpoint goes only when a newer one is there", async () => {
  const operations = await operationsOfARun();
  const gone = placeOf(operations, "remove", "step-000010.safetensors");
  const newer = placeOf(operations, "rename", "step-000030.safetensors");
  expect(gone).toBeGreaterThan(newer);
});

async function operationsOfARun(): Promise<string[]> {
  const files = new FaultyLayer();
  await finishedRun(await temporaryStore(files), 40);
  return files.operations.filter((operation) => !/lock$/.test(operation));
}

function placeOf(
  operations: readonly string[],
  kind: string,
  file: string,
): number {
  const at = operations.findIndex(
    (operation) => operation.startsWith(kind) && operation.endsWith(file),
  );
  expect(at, `${kind} ${file}`).toBeGreaterThanOrEqual(0);
  return at;
}
