/**
 * What a training engine is. Data, noise and initial weights come in; losses, scores, pixels and weights go out.
 * An engine draws no random numbers, reads no files and knows no run.
 */
import type {
  DataSettings,
  EngineId,
  EngineSettings,
  NetworkRole,
  TrainingSettings,
} from "../../shared/settings/settings";
import type { FitLoss } from "../graph/fit";
import type { WeightChoice } from "../../shared/run";
import type { StepMetric } from "../../shared/metrics";

export type { WeightChoice } from "../../shared/run";

/** "Not available here" is a value with a sentence. */
export type EngineStatus =
  | { id: EngineId; available: true; device: string; version: string }
  | { id: EngineId; available: false; reason: string };

/** What came of trying an engine in a process of its own. */
export type EngineCheck =
  | {
      passed: true;
      device: string;
      version: string;
      /** Milliseconds of a small step there, and on the processor. */
      msPerStep: number;
      processorMsPerStep: number;
      /** The largest of any weight, after three steps of both. */
      difference: number;
    }
  | { passed: false; reason: string };

/** The parts of the settings that an engine looks at. */
export type ModelSettings = Pick<
  TrainingSettings,
  "generator" | "discriminator" | "objective" | "optimizers" | "improvements"
>;

export interface Engine {
  readonly id: EngineId;
  /** What a session with these options computes on, for people: "CPU, 2 threads", "NVIDIA RTX 4090". */
  deviceFor(options: EngineSettings): string;
  createSession(
    model: ModelSettings,
    state: ModelState,
    options: EngineSettings,
  ): Promise<TrainingSession>;
}

/** One tensor outside the engine: row-major, in PyTorch's layout. */
export interface Tensor {
  shape: readonly number[];
  data: Float32Array;
}

/**
 * Everything that training changes, by name, in the order `graph/parameters.ts` gives:
 * `generator.<parameter>`, `discriminator.<parameter>` (running statistics included),
 * `optimizer.<network>.<parameter>.<slot>`, the scalar `optimizer.<network>.step`, `average.<parameter>`
 * and `spectral.<layer>.<u or v>`.
 */
export type ModelState = Map<string, Tensor>;

/** A state that later steps do not change. */
export interface KeptState {
  /** All its values, as they lie in the engine. */
  readonly arrays: readonly Float32Array[];
  /** A copy. */
  read(): ModelState;
}

/** Real images as they lie in memory: a quarter of the bytes, which the engine makes values of this range of. */
export interface ImageBytes {
  /** `[steps, batch, ...shape]`, row-major; 0 is black. */
  levels: Uint8Array;
  range: DataSettings["range"];
}

/** The inputs of `steps` consecutive steps. */
export interface StepBatch {
  steps: number;
  /** Samples a step. */
  batch: number;
  /** By `StepInput.name`: `[steps, batch, ...shape]`, row-major. The engine may keep no reference after `train` resolves. */
  inputs: ReadonlyMap<string, Float32Array>;
  /** The input `real`, which is then not among the others; only for sessions that accept bytes, and only in `train`. */
  images?: ImageBytes;
  /** One per step: whether G is updated too. */
  generatorUpdates: readonly boolean[];
  learningRates: Record<NetworkRole, number>;
  /** What both rates are multiplied with at each step; absent: 1. */
  rateFactors?: readonly number[];
}

/** What a pair of networks is fitted to in `steps` consecutive steps. */
export interface FitBatch {
  steps: number;
  batch: number;
  loss: FitLoss;
  /** `[steps, batch, ...shape]`: what D's network reads. */
  images: Float32Array;
  /** `[steps, batch, size]`: what G's network is to make of D's outputs; of a cross-entropy the probability of each class. */
  targets: Float32Array;
  learningRate: number;
}

/** What one lone update did to one parameter. */
export interface ParameterChange {
  network: NetworkRole;
  name: string;
  /** L2 norm of the gradient; null where none reached the parameter. */
  gradientNorm: number | null;
  /** The gradient itself, in the parameter's layout; null where none reached it. */
  gradient: Float32Array | null;
  /** L2 norm of new minus old; null where nothing was updated. */
  updateNorm: number | null;
}

/** What one lone update of D or G did. */
export interface UpdateReport {
  network: NetworkRole;
  /** Figures that the update computes; the other network's are absent. */
  metrics: Partial<Record<StepMetric, number>>;
  changes: ParameterChange[];
}

/** How batch normalisation and dropout behave: `batch` uses the batch's own statistics and never drops. */
export type ForwardMode = "batch" | "evaluation";

/** What else pictures are made with. */
export interface Making {
  weights?: WeightChoice;
  /** `[count, classes]`, one-hot or between classes: of networks that read labels. */
  labels?: Float32Array;
}

/** A compiled pair of networks with its weights. Calls must not overlap. */
export interface TrainingSession {
  /** Whether `train` takes real images as bytes. */
  readonly acceptsBytes: boolean;
  /** How many steps `train` takes best at once for this batch size. */
  preferredSteps(batch: number): number;
  /** Takes `batch.steps` steps. Gives `[stepMetrics.length][steps]` in `stepMetrics` order; absent figures are NaN. */
  train(batch: StepBatch): Promise<Float32Array[]>;
  /**
   * One update of one network only, with a full report. `inputs` as for one step. D's update sees detached images, so
   * no gradient reaches G; G's update sends gradients through D, which are reported but not applied.
   */
  update(network: NetworkRole, batch: StepBatch): Promise<UpdateReport>;
  /** Fits D's network, and G's behind it, to targets: nothing adversarial. Gives the loss of each step. */
  fit(batch: FitBatch): Promise<Float32Array>;
  /** Images `[count, ...shape]` from latent vectors `[count, latent]`. Changes no statistics. */
  generate(
    latents: Float32Array,
    count: number,
    mode: ForwardMode,
    making?: Making,
  ): Promise<Float32Array>;
  /** Logits (critic outputs) `[count]` of images `[count, ...shape]`. Changes no statistics. */
  discriminate(
    images: Float32Array,
    count: number,
    mode: ForwardMode,
    labels?: Float32Array,
  ): Promise<Float32Array>;
  /** What each layer gives: `activations[i]` is `[count, ...shapes[i + 1]]`. For the step microscope. */
  activations(
    network: NetworkRole,
    input: Float32Array,
    count: number,
    mode: ForwardMode,
    labels?: Float32Array,
  ): Promise<Float32Array[]>;
  /** The state as it is now, at no cost where the engine can: nothing is copied before it is read. */
  keepState(): Promise<KeptState>;
  /** A copy of the whole state. `writeState(readState())` changes no bit. */
  readState(): Promise<ModelState>;
  writeState(state: ModelState): Promise<void>;
  dispose(): Promise<void>;
}
