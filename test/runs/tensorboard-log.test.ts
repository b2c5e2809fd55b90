/** The second event file of a run: the tutorial's tags, steps from 0, and the grids that TensorBoard's image tab shows. */
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tensorBoardFolder } from "../../src/main/runs/folder/layout";
import { decodeEvent } from "../../src/main/runs/curves/tensorboard/messages";
import { readLog } from "../../src/main/runs/curves/tensorboard/read-log";
import type { RunStore } from "../../src/main/runs/store";
import { presets } from "../../src/shared/settings/presets";
import { settingsSchema } from "../../src/shared/settings/settings";
import {
  checkpoint,
  curve,
  curves,
  finishedRun,
  metrics,
  samples,
  started,
  temporaryStore,
  tinySettings,
  valueAt,
} from "./library";

const logged = {
  ...tinySettings,
  log: { ...tinySettings.log, tensorboard: true },
};

interface SecondLog {
  scalars: Record<string, [step: number, value: number][]>;
  images: [step: number, png: Buffer][];
}

/** What any reader of event files finds in the one file of the folder. */
async function secondLog(store: RunStore, run: string): Promise<SecondLog> {
  const folder = tensorBoardFolder(store.folder(run));
  const names = await readdir(folder);
  expect(names).toEqual([expect.stringMatching(/^events\.out\.tfevents\./)]);
  const log: SecondLog = { scalars: {}, images: [] };
  await readLog(join(folder, names[0]), 0, (data) => {
    const { step, values } = decodeEvent(data.slice());
    for (const value of values)
      if (value.kind === "scalar")
        (log.scalars[value.tag] ??= []).push([step, value.value]);
      else if (value.kind === "images") {
        expect(value.tag).toBe("samples");
        log.images.push([step, Buffer.from(value.images[0])]);
      }
  });
  return log;
}

const stepsOf = (log: SecondLog, tag: string) =>
  log.scalars[tag].map(([step]) => step);
const from0 = (count: number) => Array.from({ length: count }, (_, n) => n);

test("the presets of the tutorial with TensorBoard ask for one, and runs of before there was the setting do not", () => {
  const asking = presets.filter(({ settings }) => settings.log.tensorboard);
  expect(asking.map(({ id }) => id)).toEqual([
    "jrtechs-gan",
    "jrtechs-dcgan",
    "jrtechs-wgan",
  ]);
  const { cadence, template } = tinySettings.log;
  const older = settingsSchema.parse({
    ...tinySettings,
    log: { cadence, template },
  });
  expect(older.log.tensorboard).toBe(false);
});

test("it grows while the run trains, and the run's own file stays the truth of its curves", async () => {
  const store = await temporaryStore();
  const recorder = await store.create({
    settings: logged,
    name: null,
    environment: null,
    parent: null,
  });
  await recorder.handle(started);
  await recorder.handle(samples(0));
  await recorder.handle(metrics(1, 10, 5));
  await recorder.handle(samples(10));
  await expect
    .poll(async () => (await secondLog(store, recorder.id)).images.length)
    .toBe(2);
  const live = await secondLog(store, recorder.id);
  expect(live.scalars.D_Loss).toEqual(
    from0(10).map((step) => [step, valueAt(step + 1, 0)]),
  );
  // G is updated at every fifth step of ours, from the first.
  expect(live.scalars.G_Loss).toEqual([
    [0, valueAt(1, 3)],
    [5, valueAt(6, 3)],
  ]);
  expect(stepsOf(live, "score/real")).toEqual(from0(10));
  const grid = await readFile(store.samplePath(recorder.id, 10));
  expect(live.images).toEqual([
    [0, await readFile(store.samplePath(recorder.id, 0))],
    [9, grid],
  ]);
  await recorder.close();
  const own = await curves(store, recorder.id);
  expect(own.flatMap(({ tags }) => tags)).not.toContain("D_Loss");
  expect(curve(own, "loss/discriminator").steps).toEqual(
    from0(10).map((step) => step + 1),
  );
});

test("a run that goes on from a checkpoint cuts it back too, and one that never had it gets all of it", async () => {
  const store = await temporaryStore();
  const id = await finishedRun(store, 20);
  const goOn = async (at: number) => {
    const { recorder } = await store.reopen(id, { settings: logged, at });
    await recorder.handle({ ...started, step: at } as typeof started);
    return recorder;
  };
  const first = await goOn(20);
  await first.handle(metrics(21, 30));
  await first.handle(samples(30));
  await first.handle(checkpoint(30));
  await first.close();
  const whole = await secondLog(store, id);
  expect(stepsOf(whole, "D_Loss")).toEqual(from0(30));
  expect(whole.images.map(([step]) => step)).toEqual([0, 9, 19, 29]);

  const again = await goOn(10);
  await again.handle(metrics(11, 12));
  await again.close();
  const cut = await secondLog(store, id);
  expect(stepsOf(cut, "D_Loss")).toEqual(from0(12));
  expect(stepsOf(cut, "G_Loss")).toEqual(from0(12));
});
