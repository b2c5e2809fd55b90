/** What a run under way does when its files are taken away: it waits or goes on, and makes no folder of its own accord. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import {
  mkdir,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { disk } from "../../src/main/disk/file-layer";
import { lockHolder } from "../../src/main/disk/lock";
import { idOf } from "../../src/shared/run";
import { readRecord } from "../../src/main/runs/folder/record";
import type {
  RecordingTrouble,
  RunChange,
  RunStore,
} from "../../src/main/runs/store";
import { createStore } from "../../src/main/runs/store";
import {
  checkpoint,
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
import { SweepFolder } from "../../src/main/sweep/sweep-folder";

async function training(store: RunStore) {
  const told: RecordingTrouble["type"][] = [];
  const recorder = await store.create({
    settings: tinySettings,
    name: "taken",
    environment: null,
    parent: null,
    onTrouble: ({ type }) => told.push(type),
  });
  await recorder.handle(started);
  await recorder.handle(samples(0));
  await recorder.handle(metrics(1, 10));
  await recorder.handle(checkpoint(10));
  return { recorder, told, folder: store.folder(recorder.id) };
}

function warningsOf(store: RunStore): string[] {
  const warnings: string[] = [];
  store.onChange((change) => {
    if (change.type === "warning") warnings.push(change.text);
  });
  return warnings;
}

const numbers = (count: number) =>
  Array.from({ length: count }, (_, at) => at + 1);

test.each([
  ["broken", (path: string) => writeFile(path, "{")],
  ["deleted", (path: string) => rm(path)],
])(
  "a record that is %s while its run trains is written again from memory",
  async (_, damage) => {
    const store = await temporaryStore();
    const warnings = warningsOf(store);
    const { recorder, folder } = await training(store);
    await store.edit(recorder.id, { notes: "kept" });
    await damage(join(folder, "run.json"));
    await recorder.handle(metrics(11, 20));
    await recorder.handle(checkpoint(20, "final"));
    await recorder.handle({ type: "finished", step: 20 });
    await recorder.close();
    const record = readRecord(folder);
    expect(record).toMatchObject({
      state: "finished",
      notes: "kept",
      progress: { step: 20 },
    });
    expect(record.events.map(({ text }) => text)).toEqual(warnings);
    expect(warnings).toEqual([
      expect.stringMatching(/^The record was .* written again\.$/),
    ]);
  },
);

test("an edit of a record that is broken while its run trains goes through", async () => {
  const store = await temporaryStore();
  const { recorder, folder } = await training(store);
  await writeFile(join(folder, "run.json"), "{");
  await store.edit(recorder.id, { name: "new" });
  expect(readRecord(folder)).toMatchObject({ name: "new", state: "training" });
});

test.each([
  ["deleted", (path: string) => rm(path)],
  [
    "replaced",
    async (path: string) => (await rm(path), writeFile(path, "an older copy")),
  ],
])(
  "an event file that is %s in mid-run is written again, with every step",
  async (_, damage) => {
    const store = await temporaryStore();
    const warnings = warningsOf(store);
    const { recorder, folder } = await training(store);
    const name = (await readdir(folder)).find((file) =>
      file.includes("tfevents"),
    );
    await damage(join(folder, name ?? ""));
    await recorder.handle(metrics(11, 20));
    await recorder.handle({ type: "finished", step: 20 });
    await recorder.close();
    const { steps } = curve(await curves(store, recorder.id), "score/real");
    expect(steps).toEqual(numbers(20));
    expect(warnings).toEqual([
      "The event file was gone; it was written again.",
    ]);
  },
);

/** The event file, without its second half. */
async function cutLog(folder: string): Promise<void> {
  const log = (await readdir(folder)).find((name) => name.includes("tfevents"));
  const path = join(folder, log ?? "");
  await truncate(path, Math.floor((await stat(path)).size / 2));
}

test("an event file that is cut in mid-run costs what was cut, and that is told", async () => {
  const store = await temporaryStore();
  const warnings = warningsOf(store);
  const { recorder, folder } = await training(store);
  await vi.waitFor(() => expect(readRecord(folder).progress.saved).toBe(10));
  await cutLog(folder);
  await recorder.handle(metrics(11, 20));
  await recorder.handle({ type: "finished", step: 20 });
  await recorder.close();
  const { steps } = curve(await curves(store, recorder.id), "score/real");
  expect(steps).toEqual([...numbers(4), ...numbers(20).slice(10)]);
  expect(warnings).toEqual([
    "The event file was cut from outside; the steps in what was cut are lost.",
  ]);
});

test("a run whose event file was cut at rest is resumed, and says which steps are missing", async () => {
  const store = await temporaryStore();
  const warnings = warningsOf(store);
  const id = await finishedRun(store, 30);
  await cutLog(store.folder(id));
  const { recorder } = await store.reopen(id);
  const missing =
    "The event file ends at step 14, before the checkpoint at step 30: the curves lack steps 15 to 30.";
  expect(warnings).toEqual([missing]);
  expect(recorder.record.events.map(({ text }) => text)).toEqual([
    missing,
    "Resumed at step 30.",
  ]);
  await recorder.close();
});

test.each(["run", "library"] as const)(
  "a %s folder that is moved away is waited for, and nothing is lost",
  async (which) => {
    const store = await temporaryStore();
    const { recorder, told, folder } = await training(store);
    const place = which === "run" ? folder : store.library;
    const elsewhere = join(await temporaryFolder(), "elsewhere");
    await rename(place, elsewhere);
    void recorder.handle(metrics(11, 20));
    void recorder.handle(samples(20));
    const saved = recorder.handle(checkpoint(20));
    await vi.waitUntil(() => told.length > 0, 5_000);
    expect(recorder.record).toMatchObject({
      state: "paused",
      reason: expect.stringContaining("was moved or deleted"),
    });
    expect(existsSync(place)).toBe(false);
    await rename(elsewhere, place);
    await saved;
    await recorder.handle({ type: "finished", step: 20 });
    await recorder.close();
    expect(told).toEqual(["folder-gone", "folder-back"]);
    const listing = await recordOf(store, recorder.id);
    expect(listing).toMatchObject({
      record: { state: "finished", reason: null },
      samples: [0, 20],
      checkpoints: [10, 20],
    });
    expect(curve(await curves(store, recorder.id), "score/real").steps).toEqual(
      numbers(20),
    );
  },
);

test("a run whose folder was deleted can be ended, leaves no folder behind, and is gone from the list", async () => {
  const store = await temporaryStore();
  const changes: RunChange[] = [];
  store.onChange((change) => changes.push(change));
  const { recorder, told, folder } = await training(store);
  await rm(folder, { recursive: true, maxRetries: 20 });
  void recorder.handle(metrics(11, 20)).catch(() => undefined);
  const saved = recorder.handle(checkpoint(20));
  saved.catch(() => undefined);
  const drawn = recorder.handle(samples(20)).catch(() => undefined);
  await vi.waitUntil(() => told.length > 0, 5_000);
  expect(changes.filter(({ type }) => type === "removed")).toEqual([]);
  recorder.giveUp();
  await drawn;
  await recorder.fail("stopped").catch(() => undefined);
  expect(existsSync(folder)).toBe(false);
  expect(changes.at(-1)).toEqual({ type: "removed", ids: [recorder.id] });
  expect(await store.list()).toEqual([]);
  expect(existsSync(dirname(folder))).toBe(true);
});

test("a run that another machine took over while this one slept is left to it", async () => {
  const store = await temporaryStore();
  const { recorder, told, folder } = await training(store);
  await vi.waitFor(() => expect(readRecord(folder).progress.saved).toBe(10));
  const owner = { token: "t", pid: 7, host: "node-2", startedAt: null };
  await writeFile(join(folder, "lock"), JSON.stringify(owner));
  // What it does first: it takes the run back to its newest checkpoint, and writes its record.
  const record = { ...readRecord(folder), name: "theirs" };
  const log = (await readdir(folder)).find((file) => file.includes("tfevents"));
  const theirs = {
    "run.json": JSON.stringify(record),
    [log ?? ""]: "their steps",
  };
  for (const [name, text] of Object.entries(theirs)) {
    await rm(join(folder, name));
    await writeFile(join(folder, name), text);
  }
  const files = await readdir(folder, { recursive: true });
  await recorder.handle(metrics(11, 20)).catch(() => undefined);
  await vi.waitFor(() => expect(told).toEqual(["failed"]));
  await expect(recorder.handle(checkpoint(20))).rejects.toThrow(
    "is now trained by process 7 on node-2, which took it over",
  );
  await recorder.fail("told").catch(() => undefined);
  for (const [name, text] of Object.entries(theirs))
    expect(await readFile(join(folder, name), "utf8")).toBe(text);
  expect(await readdir(folder, { recursive: true })).toEqual(files);
  expect(await lockHolder(join(folder, "lock"))).toMatchObject(owner);
});

test("who watches the library is not told that a waiting run is gone", async () => {
  const store = await temporaryStore();
  const changes: RunChange[] = [];
  store.onChange((change) => changes.push(change));
  const { recorder, folder } = await training(store);
  store.watch();
  await new Promise((resolve) => setTimeout(resolve, 700));
  const elsewhere = join(await temporaryFolder(), "elsewhere");
  await rename(folder, elsewhere);
  await new Promise((resolve) => setTimeout(resolve, 1200));
  await rename(elsewhere, folder);
  expect(changes.filter(({ type }) => type === "removed")).toEqual([]);
  await recorder.close();
});

test("another program may delete a run as soon as it is told that it finished", async () => {
  const store = await temporaryStore();
  const other = await createStore(store.library);
  const { recorder } = await training(store);
  const removed = vi.fn();
  store.onChange((change) => {
    if (change.type !== "changed" || change.listing.kind !== "run") return;
    const { id, state } = change.listing.record;
    if (state === "finished" && removed.mock.calls.length === 0)
      removed(
        other.remove([id]).then(
          () => "removed",
          (error: unknown) => String(error),
        ),
      );
  });
  await recorder.handle({ type: "finished", step: 10 });
  await recorder.close();
  expect(await (removed.mock.calls[0]?.[0] as Promise<string>)).toBe("removed");
});

test("a record that is broken at rest is made again from the newest checkpoint and the event file", async () => {
  const store = await temporaryStore();
  const id = await finishedRun(store, 30);
  const before = (await recordOf(store, id)).record;
  const path = join(store.folder(id), "run.json");
  await writeFile(path, "{");
  expect(await store.get(id)).toMatchObject({
    kind: "damaged",
    repairable: true,
  });
  const listing = await store.repair(id);
  expect(listing).toMatchObject({
    kind: "run",
    checkpoints: [10, 20, 30],
    record: {
      state: "interrupted",
      settings: before.settings,
      summary: before.summary,
      progress: { step: 30, saved: 30 },
      createdAt: before.createdAt.slice(0, 19) + ".000Z",
    },
  });
  const [time] = await readdir(join(store.folder(id), "set-aside"));
  expect(
    await readFile(
      join(store.folder(id), "set-aside", time, "run.json"),
      "utf8",
    ),
  ).toBe("{");
  const { checkpoint: from, recorder } = await store.reopen(id);
  expect(from?.position.step).toBe(30);
  await recorder.close();
});

test("of a record with one wrong field everything else is kept", async () => {
  const store = await temporaryStore();
  const id = await finishedRun(store, 20);
  await store.edit(id, { name: "the best", notes: "long", tags: ["paper"] });
  const { record } = await recordOf(store, id);
  const path = join(store.folder(id), "run.json");
  const odd = {
    ...record,
    progress: { ...record.progress, step: 9e15 },
    starred: "yes",
  };
  await writeFile(path, JSON.stringify(odd));
  expect(await store.get(id)).toMatchObject({
    kind: "damaged",
    repairable: true,
  });
  expect(await store.repair(id)).toMatchObject({
    record: {
      name: "the best",
      notes: "long",
      tags: ["paper"],
      starred: false,
      state: "finished",
      createdAt: record.createdAt,
    },
  });
});

test("what cannot be repaired says so, and a newer program's record is left alone", async () => {
  const store = await temporaryStore();
  await mkdir(store.folder("empty"));
  await expect(store.repair("empty")).rejects.toThrow(
    "cannot be repaired. It has no run.json.",
  );
  const id = await finishedRun(store, 10);
  const newer = JSON.stringify({ version: 99, id });
  await writeFile(join(store.folder(id), "run.json"), newer);
  expect(await store.get(id)).toMatchObject({ repairable: false });
  await expect(store.repair(id)).rejects.toThrow("newer version");
  expect(await readFile(join(store.folder(id), "run.json"), "utf8")).toBe(
    newer,
  );
});

test("numbers that no run can reach make a damaged record, not a broken list", async () => {
  const store = await temporaryStore();
  const id = await finishedRun(store, 10);
  const { record } = await recordOf(store, id);
  const odd: object[] = [
    { progress: { ...record.progress, totalSteps: 9e15 } },
    { progress: { ...record.progress, seconds: 1e300 } },
    { createdAt: "yesterday" },
    { events: [{ type: "warning", text: "x", step: 1, time: 1e300 }] },
  ];
  for (const change of odd) {
    await writeFile(
      join(store.folder(id), "run.json"),
      JSON.stringify({ ...record, ...change }),
    );
    expect(await store.get(id), JSON.stringify(change)).toMatchObject({
      kind: "damaged",
      repairable: true,
    });
  }
});

describe("what somebody else left in a library", () => {
  test("files beside the run folders are no runs, and are no change", async () => {
    const store = await temporaryStore();
    await writeFile(join(store.library, "runs/Thumbs.db"), "");
    await writeFile(join(store.library, "runs/notes.txt"), "");
    const id = await finishedRun(store);
    expect((await store.list()).map(idOf)).toEqual([id]);
    expect(await store.records()).toHaveLength(1);
  });

  test("a file or a circle of links in place of grids and checkpoints leaves the run readable", async () => {
    const store = await temporaryStore();
    const id = await finishedRun(store);
    const folder = store.folder(id);
    for (const name of ["samples", "checkpoints"]) {
      await rm(join(folder, name), { recursive: true });
      await writeFile(join(folder, name), "");
      expect(await store.get(id)).toMatchObject({ kind: "run", [name]: [] });
      await rm(join(folder, name));
      await symlink(join(folder, name), join(folder, name));
      expect(await store.get(id)).toMatchObject({ kind: "run", [name]: [] });
      await rm(join(folder, name));
      await mkdir(join(folder, name));
      const circle = join(folder, name, "step-000001.png");
      await symlink(circle, circle);
      expect(await store.get(id)).toMatchObject({ kind: "run", [name]: [] });
    }
  });
});

describe.skipIf(process.platform === "win32")("a pipe in the library", () => {
  const pipe = (path: string) => execFileSync("mkfifo", [path]);

  test("is no grid and no checkpoint, so that nobody waits for it", async () => {
    const store = await temporaryStore();
    const id = await finishedRun(store);
    const folder = store.folder(id);
    pipe(join(folder, "samples/step-900000.png"));
    pipe(join(folder, "checkpoints/step-900000.safetensors"));
    const listing = await store.get(id);
    expect(listing).toMatchObject({ kind: "run" });
    expect(JSON.stringify(listing)).not.toContain("900000");
    expect((await store.checkpoints(id)).at(-1)?.step).not.toBe(900_000);
  });

  test("in the place of a lock, a manifest or the queue is said, not waited for", async () => {
    const store = await temporaryStore();
    const id = await finishedRun(store);
    pipe(join(store.folder(id), "lock"));
    await expect(lockHolder(join(store.folder(id), "lock"))).rejects.toThrow(
      /lock is not a file$/,
    );
    await mkdir(join(store.library, "sweeps/x"), { recursive: true });
    pipe(join(store.library, "sweeps/x/sweep.json"));
    const sweeps = new SweepFolder(disk, store);
    expect(() => sweeps.read("x")).toThrow(
      /^The sweep x cannot be read: .*sweep.json is not a file.$/,
    );
    // One that cannot be read does not hide the others.
    expect(await sweeps.list()).toEqual([]);
  });

  test("is not imported", async () => {
    const store = await temporaryStore();
    const path = join(await temporaryFolder(), "pipe.csv");
    pipe(path);
    const failure = store.importFile(path);
    await expect(failure).rejects.toThrow(`${path} is not a file.`);
  });
});
