import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import {
  mkdir,
  readFile,
  readdir,
  rename,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { migrate } from "../../src/main/runs/migrate";
import {
  changeRecord,
  readRecord,
  writeRecord,
} from "../../src/main/runs/record";
import { createStore, RunError } from "../../src/main/runs/store";
import type { RunChange, RunStore } from "../../src/main/runs/store";
import { disk } from "../../src/main/runs/file-layer";
import { acquireLock, lockHolder } from "../../src/main/runs/lock";
import {
  checkpoint,
  curve,
  curves,
  finishedRun,
  metrics,
  newRun,
  recordOf,
  samples,
  started,
  temporaryFolder,
  temporaryStore,
} from "./library";

/** A number that no process has: beyond Linux' largest. */
const deadProcess = 2 ** 22 + 1;

/** What a killed process leaves: a run that calls itself training, locked by nobody. */
async function abandonedRun(store: RunStore, steps = 25): Promise<string> {
  const id = await finishedRun(store, 20);
  const folder = store.folder(id);
  await changeRecord(disk, folder, (record) => ({
    ...record,
    state: "training",
    progress: { ...record.progress, step: 10 },
  }));
  if (steps > 20) {
    const { recorder } = await store.reopen(id);
    await recorder.handle(started);
    await recorder.handle(metrics(21, steps));
    await recorder.handle(samples(steps));
    await recorder.close();
    await changeRecord(disk, folder, (record) => ({
      ...record,
      state: "training",
    }));
  }
  return id;
}

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
      "wrong-field": expect.stringMatching(/^Its run.json is damaged: name: /),
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

describe("a lock", () => {
  const path = async () => join(await temporaryFolder(), "lock");
  const written = (owner: object) =>
    JSON.stringify({ token: "t", host: hostname(), startedAt: null, ...owner });

  test("is held by one at a time and can be had again", async () => {
    const file = await path();
    const first = await acquireLock(disk, file);
    expect(await acquireLock(disk, file)).toBeNull();
    await first?.release();
    expect(await lockHolder(file)).toBeNull();
    expect(await acquireLock(disk, file)).not.toBeNull();
  });

  test("of a dead process is taken over, by exactly one of many", async () => {
    const file = await path();
    await writeFile(file, written({ pid: deadProcess }));
    const taken = await Promise.all(
      Array.from({ length: 8 }, () => acquireLock(disk, file)),
    );
    expect(taken.filter((lock) => lock !== null)).toHaveLength(1);
    expect(await readdir(join(file, ".."))).toEqual(["lock"]);
  });

  test("of a process that was killed is stale at once", async () => {
    const file = await path();
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1e6)"]);
    const startedAt = existsSync("/proc")
      ? (await readFile(`/proc/${child.pid}/stat`, "latin1"))
          .split(") ")[1]
          .split(" ")[19]
      : null;
    await writeFile(file, written({ pid: child.pid, startedAt }));
    expect(await lockHolder(file)).toMatchObject({ pid: child.pid });
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await lockHolder(file)).toBeNull();
  });

  test("of an earlier process with this one's number is stale", async () => {
    const file = await path();
    await writeFile(file, written({ pid: process.pid }));
    expect(await lockHolder(file)).toBeNull();
  });

  test("of another machine is stale when it has not been renewed for a minute", async () => {
    const file = await path();
    await writeFile(file, written({ pid: 1, host: "elsewhere" }));
    expect(await lockHolder(file)).toMatchObject({ host: "elsewhere" });
    const before = new Date(Date.now() - 90_000);
    await utimes(file, before, before);
    expect(await lockHolder(file)).toBeNull();
  });

  test("that was never written is waited for, and stale after a while", async () => {
    const file = await path();
    await writeFile(file, "");
    expect(await lockHolder(file)).toBe("unknown");
    const before = new Date(Date.now() - 90_000);
    await utimes(file, before, before);
    expect(await lockHolder(file)).toBeNull();
  });

  test("whose process died before it could write is taken over", async () => {
    const file = await path();
    await writeFile(file, "");
    const lock = await acquireLock(disk, file);
    expect(await lockHolder(file)).toMatchObject({ pid: process.pid });
    await lock?.release();
  });
});

describe("going on with a run", () => {
  test("drops everything after the checkpoint, so that no step is there twice and none is missing", async () => {
    const store = await temporaryStore();
    const id = await abandonedRun(store, 27);
    const { recorder, checkpoint: from } = await store.reopen(id);
    expect(from?.position.step).toBe(20);
    await recorder.handle({ ...started, step: 20 } as typeof started);
    await recorder.handle(metrics(21, 40));
    await recorder.handle(checkpoint(40, "final"));
    await recorder.handle({ type: "finished", step: 40 });
    await recorder.close();
    const { steps } = curve(await curves(store, id), "loss/generator");
    expect(steps).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    const listing = await recordOf(store, id);
    expect(listing.samples).toEqual([0, 10, 20]);
    expect(listing.record.events).toMatchObject([
      { type: "resumed", step: 20 },
      { type: "resumed", step: 20 },
    ]);
  });

  test("gives the event file of an uninterrupted run, but for times", async () => {
    const store = await temporaryStore();
    const whole = await finishedRun(store, 40);
    const id = await abandonedRun(store, 27);
    const { recorder } = await store.reopen(id);
    for (const first of [21, 31]) {
      await recorder.handle(metrics(first, first + 9));
      await recorder.handle(samples(first + 9));
      await recorder.handle(checkpoint(first + 9));
    }
    await recorder.close();
    // The first record is the version, with the time of its making.
    const [a, b] = await Promise.all([whole, id].map(logOf));
    expect(b.subarray(60).equals(a.subarray(60))).toBe(true);
    for (const step of [10, 20, 30, 40])
      expect(
        (await readFile(store.samplePath(id, step))).equals(
          await readFile(store.samplePath(whole, step)),
        ),
      ).toBe(true);
    expect(recorder.record.summary).toEqual(
      (await recordOf(store, whole)).record.summary,
    );

    async function logOf(run: string): Promise<Buffer> {
      const folder = store.folder(run);
      const names = await readdir(folder);
      const name = names.find((file) => file.includes("tfevents"));
      return readFile(join(folder, name ?? ""));
    }
  });

  test("begins anew where there is no checkpoint yet", async () => {
    const store = await temporaryStore();
    const recorder = await newRun(store);
    await recorder.handle(started);
    await recorder.handle(metrics(1, 7));
    await recorder.close();
    const reopened = await store.reopen(recorder.id);
    expect(reopened.checkpoint).toBeNull();
    await reopened.recorder.handle(metrics(1, 3));
    await reopened.recorder.close();
    const { steps } = curve(await curves(store, recorder.id), "score/real");
    expect(steps).toEqual([1, 2, 3]);
  });

  test("takes the checkpoint before a damaged one and says so", async () => {
    const store = await temporaryStore();
    const id = await finishedRun(store, 20);
    await truncate(
      join(store.folder(id), "checkpoints/step-000020.safetensors"),
      999,
    );
    const warnings: string[] = [];
    store.onChange((change) => {
      if (change.type === "warning") warnings.push(change.text);
    });
    const { recorder, checkpoint: from } = await store.reopen(id);
    expect(from?.position.step).toBe(10);
    expect(recorder.record.progress.step).toBe(10);
    expect(warnings).toEqual([
      expect.stringMatching(/^step-000020.safetensors cannot be read/),
    ]);
  });

  test("cuts off a torn tail before it writes", async () => {
    const store = await temporaryStore();
    const id = await finishedRun(store, 20);
    const folder = store.folder(id);
    const name = (await readdir(folder)).find((file) =>
      file.includes("tfevents"),
    );
    const log = join(folder, name ?? "");
    await writeFile(log, Uint8Array.of(1, 2, 3, 4, 5), { flag: "a" });
    const { recorder } = await store.reopen(id);
    await recorder.handle(metrics(21, 22));
    await recorder.close();
    const { steps } = curve(await curves(store, id), "score/real");
    expect(steps.slice(-3)).toEqual([20, 21, 22]);
  });

  test("of a fork has the parent's checkpoint in a folder of its own", async () => {
    const store = await temporaryStore();
    const parent = await finishedRun(store, 20);
    const { settings } = (await recordOf(store, parent)).record;
    if (!settings) throw new Error("no settings");
    const recorder = await store.create({
      settings: { ...settings, seed: 5 },
      name: "fork",
      environment: null,
      parent: { run: parent, step: 10 },
    });
    await recorder.handle(started);
    await recorder.close();
    await store.remove([parent]);
    const { checkpoint: from } = await store.reopen(recorder.id);
    expect(from?.position.step).toBe(10);
    expect(recorder.record.parent).toEqual({ run: parent, step: 10 });
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
  test("is used, and made again when it is stale, damaged or gone", async () => {
    const store = await temporaryStore();
    const recorder = await newRun(store);
    await recorder.handle(started);
    await recorder.handle(metrics(1, 8000));
    await recorder.close();
    const { id } = recorder;
    const path = join(store.library, "cache", `${id}.metrics`);
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
