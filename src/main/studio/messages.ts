/** What the host asks of the studio thread. */
import type { ModelState } from "../engine/engine";
import type { Exploration } from "../../shared/contract/explore";
import type {
  NetworkRole,
  TrainingSettings,
} from "../../shared/settings/settings";
import { trustedCall } from "../../shared/rpc";
import type { Activation } from "./activations";
import type { Checkpoint } from "../trainer/events";
import type { Drawn, Look } from "./explorer";
import type { Observation } from "./microscope";

export interface Opened {
  id: string;
  observation: Observation;
}

/** A model of the gallery that the thread keeps while it is used, by a name of the host's. */
interface Model {
  model: string;
}

export interface LoadOrder extends Model {
  settings: TrainingSettings;
  state: ModelState;
}

export interface OpenOrder {
  settings: TrainingSettings;
  dataFolder: string;
  from: Checkpoint | null;
}

export const studioContract = {
  studio: {
    /** Whether a model is still held in the thread. */
    holds: trustedCall<Model, boolean>(),
    load: trustedCall<LoadOrder, null>(),
    draw: trustedCall<
      Model & {
        look: Look;
        exploration: Exploration;
      },
      Drawn
    >(),
    open: trustedCall<OpenOrder, Opened>(),
    update: trustedCall<
      { id: string; network: NetworkRole; sameBatch: boolean },
      Observation
    >(),
    activations: trustedCall<
      {
        id: string;
        network: NetworkRole;
        index: number;
        image: "real" | "fake";
      },
      Activation[]
    >(),
    reset: trustedCall<{ id: string }, Observation>(),
    close: trustedCall<{ id: string }, null>(),
  },
};
