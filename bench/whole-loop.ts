/**
 * Training as users have it: the thread with its data, noise and messages, and a recorder that writes the run folder.
 * Paused between blocks, so that the others have the machine to themselves.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createStore } from "../src/main/runs/store";
import type { RunRecorder } from "../src/main/runs/run-store";
import { createTrainer } from "../src/main/trainer/spawn";
import type { Trainer } from "../src/main/trainer/spawn";
import type { TrainingSettings } from "../src/shared/settings/settings";
import type { Runner } from "./turns";

export async function createWholeLoop(
  settings: TrainingSettings,
): Promise<Runner & { close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "gan-workbench-bench-"));
  const store = await createStore(join(folder, "library"));
  const recorder = await store.create({
    settings,
    name: null,
    environment: null,
    parent: null,
  });
  const loop = new Loop(createTrainer(), recorder);
  await loop.begin(settings, join(folder, "data"));
  return {
    name: "whole loop",
    block: (steps) => loop.block(steps),
    async close() {
      await loop.end();
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

class Loop {
  /** The ends of the steps of this block, in seconds. */
  private times: number[] = [];
  private wanted = Infinity;
  private wakeOnPause: () => void = () => undefined;
  private reading: Promise<void> = Promise.resolve();

  constructor(
    private readonly trainer: Trainer,
    private readonly recorder: RunRecorder,
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
    this.times = [];
    this.wanted = steps + 1;
    this.trainer.unpause();
    await paused;
    const { times } = this;
    const last = times[times.length - 1];
    return ((last - times[0]) / (times.length - 1)) * 1000;
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
      if (event.type === "paused") this.wakeOnPause();
      if (event.type !== "metrics") continue;
      this.times.push(...event.block.times);
      if (this.times.length >= this.wanted) this.trainer.pause();
    }
  }

  private paused(): Promise<void> {
    return new Promise((resolve) => (this.wakeOnPause = resolve));
  }
}
