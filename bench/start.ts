/** From Train to the first picture after step 1, as the trainer's host sees it, in a new thread with its data in the cache. */
import { TrainerThread } from "../src/main/trainer/spawn";
import type { TrainingOrder } from "../src/main/trainer/messages";
import type { TrainingSettings } from "../src/shared/settings/settings";
import { clockTime } from "./turns";

/** Seconds: to the untrained grid, and to the one after step 1. */
export interface Start {
  untrained: number;
  first: number;
}

/** `dataFolder` is where the data is kept; made the first time. `now` is in milliseconds. */
export async function measureStart(
  settings: TrainingSettings,
  dataFolder: string,
  now = clockTime,
): Promise<Start> {
  const length = { unit: "steps", count: 1 } as const;
  const order = {
    settings: { ...settings, schedule: { ...settings.schedule, length } },
    dataFolder,
    from: null,
  };
  await run(order, now);
  return run(order, now);
}

async function run(order: TrainingOrder, now: () => number): Promise<Start> {
  const trainer = new TrainerThread();
  const begun = now();
  const start = { untrained: NaN, first: NaN };
  for await (const event of trainer.start(order)) {
    if (event.type !== "samples") continue;
    const seconds = (now() - begun) / 1000;
    if (event.step === 0) start.untrained = seconds;
    else start.first = seconds;
  }
  await trainer.close();
  return start;
}
