import { execFileSync } from "node:child_process";
import {
  mkdir,
  readFile,
  readdir,
  rename,
  stat,
  utimes,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { migrate } from "../../src/main/runs/folder/migrate";
import {
  changeRecord,
  readRecord,
  writeRecord,
} from "../../src/main/runs/folder/record";
import { createStore, RunError } from "../../src/main/runs/store";
import type { RunChange } from "../../src/main/runs/store";
import { disk } from "../../src/main/disk/file-layer";
import {
  abandonedRun,
  curve,
  curves,
  finishedRun,
  metrics,
  newRun,
  recordOf,
  started,
  temporaryFolder,
  temporaryStore,
} from "./library";

describe("the list", () => {
  test("is empty in a new library", async () => {
    expect(await (await temporaryStore()).list()).toEqual([]);
  });

  test("has a run under way first, then the newest", async () => {
    const store = await temporaryStore();
    const old = await finishedRun(store);
    const recent = await finishedRun(store);
    const { recorder } = await store.reopen(old);
    await recorder.handle(started);
    const ids = (await store.list()).map((listing) =>
      listing.kind === "run" ? listing.record.id : listing.id,
    );
    expect(ids).toEqual([old, recent]);
  });

  test("shows a damaged run with the reason, and the others", async () => {
    const store = await temporaryStore();
    const good = await finishedRun(store);
    const broken = {
      "no-record": null,
      "no-json": "{",
      "not-a-record": "[1]",
      "wrong-field": JSON.stringify({ version: 1, id: "wrong-field" }),
      newer: JSON.stringify({ version: 99, id: "newer" }),
    };
    for (const [id, text] of Object.entries(broken)) {
      await mkdir(store.folder(id));
      if (text !== null)
        await writeFile(join(store.folder(id), "run.json"), text);
    }
    const listings = await store.list();
    expect(listings[0]).toMatchObject({ kind: "run", record: { id: good } });
    const reasons = Object.fromEntries(
      listings.flatMap((listing) =>
        listing.kind === "damaged" ? [[listing.id, listing.reason]] : [],
      ),
    );
    expect(reasons).toEqual({
      "no-record": "It has no run.json.",
      "no-json": "Its run.json is damaged: it is not JSON.",
      "not-a-record": "Its run.json is not the record of a run.",
      "wrong-field": "Its run.json is damaged: name must be a text.",
      newer:
        "It was written by a newer version of GAN Workbench (record version 99, this one knows 1); update to open it.",
    });
  });

  test("knows a folder that was copied in from elsewhere", async () => {
    const [from, to] = [await temporaryStore(), await temporaryStore()];
    const id = await finishedRun(from);
    await rename(from.folder(id), to.folder(id));
    expect((await recordOf(to, id)).checkpoints).toEqual([10, 20]);
  });

  test("a folder that was given another name says so", async () => {
    const store = await temporaryStore();
    const id = await finishedRun(store);
    await rename(store.folder(id), store.folder("renamed"));
    expect(await store.get("renamed")).toMatchObject({
      kind: "damaged",
      reason: `Its run.json belongs to the run ${id}; give the folder that name again.`,
    });
  });
});

describe("the record", () => {
  test("is edited in place and tells who listens", async () => {
    const store = await temporaryStore();
    const id = await finishedRun(store);
    const changes: RunChange[] = [];
    store.onChange((change) => changes.push(change));
    const edit = {
      name: "best one",
      tags: ["paper"],
      notes: "two lines\nof notes",
      starred: true,
      color: "#aa00ff",
      archived: true,
      group: "seeds",
    };
    await store.edit(id, edit);
    expect(readRecord(store.folder(id))).toMatchObject(edit);
    expect(changes.at(-1)).toMatchObject({
      type: "changed",
      listing: { kind: "run", record: edit },
    });
  });

  test("takes the doctor's verdict, which does not change the run", async () => {
    const store = await temporaryStore();
    const id = await finishedRun(store);
    const { updatedAt } = readRecord(store.folder(id));
    const verdict = { id: "healthy", line: "It learns." } as const;
    // A clock that stood still would hide a stamp.
    await new Promise((resolve) => setTimeout(resolve, 2));
    await store.noteVerdict(id, verdict);
    expect(readRecord(store.folder(id))).toMatchObject({ verdict, updatedAt });
    await store.edit(id, { notes: "seen" });
    expect(readRecord(store.folder(id)).updatedAt > updatedAt).toBe(true);
  });

  test("keeps an edit that was made while the run trains", async () => {
    const store = await temporaryStore();
    const other = await createStore(store.library);
    const recorder = await newRun(store);
    await recorder.handle(started);
    await other.edit(recorder.id, { notes: "from another process" });
    await store.edit(recorder.id, { name: "from this one" });
    await recorder.handle(metrics(1, 10));
    await recorder.handle({ type: "finished", step: 10 });
    expect(readRecord(store.folder(recorder.id))).toMatchObject({
      notes: "from another process",
      name: "from this one",
      state: "finished",
      progress: { step: 10 },
    });
  });

  test("of many changes at once loses none", async () => {
    const store = await temporaryStore();
    const id = await finishedRun(store);
    const folder = store.folder(id);
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        changeRecord(disk, folder, (record) => ({
          ...record,
          tags: [...record.tags, `tag ${index}`],
        })),
      ),
    );
    expect(readRecord(folder).tags).toHaveLength(20);
  });

  test("of an earlier version is brought up step by step, in order", () => {
    const steps = [
      (record: Record<string, unknown>) => ({ ...record, a: [1] }),
      (record: Record<string, unknown>) => ({
        ...record,
        a: [...(record.a as number[]), 2],
      }),
      (record: Record<string, unknown>) => ({
        ...record,
        a: [...(record.a as number[]), 3],
      }),
    ];
    expect(migrate({ version: 1, id: "x" }, steps, 4)).toEqual({
      version: 4,
      id: "x",
      a: [1, 2, 3],
    });
    expect(migrate({ version: 3, a: [9] }, steps, 4)).toEqual({
      version: 4,
      a: [9, 3],
    });
    expect(migrate({ version: 4 }, steps, 4)).toEqual({ version: 4 });
    expect(() => migrate({ version: 5 }, steps, 4)).toThrow("newer version");
  });

  test("cannot lead outside the library by its id", async () => {
    const store = await temporaryStore();
    for (const id of ["..", "../x", "/etc", "a/b", "", ".new-x"])
      await expect(store.get(id)).rejects.toThrow("is not the id of a run");
  });
});

describe("a run whose process is gone", () => {
  test("is found as interrupted, with the step that its event file proves", async () => {
    const store = await temporaryStore();
    const id = await abandonedRun(store, 25);
    const { record } = await recordOf(await createStore(store.library), id);
    expect(record).toMatchObject({
      state: "interrupted",
      reason: "The program ended at step 25 while this run trained.",
      progress: { step: 25 },
      summary: { "score/real": { last: expect.any(Number) } },
    });
    expect(readRecord(store.folder(id)).state).toBe("interrupted");
  });

  test("is interrupted for everyone who asks while it is being marked", async () => {
    const { library } = await temporaryStore();
    const id = await abandonedRun(await createStore(library), 25);
    const store = await createStore(library);
    const asked = Array.from({ length: 8 }, async (_, turn) => {
      await new Promise((resolve) => setTimeout(resolve, turn));
      return recordOf(store, id);
    });
    const states = (await Promise.all(asked)).map(({ record }) => record.state);
    expect(new Set(states)).toEqual(new Set(["interrupted"]));
  });

  test("is not mistaken for one that another process trains", async () => {
    const store = await temporaryStore();
    const recorder = await newRun(store);
    await recorder.handle(started);
    const other = await createStore(store.library);
    expect((await recordOf(other, recorder.id)).record.state).toMatch(
      /preparing|training/,
    );
    await expect(other.reopen(recorder.id)).rejects.toThrow(
      `The run ${recorder.id} is being trained by process ${process.pid}`,
    );
    await expect(other.remove([recorder.id])).rejects.toThrow("is training");
  });
});

describe("the trash", () => {
  test("takes a run out of the list and gives it back whole", async () => {
    const store = await temporaryStore();
    const id = await finishedRun(store);
    const before = await recordOf(store, id);
    await store.remove([id]);
    expect(await store.list()).toEqual([]);
    await store.restore([id]);
    expect(await store.get(id)).toEqual(before);
  });

  test("is emptied for good", async () => {
    const store = await temporaryStore();
    const id = await finishedRun(store);
    await store.remove([id]);
    expect(await store.emptyTrash()).toBe(1);
    await expect(store.restore([id])).rejects.toThrow(
      `The run ${id} is not in the trash any more.`,
    );
  });

  test("refuses what is not there", async () => {
    const store = await temporaryStore();
    await expect(store.remove(["nothing"])).rejects.toThrow(RunError);
  });
});

describe("the cache of curves", () => {
  test("is made when a run ends, used, and made again when it is stale, damaged or gone", async () => {
    const store = await temporaryStore();
    const recorder = await newRun(store);
    await recorder.handle(started);
    await recorder.handle(metrics(1, 8000));
    await recorder.close();
    const { id } = recorder;
    const path = join(store.library, "cache", `${id}.metrics`);
    await vi.waitFor(() => stat(path), 10_000);
    const fresh = await store.metrics(id, 0);
    const cached = await readFile(path);
    expect(cached.length).toBeGreaterThan(fresh.length);
    expect(await store.metrics(id, 0)).toEqual(fresh);
    for (const bytes of [cached.subarray(0, 100), Buffer.from("{}\n")]) {
      await writeFile(path, bytes);
      expect(await store.metrics(id, 0)).toEqual(fresh);
    }
    const { recorder: again } = await store.reopen(id);
    await again.handle(metrics(1, 9000));
    await again.close();
    expect(curve(await curves(store, id), "score/real").steps).toHaveLength(
      9000,
    );
  });
});

test("a damaged place in an event file is told once, and the other steps are shown", async () => {
  const store = await temporaryStore();
  const id = await finishedRun(store, 20);
  const folder = store.folder(id);
  const name = (await readdir(folder)).find((file) =>
    file.includes("tfevents"),
  );
  const log = join(folder, name ?? "");
  const bytes = await readFile(log);
  bytes[2000] ^= 1;
  await writeFile(log, bytes);
  const warnings: RunChange[] = [];
  store.onChange((change) => warnings.push(change));
  expect(curve(await curves(store, id), "score/real").steps).toHaveLength(19);
  await store.metrics(id, 0);
  expect(warnings).toEqual([
    {
      type: "warning",
      run: id,
      text: `The event file of ${id} is damaged in one place; the steps there are not shown.`,
    },
  ]);
});

test("a library that cannot be made says why", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "file"), "");
  await expect(createStore(join(folder, "file/library"))).rejects.toThrow(
    /^The library .* cannot be opened: /,
  );
});

test("a record that was written is read back as it was", async () => {
  const store = await temporaryStore();
  const id = await finishedRun(store);
  const record = readRecord(store.folder(id));
  await writeRecord(disk, store.folder(id), record);
  expect(readRecord(store.folder(id))).toEqual(record);
});

test.skipIf(process.platform === "win32")(
  "a pipe in the place of a record is damaged and holds up nobody",
  async () => {
    const store = await temporaryStore();
    const id = await finishedRun(store);
    const odd = store.folder("odd");
    await mkdir(odd);
    execFileSync("mkfifo", [join(odd, "run.json")]);
    expect(await store.list()).toMatchObject([
      { kind: "run", record: { id } },
      { kind: "damaged", id: "odd", reason: "Its run.json is not a file." },
    ]);
  },
);

test("what a crash left half-made goes after a day, and not before", async () => {
  const store = await temporaryStore();
  const [old, recent] = ["old", "recent"].map((name) =>
    join(store.library, "runs", `.new-${name}`),
  );
  for (const folder of [old, recent]) await mkdir(folder);
  const before = new Date(Date.now() - 25 * 3600 * 1000);
  await utimes(old, before, before);
  await (await createStore(store.library)).close();
  expect(await readdir(join(store.library, "runs"))).toEqual([".new-recent"]);
  // Nor because the clock of whoever looks is days ahead.
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  vi.setSystemTime(Date.now() + 3 * 24 * 3600 * 1000);
  await (await createStore(store.library)).close();
  expect(await readdir(join(store.library, "runs"))).toEqual([".new-recent"]);
});
