/** What the host asks of the studio thread: one table of calls, each answered by a value or by one sentence. */
import type { ModelState } from "../engine/engine";
import type { Exploration, Viewpoint } from "../../shared/contract/explore";
import type {
  NetworkRole,
  TrainingSettings,
} from "../../shared/settings/settings";
import type { Activation } from "./activations";
import type { Checkpoint } from "../trainer/events";
import type { Drawn } from "./explorer";
import type { Observation } from "./microscope";

interface Opened {
  id: string;
  observation: Observation;
}

interface StudioCalls {
  /** Whether a model is still held in the thread. */
  holds: { input: { model: string }; output: boolean };
  load: {
    input: { model: string; settings: TrainingSettings; state: ModelState };
    output: null;
  };
  draw: {
    input: {
      model: string;
      look: Pick<Viewpoint, "mode" | "truncation">;
      exploration: Exploration;
    };
    output: Drawn;
  };
  open: {
    input: {
      settings: TrainingSettings;
      dataFolder: string;
      from: Checkpoint | null;
    };
    output: Opened;
  };
  update: {
    input: { id: string; network: NetworkRole; sameBatch: boolean };
    output: Observation;
  };
  activations: {
    input: {
      id: string;
      network: NetworkRole;
      index: number;
      image: "real" | "fake";
    };
    output: Activation[];
  };
  reset: { input: { id: string }; output: Observation };
  close: { input: { id: string }; output: null };
}

export type StudioCall = keyof StudioCalls;
export type InputOf<K extends StudioCall> = StudioCalls[K]["input"];
export type OutputOf<K extends StudioCall> = StudioCalls[K]["output"];

export type ToStudio =
  | {
      [K in StudioCall]: {
        type: "call";
        id: number;
        name: K;
        input: InputOf<K>;
      };
    }[StudioCall]
  | { type: "exit" };

export type FromStudio =
  | { id: number; ok: true; value: unknown }
  | { id: number; ok: false; sentence: string };
