/** The training thread for real: its own engine, its own data, messages both ways. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventsUnderWay } from "../../src/main/trainer/messages";
import type {
  TrainerEvent,
  TrainingOrder,
} from "../../src/main/trainer/messages";
import { createThread } from "../../src/main/thread";
import { TrainerThread, TrainerError } from "../../src/main/trainer/spawn";
import type { Trainer } from "../../src/main/trainer/spawn";
import { smallSettings } from "./runs";

let dataFolder: string;
let trainer: Trainer;

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), "trainer-"));
  trainer = new TrainerThread();
});
afterAll(async () => {
  await trainer.close();
  await rm(dataFolder, { recursive: true });
});

function order(steps: number, source = "strokes"): TrainingOrder {
  const settings = smallSettings(steps, {
    engine: { id: "onnx", threads: 1, spinning: false },
  });
  const data = {
    ...settings.data,
    source,
    limit: { count: 64, pick: "first" as const },
  };
  return { settings: { ...settings, data }, dataFolder, from: null };
}

async function collect(
  events: AsyncIterable<TrainerEvent>,
  onEvent: (event: TrainerEvent) => unknown = () => undefined,
): Promise<TrainerEvent[]> {
  const all: TrainerEvent[] = [];
  for await (const event of events) {
    all.push(event);
    await onEvent(event);
  }
  return all;
}

describe("the training thread", () => {
  it("trains a run to its end", async () => {
    const events = await collect(trainer.start(order(30)));
    const kinds = new Set(events.map(({ type }) => type));
    expect([...kinds]).toEqual(
      expect.arrayContaining([
        "engine",
        "started",
        "metrics",
        "samples",
        "log",
        "checkpoint",
        "finished",
      ]),
    );
    expect(events.at(-1)).toEqual({ type: "finished", step: 30 });
    expect(trainer.busy).toBe(false);
  });

  it("stops when told, with everything it had", async () => {
    const events = await collect(trainer.start(order(1_000_000)), (event) => {
      if (event.type === "samples" && event.step === 20) trainer.stop();
    });
    expect(events.at(-2)).toMatchObject({ type: "checkpoint" });
    expect(events.at(-1)).toMatchObject({ type: "stopped" });
  });

  it("pauses and goes on", async () => {
    const events = await collect(trainer.start(order(300)), (event) => {
      if (event.type === "samples" && event.step === 10) trainer.pause();
      if (event.type === "paused") trainer.unpause();
    });
    const kinds = events.map(({ type }) => type);
    expect(kinds.indexOf("unpaused")).toBe(kinds.indexOf("paused") + 1);
    expect(events.at(-1)).toEqual({ type: "finished", step: 300 });
  });

  it("waits for a slow reader instead of piling up events", async () => {
    const run = order(1_000_000);
    run.settings.sampling.cadences = [];
    let restedUntil = 0;
    let madeMeanwhile = 0;
    for await (const event of trainer.start(run)) {
      if (event.type !== "metrics") continue;
      if (restedUntil === 0) {
        await new Promise((resolve) => setTimeout(resolve, 500));
        restedUntil = Date.now() / 1000;
      } else if (event.block.times[0] < restedUntil) madeMeanwhile++;
      else break;
    }
    expect(madeMeanwhile).toBeLessThanOrEqual(eventsUnderWay);
  });

  it("stops the run of a reader who leaves early", async () => {
    for await (const event of trainer.start(order(1_000_000)))
      if (event.type === "samples") break;
    expect(trainer.busy).toBe(false);
    const events = await collect(trainer.start(order(5)));
    expect(events.at(-1)).toEqual({ type: "finished", step: 5 });
  });

  it("refuses a second run while one is under way", async () => {
    const first = trainer.start(order(1_000_000));
    expect(() => trainer.start(order(5))).toThrow("Another run is training");
    await first.return?.();
    expect(trainer.busy).toBe(false);
  });

  it("tells bad data in one sentence and stays usable", async () => {
    const missing = collect(trainer.start(order(5, join(dataFolder, "none"))));
    await expect(missing).rejects.toBeInstanceOf(TrainerError);
    const events = await collect(trainer.start(order(5)));
    expect(events.at(-1)).toEqual({ type: "finished", step: 5 });
  });
});

describe("a thread that breaks down", () => {
  it("ends its run with a sentence, and the next run has a new thread, 100 times", async () => {
    let threads = 0;
    const broken = new TrainerThread(() => {
      threads++;
      return Promise.resolve(
        new Worker(
          `require("node:worker_threads").parentPort.on("message", () => { throw new Error("out of luck"); });`,
          { eval: true },
        ),
      );
    });
    for (let i = 0; i < 100; i++) {
      const crash = collect(broken.start(order(5)));
      await expect(crash).rejects.toThrow("Training crashed: out of luck");
      expect(broken.busy).toBe(false);
    }
    expect(threads).toBe(100);
  }, 120_000);
});

describe("when the system lets no more files be opened", () => {
  const fails = `throw Object.assign(new Error("EMFILE: too many open files"), { code: "EMFILE" });`;
  /** Two threads that cannot load their code, and then one that can. */
  function lateTrainer() {
    let threads = 0;
    return new TrainerThread(() => {
      threads++;
      if (threads === 1) {
        const error = new Error("Worker initialization failure: EMFILE");
        return Promise.reject(error);
      }
      return threads === 2
        ? Promise.resolve(new Worker(fails, { eval: true }))
        : createThread("trainer");
    });
  }

  it("a run that has not begun waits, says so, and trains", async () => {
    const late = lateTrainer();
    const events = await collect(late.start(order(5)));
    expect(events).toContainEqual(
      expect.objectContaining({
        type: "preparing",
        title: "Waiting until the system lets more files be opened",
      }),
    );
    expect(events.at(-1)).toEqual({ type: "finished", step: 5 });
    await late.close();
  });

  it("a stop while it waits is not forgotten", async () => {
    const late = lateTrainer();
    const events = collect(late.start(order(1_000_000)));
    late.stop();
    expect((await events).at(-1)).toMatchObject({ type: "stopped" });
    await late.close();
  });

  it("the application can be closed while it waits", async () => {
    const never = new TrainerThread(() =>
      Promise.reject(new Error("Worker initialization failure: EMFILE")),
    );
    const run = collect(never.start(order(5)));
    await Promise.all([
      expect(run).rejects.toBeInstanceOf(TrainerError),
      delay(100).then(() => never.close()),
    ]);
  });
});
