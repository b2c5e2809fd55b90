/**
 * Training as users have it: the thread with its data, noise and messages, and a recorder that writes the run folder.
 * Paused between blocks, so that the others have the machine to themselves.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createStore } from "../src/main/runs/store";
import type { RunRecorder } from "../src/main/runs/run-store";
import { TrainerThread } from "../src/main/trainer/spawn";
import type { Trainer } from "../src/main/trainer/spawn";
import type { TrainingSettings } from "../src/shared/settings/settings";
import type { MetricBlock } from "../src/shared/step";
import type { Runner } from "./turns";

export interface WholeLoop extends Runner {
  /** In milliseconds, of each Pause so far. */
  pauses: readonly Halt[];
  /** Stops it in the middle of its steps. */
  stop(): Promise<Halt>;
  close(): Promise<void>;
}

/** How long it takes until a run stands still, in milliseconds. */
export interface Halt {
  /** From asking for it. */
  asked: number;
  /** From the end of the step in flight: what comes behind it, the checkpoint above all. */
  after: number;
}

/** When the last of some steps ended, in milliseconds. */
type TimeOf = (block: MetricBlock) => number;

/** By the thread's own clock unless told otherwise. */
export async function createWholeLoop(
  settings: TrainingSettings,
  timeOf: TimeOf = ({ times, rows }) => times[rows - 1] * 1000,
): Promise<WholeLoop> {
  const folder = await mkdtemp(join(tmpdir(), "gan-workbench-bench-"));
  const store = await createStore(join(folder, "library"));
  const recorder = await store.create({
    settings,
    name: null,
    environment: null,
    parent: null,
  });
  const loop = new Loop(new TrainerThread(), recorder, timeOf);
  await loop.begin(settings, join(folder, "data"));
  return {
    name: "whole loop",
    block: (steps) => loop.block(steps),
    pauses: loop.pauses,
    stop: () => loop.stop(),
    async close() {
      await loop.end();
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

class Loop {
  readonly pauses: Halt[] = [];
  /** In milliseconds since 1970. */
  private lastStepAt = NaN;
  private askedAt: number | null = null;
  /** The first and the last steps of this block that were told, and how many lie between. */
  private first = NaN;
  private last = NaN;
  private steps = 0;
  private wanted = Infinity;
  private wakeOnPause: () => void = () => undefined;
  private wakeOnSteps: () => void = () => undefined;
  private reading: Promise<void> = Promise.resolve();

  constructor(
    private readonly trainer: Trainer,
    private readonly recorder: RunRecorder,
    private readonly timeOf: TimeOf,
  ) {}

  /** Resolves when the run stands still after its first steps. */
  async begin(settings: TrainingSettings, dataFolder: string): Promise<void> {
    const paused = this.paused();
    this.wanted = 1;
    this.reading = this.read(
      {
        ...settings,
        data: { ...settings.data, source: "strokes" },
        schedule: {
          ...settings.schedule,
          length: { unit: "steps", count: 1e9 },
        },
      },
      dataFolder,
    );
    await paused;
  }

  async block(steps: number): Promise<number> {
    const paused = this.paused();
    this.first = NaN;
    this.wanted = steps;
    this.trainer.unpause();
    await paused;
    return (this.last - this.first) / this.steps;
  }

  /** Until all is on the disk. */
  async stop(): Promise<Halt> {
    this.wanted = Infinity;
    this.first = NaN;
    this.trainer.unpause();
    const begun = new Promise<void>((resolve) => (this.wakeOnSteps = resolve));
    await begun;
    this.askedAt = performance.now();
    this.trainer.stop();
    await this.reading;
    return this.halt(this.askedAt);
  }

  async end(): Promise<void> {
    this.trainer.stop();
    await this.reading;
    await this.recorder.close();
    await this.trainer.close();
  }

  private async read(
    settings: TrainingSettings,
    dataFolder: string,
  ): Promise<void> {
    const order = { settings, dataFolder, from: null };
    for await (const event of this.trainer.start(order)) {
      if (
        event.type === "preparing" ||
        event.type === "engine" ||
        event.type === "images-skipped" ||
        event.type === "data-warnings"
      )
        continue;
      await this.recorder.handle(event);
      if (event.type === "paused") this.stand();
      if (event.type === "metrics") this.count(event.block);
    }
  }

  private count(block: MetricBlock): void {
    this.lastStepAt = block.times[block.rows - 1] * 1000;
    this.wakeOnSteps();
    if (Number.isNaN(this.first)) {
      this.first = this.timeOf(block);
      this.steps = 0;
    } else if (this.steps < this.wanted) {
      this.last = this.timeOf(block);
      this.steps += block.rows;
    }
    if (this.steps < this.wanted || this.askedAt !== null) return;
    this.askedAt = performance.now();
    this.trainer.pause();
  }

  private stand(): void {
    if (this.askedAt !== null) this.pauses.push(this.halt(this.askedAt));
    this.askedAt = null;
    this.wakeOnPause();
  }

  private halt(askedAt: number): Halt {
    const now = performance.now();
    return {
      asked: now - askedAt,
      after: performance.timeOrigin + now - this.lastStepAt,
    };
  }

  private paused(): Promise<void> {
    return new Promise((resolve) => (this.wakeOnPause = resolve));
  }
}
