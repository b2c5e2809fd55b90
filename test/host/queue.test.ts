/** The queue at work: places, pauses, forks, what ends a process again and again, and sweeps to their end. */
import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { AppEvent } from "../../src/shared/contract/events";
import type { QueueOrder } from "../../src/shared/contract/queue";
import { newItem, withItems } from "../../src/shared/queue";
import type { SweepOrder } from "../../src/shared/sweeps/plan";
import { parseAxis } from "../../src/shared/sweeps/values";
import type { Application } from "../../src/main/host/app";
import { disk } from "../../src/main/disk/file-layer";
import { QueueFile } from "../../src/main/sweep/queue-file";
import { quickSettings, recordOf, temporaryApplication } from "./application";
import { failing } from "./failing-disk";

vi.setConfig({ testTimeout: 120_000 });

const open: Application[] = [];
afterEach(async () => {
  for (const application of open.splice(0)) await application.close();
});

async function opened(
  options: Parameters<typeof temporaryApplication>[0] = {},
): Promise<Application> {
  const application = await temporaryApplication(options);
  open.push(application);
  return application;
}

const order = (steps: number, name: string): QueueOrder => ({
  type: "new",
  settings: quickSettings(steps),
  name,
});

const forEver = 1_000_000;

async function libraryOf(application: Application): Promise<string> {
  return (await application.handlers.app.info({})).library;
}

/** How many train; what is paused is not among them. */
async function training(application: Application): Promise<string[]> {
  const runs = await application.listRuns();
  return runs.flatMap((listing) =>
    listing.kind === "run" && listing.record.state === "training"
      ? [listing.record.name]
      : [],
  );
}

function sweepOrder(vary: string[], seeds: number[] = []): SweepOrder {
  return {
    settings: quickSettings(20),
    presets: [],
    axes: vary.map(parseAxis),
    seeds,
    random: null,
  };
}

it("trains so many at once, and a paused run leaves its place to the next", async () => {
  const application = await opened();
  const { queue, training: calls } = application.handlers;
  await queue.change({ atOnce: 2 });
  for (const name of ["a", "b", "c", "d"])
    await queue.add({ order: order(forEver, name) });
  await expect
    .poll(async () => (await training(application)).sort(), { timeout: 30_000 })
    .toEqual(["a", "b"]);
  await delay(1500);
  expect(await training(application)).toHaveLength(2);

  const [first] = (await application.listRuns()).flatMap((listing) =>
    listing.kind === "run" && listing.record.name === "a"
      ? [listing.record.id]
      : [],
  );
  await calls.pause({ run: first });
  await expect
    .poll(async () => (await training(application)).sort(), { timeout: 30_000 })
    .toEqual(["b", "c"]);
  expect((await recordOf(application, first)).state).toBe("paused");
  const { items } = await queue.state({});
  expect(items.filter(({ startedAt }) => startedAt === null)).toHaveLength(1);
  await queue.remove({ runs: items.map(({ run }) => run) });
});

it("a queued fork begins at the checkpoint that it was asked at, though the parent is gone by then", async () => {
  const application = await opened();
  const { queue, runs } = application.handlers;
  const begun = await queue.add({ order: order(20, "parent") });
  if (begun.type !== "started" || begun.listing.kind !== "run") throw begun;
  const parent = begun.listing.record.id;
  await expect
    .poll(async () => (await recordOf(application, parent)).state, {
      timeout: 30_000,
    })
    .toBe("finished");
  // Its last checkpoint is on the disk.
  await expect.poll(() => application.isTraining(parent)).toBe(false);
  await queue.change({ held: true });
  const queued = await queue.add({
    order: {
      type: "fork",
      run: parent,
      step: 20,
      settings: quickSettings(40),
      name: null,
    },
  });
  if (queued.type !== "waits")
    throw new Error("It began in spite of the hold.");
  const fork = queued.run;
  await runs.remove({ ids: [parent] });
  await queue.change({ held: false });
  await expect
    .poll(async () => (await recordOf(application, fork)).state, {
      timeout: 30_000,
    })
    .toBe("finished");
  const record = await recordOf(application, fork);
  expect(record.parent).toEqual({ run: parent, step: 20 });
  expect(record.progress.step).toBe(40);
});

it("gives up a run that ends the whole program again and again, and goes on with the next", async () => {
  const before = await opened({ hasWindows: false });
  const library = await libraryOf(before);
  const file = new QueueFile(disk, { library });
  const now = new Date();
  const item = (run: string) =>
    newItem({ run, name: run, kind: "new", sweep: null }, now);
  for (const run of ["bad", "good"]) await file.writeOrder(run, order(10, run));
  // As five programs left it that ended while they started it.
  await file.change((queue) =>
    withItems(queue, [{ ...item("bad"), attempts: 5 }, item("good")], false),
  );
  const application = await createApplicationLike(library);
  await expect
    .poll(async () => (await application.handlers.queue.state({})).items, {
      timeout: 30_000,
    })
    .toMatchObject([
      { run: "bad", problem: expect.stringContaining("started 5 times") },
    ]);
  expect((await recordOf(application, "good")).state).toBe("finished");
});

/** Another program on the same library. */
async function createApplicationLike(library: string): Promise<Application> {
  return opened({ library });
}

it("gives up a run of a sweep whose folder stays gone, and goes on with the next", async () => {
  const application = await opened({ patienceForFolder: 500 });
  const { sweeps } = application.handlers;
  const long = { ...sweepOrder(["seed=0, 1"]), settings: quickSettings(400) };
  const { id, entries } = await sweeps.start({
    ...{ order: long, name: "gone", earlyStop: null, report: false },
  });
  const [first, second] = entries.map(({ run }) => run);
  const folder = join(await libraryOf(application), "runs");
  await expect
    .poll(() => existsSync(join(folder, first, "samples")), {
      timeout: 100_000,
    })
    .toBe(true);
  const advice = adviceOf(application);
  await rename(join(folder, first), join(folder, "..", "elsewhere"));
  await expect
    .poll(async () => (await sweeps.status({ id })).counts, { timeout: 60_000 })
    .toMatchObject({ finished: 1, missing: 1 });
  expect(await advice).toContain("Put it back within 0.5 s, or the sweep");
  expect((await recordOf(application, second)).state).toBe("finished");
  expect((await sweeps.status({ id })).unfinished).toEqual([0]);
});

it("waits half a minute for such a folder, and says so", async () => {
  const application = await opened();
  const { queue, sweeps } = application.handlers;
  const long = {
    ...sweepOrder(["seed=0"]),
    settings: quickSettings(forEver),
  };
  const { entries } = await sweeps.start({
    ...{ order: long, name: "gone", earlyStop: null, report: false },
  });
  const [{ run }] = entries;
  const folder = join(await libraryOf(application), "runs", run);
  await expect
    .poll(() => existsSync(join(folder, "samples")), { timeout: 100_000 })
    .toBe(true);
  const advice = adviceOf(application);
  await rename(folder, `${folder}-elsewhere`);
  expect(await advice).toContain("Put it back within 30 s, or the sweep");
  await rename(`${folder}-elsewhere`, folder);
  expect(application.isTraining(run)).toBe(true);
  await queue.remove({ runs: [run] });
});

/** What the next warning advises. */
function adviceOf(application: Application): Promise<string | null> {
  return new Promise((resolve) => {
    application.onEvent((event) => {
      if (event.type === "notice" && event.notice.level === "warning")
        resolve(event.notice.advice);
    });
  });
}

describe(
  "a disk that fills up in the middle of a sweep",
  { timeout: 300_000 },
  () => {
    const started = async (application: Application) => {
      const { sweeps } = application.handlers;
      const order = {
        ...sweepOrder(["seed=0, 1, 2, 3"]),
        settings: quickSettings(120),
      };
      const status = await sweeps.start({
        ...{ order, name: "full", earlyStop: null, report: false },
      });
      await expect
        .poll(async () => (await sweeps.status(status)).counts.finished ?? 0, {
          ...{ timeout: 100_000, interval: 20 },
        })
        .toBeGreaterThan(0);
      // The next has its folder.
      await expect
        .poll(() => training(application), { timeout: 60_000, interval: 20 })
        .toHaveLength(1);
      return status;
    };

    it("is waited for, and nothing is lost", async () => {
      const full = failing("ENOSPC");
      const application = await opened({ files: full.files });
      const { sweeps } = application.handlers;
      const { id } = await started(application);
      const advice = adviceOf(application);
      full.fail = true;
      expect(await advice).toContain("resumes by itself when there is room");
      const before = await sweeps.status({ id });
      await delay(1_000);
      // The run that waits keeps its place: the others would only wait for the same room.
      expect((await sweeps.status({ id })).counts).toEqual(before.counts);
      full.fail = false;
      await expect
        .poll(async () => (await sweeps.status({ id })).counts, {
          timeout: 100_000,
        })
        .toEqual({ finished: 4 });
    });
  },
);

describe("a sweep from the window", () => {
  it("is planned with its cost, refused with its variant's name, put in the queue, and told and reported at its end", async () => {
    const application = await opened();
    const { sweeps } = application.handlers;
    const wanted = sweepOrder(["learningRate=1e-4, 2e-4"], [0, 1]);
    const preview = await sweeps.plan({ order: wanted });
    expect(preview).toMatchObject({
      labels: ["Learning rate 1e-4", "Learning rate 2e-4"],
      configurations: 2,
      seeds: [0, 1],
      cost: { runs: 4, steps: 80, measured: false },
      downloads: [],
    });
    await expect(
      sweeps.plan({ order: sweepOrder(["learningRate=1e-4, 99"]) }),
    ).rejects.toThrow("The variant Learning rate 99");
    await expect(
      sweeps.start({
        order: sweepOrder(["data.limit.count=640, 10"]),
        name: "few",
        earlyStop: null,
        report: false,
      }),
    ).rejects.toThrow("The variant Number of images 10");
    expect(await sweeps.list({})).toEqual([]);

    const ended = new Promise<AppEvent & { type: "sweep-ended" }>((resolve) =>
      application.onEvent((event) => {
        if (event.type === "sweep-ended") resolve(event);
      }),
    );
    const { id, entries } = await sweeps.start({
      order: wanted,
      name: "rates",
      earlyStop: null,
      report: true,
    });
    expect(entries.map(({ name }) => name)).toEqual([
      "Learning rate 1e-4 · seed 0",
      "Learning rate 1e-4 · seed 1",
      "Learning rate 2e-4 · seed 0",
      "Learning rate 2e-4 · seed 1",
    ]);
    const { sweep } = await ended;
    expect(sweep).toMatchObject({ id, done: true, counts: { finished: 4 } });
    expect(existsSync(sweep.report ?? "")).toBe(true);
    expect(await sweeps.comparison({ id })).toEqual({
      name: "rates",
      runs: entries.map(({ run }) => run),
      left: 0,
      byQuality: false,
    });
    const response = await application.respond(
      new Request(`http://x/files/sweeps/${id}/report.html`),
    );
    expect(response.headers.get("content-disposition")).toBe("attachment");
    expect(await response.text()).toContain("<!doctype html>");
    // At the speed that was measured.
    const again = await sweeps.plan({ order: wanted });
    expect(again.cost.steps).toBe(80);
  });

  it("makes up a run that was deleted in the middle, and nothing else", async () => {
    const application = await opened();
    const { queue, runs, sweeps } = application.handlers;
    const { id, entries } = await sweeps.start({
      order: sweepOrder(["seed=0,1,2"]),
      name: "seeds",
      earlyStop: null,
      report: false,
    });
    const status = () => sweeps.status({ id });
    await expect
      .poll(async () => (await status()).counts.finished ?? 0, {
        timeout: 60_000,
        interval: 20,
      })
      .toBeGreaterThan(0);
    await runs.remove({ ids: [entries[0].run] });
    await expect
      .poll(async () => (await queue.state({})).items, { timeout: 60_000 })
      .toEqual([]);
    expect(await status()).toMatchObject({
      entries: [
        { state: "missing", reason: null },
        { state: "finished" },
        { state: "finished" },
      ],
      unfinished: [0],
      done: false,
    });
    const rerun = await sweeps.enqueue({ id });
    expect(rerun.counts).toMatchObject({ finished: 2 });
    await expect
      .poll(async () => (await status()).counts, { timeout: 60_000 })
      .toEqual({ finished: 3 });
  });
});
