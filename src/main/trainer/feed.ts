/**
 * Everything that the next steps consume: real images, noise and dropout masks, in the order of `stepInputs`.
 * Knows where the run stands, so that a checkpoint can say it.
 */
import type { ImageBytes, StepBatch } from "../engine/engine";
import type { ImageSet } from "../data/image-set";
import { Random } from "../../shared/random";
import { volume } from "../../shared/layers";
import type {
  NetworkRole,
  TrainingSettings,
} from "../../shared/settings/settings";
import { labelsProblem } from "../../shared/settings/labels";
import { augmentationName, stepInputs } from "../../shared/step";
import { createBatchReader } from "../data/batches";
import type { BatchReader } from "../data/batches";
import { AdaptiveProbability } from "./adaptive-probability";
import { AugmentationDraws } from "./augmentation";
import { DataOrder } from "./data-order";
import type { Position } from "./events";
import { Ramps } from "./ramps";
import { nextPlace } from "./schedule";
import type { Place, Schedule } from "./schedule";
import { createStreams, restoreStreams, saveStreams } from "./streams";
import type { Streams } from "./streams";

export class Feed {
  place: Place;
  private readonly streams: Streams;
  private readonly order: DataOrder;
  private readonly reader: BatchReader;
  private readonly inputs;
  private readonly ramps: Ramps;
  private readonly augmentation: AugmentationDraws | null;
  /** Null where the chance of augmentation stays as the settings have it. */
  readonly adaptive: AdaptiveProbability | null;
  /** Grown to the largest request and cut to size, so that no step allocates. */
  private readonly buffers = new Map<string, Float32Array>();
  private levels = new Uint8Array(0);
  private indices = new Uint32Array(0);

  constructor(
    private readonly settings: TrainingSettings,
    private readonly images: ImageSet,
    private readonly schedule: Schedule,
    from: Position | null,
    /** Whether real images are given as bytes. */
    private readonly bytes = false,
  ) {
    const { title, classes } = images.identity;
    const problem = labelsProblem(settings, title, images.labels && classes);
    if (problem) throw new Error(problem);
    this.place = { step: from?.step ?? 0, stepInEpoch: from?.stepInEpoch ?? 0 };
    this.streams = from
      ? restoreStreams(from.random, settings.seed)
      : createStreams(settings.seed);
    const begun =
      from && from.stepInEpoch > 0 && from.stepInEpoch < schedule.stepsPerEpoch;
    this.order = new DataOrder(
      this.streams.order,
      settings.schedule.order,
      images.count,
      begun ? Random.fromState(from.epochOrder) : null,
    );
    this.reader = createBatchReader(images, settings.data);
    this.inputs = stepInputs(settings);
    const { augmentation } = settings.improvements;
    this.augmentation =
      augmentation && new AugmentationDraws(augmentation, settings.data);
    this.adaptive = augmentation?.adaptive
      ? new AdaptiveProbability(augmentation.adaptive, from?.adaptive)
      : null;
    this.ramps = new Ramps(settings.improvements, schedule.totalSteps);
  }

  /** What a checkpoint needs to know of the data and of chance. */
  get position(): Pick<
    Position,
    "step" | "stepInEpoch" | "random" | "epochOrder" | "adaptive"
  > {
    return {
      ...this.place,
      random: saveStreams(this.streams),
      epochOrder: this.order.epochOrder,
      ...(this.adaptive && { adaptive: this.adaptive.state }),
    };
  }

  /** The inputs of the next `steps` steps, all with the same batch size. The arrays are overwritten by the next call. */
  take(steps: number, learningRates: Record<NetworkRole, number>): StepBatch {
    const batch = this.schedule.batchAfter(this.place);
    const generatorUpdates: boolean[] = [];
    const rateFactors: number[] = [];
    const inputs = new Map<string, Float32Array>();
    let images: ImageBytes | undefined;
    for (const { name, kind, shape } of this.inputs) {
      const length = steps * batch * volume(shape);
      if (kind === "real" && this.bytes) images = this.imageBytes(length);
      else inputs.set(name, this.buffer(name, length));
    }
    if (this.indices.length !== batch) this.indices = new Uint32Array(batch);
    for (let step = 0; step < steps; step++) {
      generatorUpdates.push(this.schedule.updatesGeneratorAfter(this.place));
      rateFactors.push(this.ramps.rateFactor(this.place.step + 1));
      if (images) this.fillBytes(images.levels, step, batch);
      this.fillStep(inputs, step, batch);
      this.place = nextPlace(this.schedule, this.place);
    }
    return {
      steps,
      batch,
      inputs,
      images,
      generatorUpdates,
      learningRates,
      rateFactors,
    };
  }

  private fillStep(
    inputs: Map<string, Float32Array>,
    step: number,
    batch: number,
  ): void {
    let augmented: NetworkRole | null = null;
    for (const input of this.inputs) {
      const whole = inputs.get(input.name);
      if (!whole) continue;
      const size = batch * volume(input.shape);
      const target = whole.subarray(step * size, (step + 1) * size);
      switch (input.kind) {
        case "real":
          this.fillReal(target);
          break;
        case "labels":
          this.fillLabels(target);
          break;
        case "noise":
          this.streams.noise.fillNormal(target);
          break;
        case "mask":
          this.streams.masks.fillMask(target, input.rate);
          break;
        case "instance-noise":
          this.fillInstanceNoise(target);
          break;
        case "augmentation":
          // All parts of an update at once, at its first.
          if (input.update !== augmented)
            this.fillAugmentation(inputs, input.update, step, batch);
          augmented = input.update;
          break;
        case "mixture":
          for (let i = 0; i < target.length; i++)
            target[i] = this.streams.mixture.uniform();
          break;
        default:
          input satisfies never;
      }
    }
  }

  private fillReal(target: Float32Array): void {
    this.drawIndices();
    this.reader.fill(target, this.indices, this.streams.flips);
  }

  private fillBytes(levels: Uint8Array, step: number, batch: number): void {
    this.drawIndices();
    const size = batch * (this.images.pixels.length / this.images.count);
    const target = levels.subarray(step * size, (step + 1) * size);
    this.reader.fillBytes(target, this.indices, this.streams.flips);
  }

  private drawIndices(): void {
    const { batchSize } = this.settings.schedule;
    const done = this.place.stepInEpoch % this.schedule.stepsPerEpoch;
    this.order.fill(this.indices, done * batchSize);
  }

  /** Of the images that were filled in last. */
  private fillLabels(target: Float32Array): void {
    const { labels } = this.images;
    const classes = target.length / this.indices.length;
    target.fill(0);
    this.indices.forEach((index, row) => {
      target[row * classes + (labels?.[index] ?? 0)] = 1;
    });
  }

  private fillAugmentation(
    inputs: ReadonlyMap<string, Float32Array>,
    update: NetworkRole,
    step: number,
    batch: number,
  ): void {
    const { augmentation } = this.settings.improvements;
    this.augmentation?.fill(
      (part) => {
        const whole = inputs.get(augmentationName(update, part));
        const input = this.inputs.find(
          (one) => one.kind === "augmentation" && one.part === part,
        );
        const size = batch * volume(input?.shape ?? []);
        return (whole ?? new Float32Array(size)).subarray(
          step * size,
          (step + 1) * size,
        );
      },
      batch,
      this.adaptive?.probability ?? augmentation?.probability ?? 0,
      this.streams.augmentation,
    );
  }

  private fillInstanceNoise(target: Float32Array): void {
    const deviation = this.ramps.noiseDeviation(this.place.step + 1);
    this.streams.instance.fillNormal(target);
    for (let i = 0; i < target.length; i++) target[i] *= deviation;
  }

  private imageBytes(length: number): ImageBytes {
    if (this.levels.length < length) this.levels = new Uint8Array(length);
    const { range } = this.settings.data;
    return { levels: this.levels.subarray(0, length), range };
  }

  private buffer(name: string, length: number): Float32Array {
    const buffer = this.buffers.get(name);
    if (buffer && buffer.length >= length) return buffer.subarray(0, length);
    const grown = new Float32Array(length);
    this.buffers.set(name, grown);
    return grown;
  }
}
