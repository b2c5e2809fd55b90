/** A training that ends, and goes on from its folder in another process' place, against one that never ended. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { createEngine } from "../../src/main/engine";
import type { Engine } from "../../src/main/engine/engine";
import { createStore } from "../../src/main/runs/store";
import type { RunRecorder, RunStore } from "../../src/main/runs/store";
import type { Checkpoint } from "../../src/main/trainer/events";
import type { TrainingSettings } from "../../src/shared/settings/settings";
import { noiseImages, smallSettings, trainAll } from "../trainer/runs";
import { curves, recordOf, temporaryStore } from "./library";

const images = noiseImages(22);
const whole = smallSettings(40, {
  checkpoints: {
    everySteps: 7,
    everyMinutes: null,
    keepLast: 3,
    keepBest: true,
  },
});

async function record(
  recorder: RunRecorder,
  settings: TrainingSettings,
  engine: Engine,
  from: Checkpoint | null,
): Promise<void> {
  const { events } = await trainAll(settings, images, engine, from);
  for (const event of events) await recorder.handle(event);
  await recorder.close();
}

function create(store: RunStore): Promise<RunRecorder> {
  return store.create({
    settings: whole,
    name: null,
    environment: null,
    parent: null,
  });
}

test("N and N steps leave the same folder as 2N, but for times", async () => {
  const engine = await createEngine("onnx");
  const store = await temporaryStore();
  const one = await create(store);
  await record(one, whole, engine, null);

  const two = await create(store);
  await record(
    two,
    smallSettings(20, { checkpoints: whole.checkpoints }),
    engine,
    null,
  );
  const elsewhere = await createStore(store.library);
  const { recorder, checkpoint } = await elsewhere.reopen(two.id);
  expect(checkpoint?.position.step).toBe(20);
  await record(recorder, whole, engine, checkpoint);

  const [a, b] = await Promise.all(
    [one.id, two.id].map(async (id) => ({
      curves: (await curves(store, id)).map(({ tags, steps, values }) => ({
        tags,
        steps,
        values,
      })),
      state: (await store.readCheckpoint(id, 40)).state,
      random: (await store.readCheckpoint(id, 40)).position.random,
      listing: await recordOf(store, id),
    })),
  );
  expect(b.curves).toEqual(a.curves);
  expect(b.curves[0].steps).toHaveLength(40);
  expect(b.state).toEqual(a.state);
  expect(b.random).toEqual(a.random);
  expect(b.listing.record.summary).toEqual(a.listing.record.summary);
  expect(b.listing.samples).toEqual(a.listing.samples);
  for (const step of a.listing.samples)
    expect(await readFile(store.samplePath(two.id, step))).toEqual(
      await readFile(store.samplePath(one.id, step)),
    );
  await elsewhere.close();
});
