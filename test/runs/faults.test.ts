/** Every write, sync and rename fails once: what is on the disk is old or new, and whoever asked is told. */
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { isActive } from "../../src/shared/run";
import { isLeftover } from "../../src/main/disk/atomic";
import { MetricSeries } from "../../src/main/runs/curves/metric-series";
import { createStore, RunError } from "../../src/main/runs/store";
import type { RecordingTrouble, RunStore } from "../../src/main/runs/store";
import type { TrainingEvent } from "../../src/main/trainer/events";
import { FaultyLayer } from "./faulty-layer";
import type { FaultCode } from "./faulty-layer";
import {
  checkpoint,
  savedAt,
  curve,
  curves,
  finishedRun,
  metrics,
  recordOf,
  samples,
  started,
  temporaryFolder,
  temporaryStore,
  tinySettings,
} from "./library";

// Hundreds of small trainings, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });

const codes: FaultCode[] = ["EIO", "ENOSPC", "EACCES"];

const training: TrainingEvent[] = [
  started,
  metrics(1, 10),
  samples(10),
  checkpoint(10),
  metrics(11, 20),
  { type: "paused", step: 20 },
  { type: "unpaused", step: 20 },
  checkpoint(20),
  metrics(21, 30),
  checkpoint(30),
  { type: "finished", step: 30 },
];

/** Trains into a new run as the host does; gives what its user was told. */
async function train(
  store: RunStore,
): Promise<{ told: string[]; id: string | null }> {
  const told: string[] = [];
  let id: string | null = null;
  const onTrouble = (trouble: RecordingTrouble) => {
    if ("text" in trouble) told.push(trouble.text);
  };
  try {
    const recorder = await store.create({
      settings: tinySettings,
      name: null,
      environment: null,
      parent: null,
      onTrouble,
    });
    id = recorder.id;
    try {
      for (const event of training) await recorder.handle(event);
    } catch (error) {
      told.push(sentence(error));
      await recorder.fail(sentence(error)).catch((failure: unknown) => {
        told.push(sentence(failure));
      });
    }
    await recorder.close();
  } catch (error) {
    told.push(sentence(error));
  }
  return { told, id };
}

/** Only a RunError is one sentence for people. */
function sentence(error: unknown): string {
  expect(error).toBeInstanceOf(RunError);
  return (error as Error).message;
}

/** Nothing in a library is damaged: each run opens, each checkpoint loads, each curve is whole. */
async function expectSound(library: string, after: string): Promise<void> {
  const store = await createStore(library);
  for (const listing of await store.list()) {
    if (listing.kind === "damaged") throw new Error(listing.reason);
    const { record, checkpoints } = listing;
    expect(isActive(record.state), after).toBe(false);
    for (const step of checkpoints)
      expect(await store.readCheckpoint(record.id, step)).toEqual(
        savedAt(step),
      );
    const folder = store.folder(record.id);
    const names = (await readdir(folder, { recursive: true })).map((name) =>
      basename(name),
    );
    expect(names.filter(isLeftover), after).toEqual([]);
    const { damaged, groups } = await new MetricSeries(folder).read();
    expect(damaged).toBe(0);
    const { steps } = curve(groups, "score/real");
    expect(steps).toEqual(Array.from(steps, (_, index) => index + 1));
    expect(steps.length).toBeGreaterThanOrEqual(checkpoints.at(-1) ?? 0);
  }
}

/** 1 to `count`, eight at a time, because they mostly wait for the disk. */
async function forEach(
  count: number,
  work: (n: number) => Promise<void>,
): Promise<void> {
  let next = 1;
  const worker = async () => {
    while (next <= count) await work(next++);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

async function countOperations(
  work: (store: RunStore) => Promise<unknown>,
  prepare: (store: RunStore) => Promise<unknown> = () => Promise.resolve(),
): Promise<number> {
  const files = new FaultyLayer();
  const store = await temporaryStore(files);
  await prepare(store);
  const before = files.operations.length;
  await work(store);
  return files.operations.length - before;
}

describe.each(codes)("while a run is recorded, %s at any operation", (code) => {
  test("leaves every run readable and is told", async () => {
    const operations = await countOperations(train);
    expect(operations).toBeGreaterThan(60);
    await forEach(operations, async (n) => {
      const files = new FaultyLayer();
      const store = await temporaryStore(files);
      files.failAt(n, code);
      const { told } = await train(store);
      if (files.failed === null) return;
      expect(told, `${code} at ${files.failed} was swallowed`).not.toEqual([]);
      await expectSound(store.library, files.failed);
    });
  });
});

test("a disk that is full for a while loses nothing, whenever that begins", async () => {
  const operations = await countOperations(train);
  for (let n = 12; n <= operations; n += 3) {
    const files = new FaultyLayer();
    const store = await temporaryStore(files);
    files.failAt(n, "ENOSPC", 5);
    const { told, id } = await train(store);
    if (id === null || files.failed?.includes("lock")) continue;
    expect(told[0]).toMatch(/disk is full/);
    const { record, checkpoints } = await recordOf(store, id);
    expect(record.state, files.failed ?? "").toBe("finished");
    expect(checkpoints).toEqual([20, 30]);
    expect(curve(await curves(store, id), "score/real").steps).toHaveLength(30);
  }
});

test.each([
  ["ENOSPC", "The disk is full"],
  ["EDQUOT", "The disk is full"],
  ["EMFILE", "The system lets no more files be opened"],
  ["ENFILE", "The system lets no more files be opened"],
] as const)(
  "a run that waits for room shows as paused with the reason, and goes on (%s)",
  async (code, reason) => {
    const files = new FaultyLayer();
    const store = await temporaryStore(files);
    const states: string[] = [];
    const recorder = await store.create({
      settings: tinySettings,
      name: "waits",
      environment: null,
      parent: null,
      onTrouble: ({ type }) => {
        states.push(`${type}: ${recorder.record.state}`);
      },
    });
    await recorder.handle(started);
    await recorder.handle(metrics(1, 10));
    await recorder.handle(checkpoint(10));
    files.failAt(1, code, 3);
    await recorder.handle(metrics(11, 20));
    await recorder.handle(checkpoint(20));
    await expect.poll(() => states, { timeout: 10_000 }).toHaveLength(2);
    await recorder.handle({ type: "finished", step: 20 });
    expect(states).toEqual(["disk-full: paused", "disk-has-room: training"]);
    expect(recorder.record.state).toBe("finished");
    expect(recorder.record.events).toMatchObject([
      {
        type: "disk-full",
        text: `${reason}, so the run "waits" waits; it resumes by itself when there is room.`,
      },
    ]);
  },
);

describe.each(codes)("%s at any operation of the library", (code) => {
  test.each<
    [string, (store: RunStore, id: string, folder: string) => Promise<unknown>]
  >([
    ["an edit", (store, id) => store.edit(id, { name: "new" })],
    ["a deletion", (store, id) => store.remove([id])],
    [
      "a deletion that is undone",
      async (store, id) => {
        await store.remove([id]);
        await store.restore([id]);
      },
    ],
    [
      "an export and import",
      async (store, id, folder) => {
        const path = join(folder, "run.zip");
        await store.exportBundle(id, path);
        await store.importFile(path);
      },
    ],
    [
      "a resume",
      async (store, id) => {
        const { recorder } = await store.reopen(id);
        await recorder.close();
      },
    ],
  ])("%s leaves old or new", async (_, act) => {
    const prepared = (store: RunStore) => finishedRun(store, 10);
    for (let n = 1; ; n++) {
      const files = new FaultyLayer();
      const store = await temporaryStore(files);
      const id = await prepared(store);
      const folder = await temporaryFolder();
      files.failAt(n, code);
      const outcome = await act(store, id, folder).then(
        () => "done",
        (error: unknown) => sentence(error),
      );
      if (files.failed === null) break;
      expect(outcome, `${code} at ${files.failed} was swallowed`).not.toBe(
        "done",
      );
      await store.close().catch(() => undefined);
      await expectSound(store.library, files.failed);
      const left = await readdir(folder);
      expect(left.filter((name) => name.startsWith("."))).toEqual([]);
    }
  });
});
