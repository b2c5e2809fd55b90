/** The application goes on while its library moves to another disk, and uses it from there; nothing changes it meanwhile. */
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createApplication } from "../../src/main/host/app";
import type { Application } from "../../src/main/host/app";
import { createPreferences } from "../../src/main/host/preferences";
import { browserShell } from "../../src/main/host/shell";
import { disk } from "../../src/main/disk/file-layer";
import type { FileLayer } from "../../src/main/disk/file-layer";
import { createStore } from "../../src/main/runs/store";
import type { AppEvent } from "../../src/shared/contract/events";
import { finishedRun } from "../runs/library";
import { start } from "./application";

let home: string;
let run: string;
const values: Record<string, unknown> = {};
const preferences = createPreferences({
  get: (key) => values[key],
  set: (key, value) => void (values[key] = value),
});
const from = () => join(home, "library");
const to = () => join(home, "other disk", "library");

function open(library: string, files?: FileLayer): Promise<Application> {
  return createApplication({
    library,
    dataFolder: join(home, "data"),
    shell: browserShell,
    hasWindows: true,
    preferences,
    version: "0.0.0",
    files,
  });
}

beforeEach(async () => {
  delete values.library;
  home = await mkdtemp(join(tmpdir(), "gan-workbench-move-"));
  const store = await createStore(from());
  run = await finishedRun(store);
  await store.close();
});
afterEach(() => rm(home, { recursive: true, force: true }));

test("the library is used from its new place, and the preference names it", async () => {
  const application = await open(from());
  const events: AppEvent[] = [];
  application.onEvent((event) => events.push(event));
  const { app, room, runs } = application.handlers;
  expect(await room.moveLibrary({ to: to() })).toEqual({
    library: to(),
    left: 0,
  });
  expect(values.library).toBe(to());
  expect(await app.info({})).toMatchObject({ library: to() });
  expect(existsSync(from())).toBe(false);
  expect(await readdir(to())).toEqual(expect.arrayContaining(["runs"]));
  expect(await runs.get({ id: run })).toMatchObject({ kind: "run" });
  await runs.edit({ id: run, edit: { name: "Elsewhere" } });
  expect(events).toContainEqual({ type: "library-moved", library: to() });
  expect(await room.libraryMove({})).toBeNull();
  const next = await start(application, 10);
  expect(existsSync(join(to(), "runs", next))).toBe(true);
  await application.close();
});

test("while a run trains, it is refused and nothing is touched", async () => {
  const application = await open(from());
  const { room, training } = application.handlers;
  const trained = await start(application, 100_000);
  await expect(room.moveLibrary({ to: to() })).rejects.toThrow(
    /A run is training/,
  );
  await expect(room.moveLibrary({ to: "elsewhere" })).rejects.toThrow(
    /is not a whole path/,
  );
  expect(existsSync(to())).toBe(false);
  expect(await room.libraryMove({})).toBeNull();
  await training.stop({ run: trained });
  await application.close();
});

test("moved by another program, it is followed there", async () => {
  const window = await open(from());
  const other = await createApplication({
    library: from(),
    dataFolder: join(home, "data"),
    shell: browserShell,
    hasWindows: false,
    preferences,
    version: "0.0.0",
  });
  await other.handlers.room.moveLibrary({ to: to() });
  await other.close();
  await untilFollowed(window);
  expect(await window.handlers.runs.get({ id: run })).toMatchObject({
    kind: "run",
  });
  await window.close();
});

async function untilFollowed(window: Application): Promise<void> {
  await expect
    .poll(async () => (await window.handlers.app.info({})).library, {
      timeout: 10_000,
    })
    .toBe(to());
}

/** With a library that no preference names. */
function named(hasWindows: boolean, files?: FileLayer): Promise<Application> {
  return createApplication({
    library: from(),
    isLibraryNamed: true,
    dataFolder: join(home, "data"),
    shell: browserShell,
    hasWindows,
    preferences,
    version: "0.0.0",
    files,
  });
}

test("moved by another program in a moment, it is followed by a window whose library was named too", async () => {
  const window = await named(true);
  const other = await named(false);
  await other.handlers.room.moveLibrary({ to: to() });
  await other.close();
  await untilFollowed(window);
  expect(existsSync(from())).toBe(false);
  await window.close();
});

test("moved by another program, it is followed by a window whose library was named too", async () => {
  const slow = slowDisk();
  const window = await named(true);
  const other = await named(false, slow.files);
  const moved = other.handlers.room.moveLibrary({ to: to() });
  await slow.reached;
  // A copy in the making is not followed.
  await sleep(1_200);
  expect(await window.handlers.app.info({})).toMatchObject({ library: from() });
  slow.go();
  await moved;
  await other.close();
  await untilFollowed(window);
  expect(await window.handlers.runs.get({ id: run })).toMatchObject({
    kind: "run",
  });
  expect(values.library).toBeUndefined();
  await window.close();
});

/** Copies go through, but for each of these paths only once this is called. */
function slowDisk(): { files: FileLayer; reached: Promise<void>; go(): void } {
  let go = (): void => undefined;
  let reach = (): void => undefined;
  const gone = new Promise<void>((resolve) => (go = resolve));
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const files: FileLayer = {
    ...disk,
    async rename(before, after) {
      if (after.startsWith(to()) && after.endsWith(".png")) {
        reach();
        await gone;
      }
      await disk.rename(before, after);
    },
  };
  return { files, reached, go };
}

test("meanwhile runs are read, and what would change them is refused with a sentence", async () => {
  const slow = slowDisk();
  const application = await open(from(), slow.files);
  const { room, runs, queue } = application.handlers;
  const moved = room.moveLibrary({ to: to() });
  await slow.reached;
  expect(await room.libraryMove({})).toMatchObject({ state: "copying" });
  expect(await runs.get({ id: run })).toMatchObject({ kind: "run" });
  await expect(runs.edit({ id: run, edit: { name: "x" } })).rejects.toThrow(
    /being moved to another disk/,
  );
  await expect(start(application, 10)).rejects.toThrow(/being moved/);
  await expect(queue.change({ held: true })).rejects.toThrow(/being moved/);
  slow.go();
  await moved;
  await application.close();
});

test("cancelled, the library is where it was and the copy is gone", async () => {
  const slow = slowDisk();
  const application = await open(from(), slow.files);
  const { room, runs } = application.handlers;
  const moved = room.moveLibrary({ to: to() });
  await slow.reached;
  const cancelled = room.cancelMove({});
  slow.go();
  await expect(moved).rejects.toThrow(/cancelled/);
  await cancelled;
  expect(existsSync(to())).toBe(false);
  expect(await room.libraryMove({})).toBeNull();
  await runs.edit({ id: run, edit: { name: "Still here" } });
  expect(values.library).toBeUndefined();
  await application.close();
});

test("a disk that fills up interrupts it; it is continued when there is room", async () => {
  let isFull = true;
  const full: FileLayer = {
    ...disk,
    async rename(before, after) {
      if (isFull && after.startsWith(to()) && after.endsWith(".png"))
        throw Object.assign(new Error("no space"), { code: "ENOSPC" });
      await disk.rename(before, after);
    },
  };
  const application = await open(from(), full);
  const { app, room } = application.handlers;
  await expect(room.moveLibrary({ to: to() })).rejects.toThrow(
    /could not be moved to .*: the disk is full/,
  );
  expect(await room.libraryMove({})).toMatchObject({
    state: "interrupted",
    problem: expect.stringContaining("the disk is full") as string,
  });
  await expect(room.moveLibrary({ to: join(home, "third") })).rejects.toThrow(
    /is not finished/,
  );
  isFull = false;
  expect(await room.continueMove({})).toMatchObject({ library: to() });
  expect(await app.info({})).toMatchObject({ library: to() });
  await application.close();
});

test("what the end of the program interrupted goes on at the next start, and half a copy is no library", async () => {
  const slow = slowDisk();
  const first = await open(from(), slow.files);
  const moved = first.handlers.room.moveLibrary({ to: to() });
  await slow.reached;
  const closed = first.close();
  slow.go();
  await expect(moved).rejects.toThrow();
  await closed;
  await expect(open(to())).rejects.toThrow(/unfinished copy of the library/);
  const second = await open(from());
  await expect
    .poll(async () => (await second.handlers.app.info({})).library, {
      timeout: 10_000,
    })
    .toBe(to());
  await expect.poll(() => existsSync(from()), { timeout: 10_000 }).toBe(false);
  await second.close();
});
