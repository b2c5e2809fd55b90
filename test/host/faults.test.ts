/** What the application does when the thread, the disk or the process fails under it. */
import { spawn } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";
import { describe, expect, it, vi } from "vitest";
import type { AppEvent, Notice } from "../../src/shared/contract/events";
import type { Application } from "../../src/main/host/app";
import { TrainerThread } from "../../src/main/trainer/spawn";
import { createThread } from "../../src/main/thread";
import {
  openChannel,
  recordOf,
  start,
  temporaryApplication,
} from "./application";
import { failing } from "./failing-disk";

describe("a thread that breaks down", () => {
  it("leaves the application alive and its run marked, 100 times in a row", async () => {
    const application = await temporaryApplication({
      trainer: new TrainerThread(() =>
        Promise.resolve(new Worker(crashing, { eval: true })),
      ),
    });
    for (let i = 0; i < 100; i++) {
      const id = await start(application, 10);
      await ended(application);
      expect(await recordOf(application, id)).toMatchObject({
        state: "failed",
        reason: expect.stringMatching(/^Training crashed: a bad moment\./),
      });
    }
    expect(await application.listRuns()).toHaveLength(100);
    await application.close();
  });

  it("is replaced by one that trains at once", async () => {
    let real: Worker | null = null;
    const application = await temporaryApplication({
      trainer: new TrainerThread(
        async () => (real = await createThread("trainer")),
      ),
    });
    const notices = noticesOf(application);
    const broken = await start(application, 1_000_000);
    await until(application, broken, "training");
    // No message of ours: the listener in the thread throws, as a fault of the thread's own would.
    (real as Worker | null)?.postMessage(null);
    await ended(application);
    expect((await recordOf(application, broken)).state).toBe("failed");
    expect(notices).toMatchObject([{ level: "error", run: broken }]);

    const next = await start(application, 20);
    await ended(application);
    expect((await recordOf(application, next)).state).toBe("finished");
    await application.close();
  });
});

describe("a disk", () => {
  it("that is full for a while delays a run and loses nothing", async () => {
    const full = failing("ENOSPC");
    const application = await temporaryApplication({ files: full.files });
    const notices = noticesOf(application);
    const id = await start(application, 60);
    await until(application, id, "training");
    full.fail = true;
    await vi.waitUntil(() => notices.length > 0, 10_000);
    expect(notices[0]).toMatchObject({ level: "warning", run: id });
    expect(application.trainingRun()).toBe(id);
    full.fail = false;
    await ended(application);
    expect(await recordOf(application, id)).toMatchObject({
      state: "finished",
      progress: { step: 60 },
    });
    expect(notices.at(-1)?.text).toContain("There is room again");
    await application.close();
  });

  it("that stays full does not keep the application from closing, and the run goes on at the next launch", async () => {
    const full = failing("ENOSPC");
    const application = await temporaryApplication({ files: full.files });
    const { library } = await application.handlers.app.info({});
    const notices = noticesOf(application);
    const id = await start(application, 1_000_000);
    await until(application, id, "training");
    full.fail = true;
    await vi.waitUntil(() => notices.length > 0, 10_000);
    await application.close();
    expect(application.trainingRun()).toBeNull();

    const again = await temporaryApplication({ library });
    const { state, progress } = await recordOf(again, id);
    expect(state).toBe("interrupted");
    const steps = progress.step + 20;
    await again.handlers.training.resume({ run: id, steps });
    await ended(again);
    expect(await recordOf(again, id)).toMatchObject({
      state: "finished",
      progress: { step: steps },
    });
    await again.close();
  });

  it("that is broken ends the run with a sentence, and not the application", async () => {
    const broken = failing("EIO");
    const application = await temporaryApplication({ files: broken.files });
    const notices = noticesOf(application);
    const id = await start(application, 1_000_000);
    await until(application, id, "training");
    broken.fail = true;
    await ended(application);
    expect(notices.at(0)).toMatchObject({ level: "error", run: id });
    broken.fail = false;
    const next = await start(application, 20);
    await ended(application);
    expect((await recordOf(application, next)).state).toBe("finished");
    await application.close();
  });
});

describe("a run whose process was killed", () => {
  it("is offered at the next launch and can be resumed", async () => {
    const home = await mkdtemp(join(tmpdir(), "gan-workbench-killed-"));
    await trainAndKill(home);
    const application = await temporaryApplication({
      library: join(home, "library"),
    });
    const events: AppEvent[] = [];
    application.attach(openChannel((event) => events.push(event)));
    const offered = () =>
      events.filter(({ type }) => type === "interrupted-runs");
    await vi.waitUntil(() => offered().length > 0, 10_000);
    const [id] = await application.handlers.app.interruptedRuns({});
    expect(offered()).toEqual([{ type: "interrupted-runs", ids: [id] }]);
    const { progress } = await recordOf(application, id);
    const steps = progress.step + 20;
    await application.handlers.training.resume({ run: id, steps });
    await ended(application);
    expect(await recordOf(application, id)).toMatchObject({
      reason: null,
      state: "finished",
      progress: { step: steps },
    });
    expect(await application.handlers.app.interruptedRuns({})).toEqual([]);
    await application.close();
  });
});

/** Begins each run as the real thread does, and throws. */
const crashing = `
  require("node:worker_threads").parentPort.on("message", () => {
    throw new Error("a bad moment");
  });
`;

function noticesOf(application: Application): Notice[] {
  const notices: Notice[] = [];
  application.onEvent((event) => {
    if (event.type === "notice") notices.push(event.notice);
  });
  return notices;
}

async function ended(application: Application): Promise<void> {
  await vi.waitUntil(() => application.trainingRun() === null, {
    timeout: 20_000,
    interval: 5,
  });
}

async function until(
  application: Application,
  id: string,
  state: string,
): Promise<void> {
  await vi.waitUntil(
    async () => (await recordOf(application, id)).state === state,
    20_000,
  );
}

/** A real process with a real run, ended by SIGKILL while it trains. */
async function trainAndKill(home: string): Promise<void> {
  const script = join(import.meta.dirname, "train-for-ever.ts");
  const places = [join(home, "library"), join(home, "data")];
  const train = spawn(
    process.execPath,
    ["--import", "tsx", script, ...places],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const exit = new Promise((done) => train.once("exit", done));
  for await (const line of createInterface(train.stdout))
    if (Number(line) >= 30) break;
  train.kill("SIGKILL");
  await exit;
}
