/** What a store tells of a library that another one works in. Both are real; each counts as a process of its own. */
import {
  cp,
  mkdir,
  readdir,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { createStore } from "../../src/main/runs/store";
import type { RunChange, RunStore } from "../../src/main/runs/store";
import { Watch } from "../../src/main/runs/watch";
import {
  finishedRun,
  metrics,
  newRun,
  samples,
  started,
  temporaryStore,
} from "./library";

interface Watched {
  changes: RunChange[];
  /** Another process' store on the same library. */
  other: RunStore;
}

async function watched(store: RunStore): Promise<Watched> {
  const changes: RunChange[] = [];
  store.onChange((change) => changes.push(change));
  store.watch();
  return { changes, other: await createStore(store.library) };
}

/** The states that a run was told to be in. */
const statesOf = (changes: readonly RunChange[], id: string) =>
  changes.flatMap((change) =>
    change.type === "changed" &&
    change.listing.kind === "run" &&
    change.listing.record.id === id
      ? [change.listing.record.state]
      : [],
  );

const stepsOf = (changes: readonly RunChange[]) =>
  changes.flatMap((change) =>
    change.type === "grew" ? [...change.rows[0].steps] : [],
  );

test("a run that another process trains is told step by step, once each", async () => {
  const { changes, other } = await watched(await temporaryStore());
  const recorder = await newRun(other);
  await recorder.handle(started);
  await vi.waitUntil(
    () => statesOf(changes, recorder.id).at(-1) === "training",
    10_000,
  );
  await recorder.handle(metrics(1, 10));
  await vi.waitUntil(() => stepsOf(changes).length === 10, 10_000);
  await recorder.handle(metrics(11, 25));
  await vi.waitUntil(() => stepsOf(changes).length === 25, 10_000);
  expect(stepsOf(changes)).toEqual(Array.from({ length: 25 }, (_, n) => n + 1));
  await recorder.handle({ type: "finished", step: 25 });
  await recorder.close();
  await vi.waitUntil(
    () => statesOf(changes, recorder.id).at(-1) === "finished",
    10_000,
  );
});

test("a grid of such a run is told although its record is as it was", async () => {
  const { changes, other } = await watched(await temporaryStore());
  const recorder = await newRun(other);
  await recorder.handle(started);
  await recorder.handle(samples(0));
  await vi.waitUntil(
    () =>
      changes.some(
        (change) =>
          change.type === "changed" &&
          change.listing.kind === "run" &&
          change.listing.samples.length === 1,
      ),
    10_000,
  );
  await recorder.close();
});

test("an edit, a copy and a deletion by another process are told", async () => {
  const store = await temporaryStore();
  const id = await finishedRun(store);
  const { changes, other } = await watched(store);
  await other.edit(id, { name: "Renamed" });
  await vi.waitUntil(() => statesOf(changes, id).length > 0, 10_000);

  const copy = `${id}-copy`;
  await cp(store.folder(id), store.folder(copy), { recursive: true });
  await vi.waitUntil(
    () =>
      changes.some(
        (change) =>
          change.type === "changed" &&
          change.listing.kind === "damaged" &&
          change.listing.id === copy,
      ),
    10_000,
  );
  await rm(store.folder(copy), { recursive: true });
  await other.remove([id]);
  await vi.waitUntil(() => {
    const gone = changes.flatMap((c) => (c.type === "removed" ? c.ids : []));
    return gone.includes(id) && gone.includes(copy);
  }, 10_000);
});

test("what this process does itself is told once", async () => {
  const store = await temporaryStore();
  const own: RunChange[] = [];
  store.onChange((change) => own.push(change));
  const id = await finishedRun(store);
  // Its end is told a moment after it is closed.
  await vi.waitUntil(() => statesOf(own, id).includes("finished"), 10_000);
  const { changes, other } = await watched(store);
  await store.edit(id, { starred: true });
  await other.edit(await finishedRun(other), { starred: true });
  await vi.waitUntil(() => changes.length >= 2, 10_000);
  expect(statesOf(changes, id)).toEqual(["finished"]);
});

test("what we delete ourselves is not told again, however a look falls in between", async () => {
  const store = await temporaryStore();
  const slow = await finishedRun(store);
  const late = await finishedRun(store);
  const told: RunChange[] = [];
  const folders = () => readdir(join(store.library, "runs"));
  const looks: (() => Promise<string[]>)[] = [
    folders,
    async () => {
      watch.expect([slow]);
      await store.remove([slow]);
      return folders();
    },
    async () => {
      watch.told([slow]);
      const before = await folders();
      watch.expect([late]);
      await store.remove([late]);
      watch.told([late]);
      return before;
    },
    folders,
  ];
  const watch = new Watch({
    folder: (id) => store.folder(id),
    ids: () => (looks.shift() ?? folders)(),
    isOwn: () => false,
    isAtRest: () => false,
    read: (id) => store.get(id),
    series: (id, afterStep) => store.series(id, afterStep),
    tell: (change) => told.push(change),
  });
  await vi.waitUntil(() => looks.length === 0, 10_000);
  await watch.stop();
  expect(told).toEqual([]);
});

/** Waits until the library is known by heart: a change of the disk that nobody was told of is not in its records. */
async function untilKnown(store: RunStore, id: string): Promise<void> {
  const path = join(store.folder(id), "run.json");
  await vi.waitUntil(async () => {
    const away = `${path}.away`;
    await rename(path, away);
    const [run] = await store.records();
    await rename(away, path);
    return run.kind === "run";
  }, 10_000);
}

test("records of a watched library are those of the last look, and never older than what was told", async () => {
  const store = await temporaryStore();
  const id = await finishedRun(store);
  const { changes, other } = await watched(store);
  await untilKnown(store, id);

  await store.edit(id, { name: "By ourselves" });
  expect(await store.records()).toMatchObject([
    { record: { name: "By ourselves" } },
  ]);
  const atEvent: unknown[] = [];
  store.onChange((change) => {
    if (change.type === "changed") atEvent.push(store.records());
  });
  await other.edit(id, { name: "By another process" });
  await vi.waitUntil(() => atEvent.length > 0, 10_000);
  expect(await atEvent[0]).toMatchObject([
    { record: { name: "By another process" } },
  ]);
  await store.remove([id]);
  expect(await store.records()).toEqual([]);
  await store.restore([id]);
  expect(await store.records()).toHaveLength(1);
  await other.remove([id]);
  await vi.waitUntil(() => changes.at(-1)?.type === "removed", 10_000);
  expect(await store.records()).toEqual([]);
});

test("of a library that went out of reach nobody is given the records of before", async () => {
  const store = await temporaryStore();
  const id = await finishedRun(store);
  await watched(store);
  await untilKnown(store, id);
  const runs = join(store.library, "runs");
  await rename(runs, `${runs}.away`);
  await writeFile(runs, "");
  const answer = () =>
    store.records().then(
      () => "listed",
      (error: unknown) => String(error),
    );
  await vi.waitUntil(async () => (await answer()) !== "listed", 10_000);
  expect(await answer()).toMatch(/^RunError: The library .* cannot be read/);
  await rm(runs);
  await rename(`${runs}.away`, runs);
  await vi.waitUntil(async () => (await answer()) === "listed", 10_000);
});

test("a run.json that is a folder or a circle of links hides no change of the others", async () => {
  const store = await temporaryStore();
  const id = await finishedRun(store);
  for (const name of ["20250101-000000-folder", "20250101-000000-circle"])
    await mkdir(store.folder(name));
  await mkdir(join(store.folder("20250101-000000-folder"), "run.json"));
  const circle = join(store.folder("20250101-000000-circle"), "run.json");
  await symlink(circle, circle);
  const { changes, other } = await watched(store);
  await other.edit(id, { name: "Renamed" });
  await vi.waitUntil(() => statesOf(changes, id).length > 0, 10_000);
  expect(await store.records()).toMatchObject([
    { kind: "run" },
    { kind: "damaged" },
    { kind: "damaged" },
  ]);
});
