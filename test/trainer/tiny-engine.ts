/**
 * A deterministic engine that needs no library: it moves every weight by a fold of the step's inputs. It learns
 * nothing, but any change in data, noise, order, schedule or learning rate changes its state and its figures.
 */
import type {
  Engine,
  KeptState,
  ModelState,
  StepBatch,
  TrainingSession,
  UpdateReport,
} from "../../src/main/engine/engine";
import { copyState } from "../../src/main/graph/parameters";
import { stepMetrics } from "../../src/shared/metrics";

export interface TinyOptions {
  /** Steps that one call takes at most. */
  preferred?: number;
  /** From this step on every figure is NaN. */
  breakFigureAt?: number;
  /** From this step on a weight is infinite. */
  breakWeightAt?: number;
  /** From this step on pictures have a pixel that is NaN. */
  breakPixelAt?: number;
  /** Told of each call's size. */
  onTrain?: (batch: StepBatch) => void;
}

export function createTinyEngine(options: TinyOptions = {}): Engine {
  return {
    id: "onnx",
    deviceFor: () => "arithmetic",
    createSession: (_model, state) =>
      Promise.resolve(new TinySession(copyState(state), options)),
  };
}

class TinySession implements TrainingSession {
  readonly acceptsBytes = false;
  private steps = 0;
  constructor(
    private state: ModelState,
    private readonly options: TinyOptions,
  ) {}

  preferredSteps(): number {
    return this.options.preferred ?? 8;
  }

  train(batch: StepBatch): Promise<Float32Array[]> {
    this.options.onTrain?.(batch);
    const columns = stepMetrics.map(() => new Float32Array(batch.steps));
    for (let step = 0; step < batch.steps; step++) {
      this.steps++;
      const fold = this.fold(batch, step);
      const broken = this.steps >= (this.options.breakFigureAt ?? Infinity);
      for (const column of columns) column[step] = broken ? NaN : fold;
      this.move(fold * batch.learningRates.discriminator, "discriminator");
      if (batch.generatorUpdates[step])
        this.move(fold * batch.learningRates.generator, "generator");
      if (this.steps >= (this.options.breakWeightAt ?? Infinity))
        this.move(Infinity, "generator");
    }
    return Promise.resolve(columns);
  }

  update(network: "generator" | "discriminator"): Promise<UpdateReport> {
    this.move(1e-3, network);
    return Promise.resolve({ network, metrics: {}, changes: [] });
  }

  fit(): Promise<Float32Array> {
    return Promise.reject(new Error("It fits nothing."));
  }

  generate(latents: Float32Array, count: number): Promise<Float32Array> {
    const pixels = new Float32Array(count * 784);
    pixels.fill(Math.tanh(latents[0]));
    if (this.steps >= (this.options.breakPixelAt ?? Infinity)) pixels[9] = NaN;
    return Promise.resolve(pixels);
  }

  discriminate(_images: Float32Array, count: number): Promise<Float32Array> {
    return Promise.resolve(new Float32Array(count));
  }

  activations(): Promise<Float32Array[]> {
    return Promise.resolve([]);
  }

  keepState(): Promise<KeptState> {
    const kept = copyState(this.state);
    return Promise.resolve({
      arrays: [...kept.values()].map(({ data }) => data),
      read: () => kept,
    });
  }

  readState(): Promise<ModelState> {
    return Promise.resolve(copyState(this.state));
  }

  writeState(state: ModelState): Promise<void> {
    this.state = copyState(state);
    return Promise.resolve();
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }

  private fold(batch: StepBatch, step: number): number {
    let sum = 0;
    for (const values of batch.inputs.values()) {
      const size = values.length / batch.steps;
      for (let i = step * size; i < (step + 1) * size; i++)
        sum = (sum * 31 + values[i]) % 97;
    }
    const weight = this.state.values().next().value?.data[0] ?? 0;
    return Math.fround(sum / 97 + weight);
  }

  private move(by: number, network: string): void {
    for (const [name, { data }] of this.state)
      if (name.startsWith(network) || name.startsWith(`optimizer.${network}`))
        for (let i = 0; i < data.length; i++) data[i] += by;
  }
}
