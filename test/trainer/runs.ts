/** Small runs for the trainer's tests: a handful of images, small networks, everything in memory. */
import type { ImageSet } from "../../src/main/data/image-set";
import type { Engine } from "../../src/main/engine/engine";
import { Control } from "../../src/main/trainer/control";
import type { Checkpoint, TrainingEvent } from "../../src/main/trainer/events";
import { train } from "../../src/main/trainer/train";
import { jaketaeMlp } from "../../src/shared/settings/presets/jaketae-mlp";
import * as l from "../../src/shared/settings/presets/layers";
import { Random } from "../../src/shared/random";
import type { TrainingSettings } from "../../src/shared/settings/settings";

/** Noise as images: `count` of them, the same for the same count. */
export function noiseImages(
  count: number,
  size = 28,
  channels: 1 | 3 = 1,
): ImageSet {
  const random = Random.fromSeed(count, "test images");
  const pixels = Uint8Array.from(
    { length: count * channels * size * size },
    () => random.below(256),
  );
  return {
    identity: { title: "noise", hash: `noise-${count}`, count, classes: null },
    count,
    channels,
    size,
    pixels,
    labels: null,
    skipped: [],
  };
}

/** jaketae's preset with hidden layers of 8, for a number of steps. */
export function smallSettings(
  steps: number,
  changes: Partial<TrainingSettings> = {},
): TrainingSettings {
  const { settings } = jaketaeMlp;
  return {
    ...settings,
    generator: {
      ...settings.generator,
      input: [5],
      layers: l.sequential("", [l.dense(8), l.relu, l.dense(784), l.tanh]),
    },
    discriminator: {
      ...settings.discriminator,
      layers: l.sequential("", [
        l.dense(8),
        l.leakyRelu,
        l.dense(1),
        l.sigmoid,
      ]),
    },
    schedule: {
      batchSize: 4,
      order: "shuffle",
      lastBatch: "drop",
      length: { unit: "steps", count: steps },
    },
    sampling: {
      ...settings.sampling,
      count: 4,
      cadences: [{ unit: "step", every: 10, within: "run", at: "end" }],
    },
    log: {
      cadence: { unit: "step", every: 5, within: "run", at: "end" },
      template: "Step [{step}/{steps}], d_loss: {dLoss:.4f}",
      tensorboard: false,
    },
    ...changes,
  };
}

export interface Trained {
  events: TrainingEvent[];
  /** The last checkpoint handed out. */
  checkpoint: Checkpoint | null;
}

/** Trains to the end; `onEvent` may post to the control. */
export async function trainAll(
  settings: TrainingSettings,
  images: ImageSet,
  engine: Engine,
  from: Checkpoint | null = null,
  onEvent: (event: TrainingEvent, control: Control) => void = () => undefined,
): Promise<Trained> {
  const control = new Control();
  const trained: Trained = { events: [], checkpoint: null };
  for await (const event of train({
    settings,
    images,
    engine,
    control,
    from,
  })) {
    trained.events.push(event);
    if (event.type === "checkpoint") trained.checkpoint = event.checkpoint;
    onEvent(event, control);
  }
  return trained;
}

/** Every event of one type. */
export function eventsOf<T extends TrainingEvent["type"]>(
  { events }: Trained,
  type: T,
): Extract<TrainingEvent, { type: T }>[] {
  return events.filter(
    (event): event is Extract<TrainingEvent, { type: T }> =>
      event.type === type,
  );
}

/** All rows of one metric, in step order. */
export function series(trained: Trained, column: number): number[] {
  return eventsOf(trained, "metrics").flatMap(({ block }) => [
    ...block.columns[column],
  ]);
}
