/** What `train()` yields, in the order in which it happens; the worker posts the same objects. */
import type { AdaptiveState } from "./adaptive-probability";
import type { ModelState } from "../engine/engine";
import type { DataIdentity } from "../../shared/run";
import type { RandomState } from "../../shared/random";
import type { NetworkRole } from "../../shared/settings/settings";
import type { MetricBlock } from "../../shared/step";

/** Where a run stands, enough to go on from exactly there: it travels in the checkpoint's metadata. */
export interface Position {
  /** Steps taken. */
  step: number;
  /** Time spent training, in seconds. */
  seconds: number;
  /** Steps taken of the current epoch. */
  stepInEpoch: number;
  /** One state a stream: `noise`, `order`, `masks`, `flips`. */
  random: Record<string, RandomState>;
  /** The state of `order` when this epoch's permutation was drawn, so that it can be drawn again. */
  epochOrder: RandomState;
  learningRates: Record<NetworkRole, number>;
  /** Where the chance of augmentation is steered. */
  adaptive?: AdaptiveState;
}

/** `safety` guards against a crash, and is not kept once there is a newer one. */
export type SaveReason = "scheduled" | "safety" | "asked" | "final";

export interface Checkpoint {
  state: ModelState;
  position: Position;
}

export type TrainingEvent =
  | {
      type: "started";
      step: number;
      totalSteps: number;
      stepsPerEpoch: number;
      data: DataIdentity;
    }
  | { type: "metrics"; block: MetricBlock }
  | { type: "log"; step: number; line: string }
  /** `[count, channels, size, size]` in the data's range, from the shared noise bank. Step 0 is untrained. */
  | {
      type: "samples";
      step: number;
      count: number;
      channels: 1 | 3;
      size: number;
      pixels: Float32Array;
      /** The same of the average of G's weights, where one is kept. */
      average?: Float32Array;
    }
  | {
      type: "checkpoint";
      reason: SaveReason;
      checkpoint: Checkpoint;
    }
  | {
      type: "learning-rates";
      step: number;
      learningRates: Record<NetworkRole, number>;
    }
  | { type: "paused"; step: number }
  | { type: "unpaused"; step: number }
  /** NaN or infinity in a loss or a weight; nothing after it is trained. */
  | { type: "diverged"; step: number; what: string }
  | { type: "stopped"; step: number }
  | { type: "finished"; step: number };
