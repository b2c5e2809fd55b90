/** What the host and a process that tries an engine say to each other: one order, one answer, and it ends. */
import type { EngineId } from "../../../shared/settings/settings";
import type { EngineCheck } from "../engine";
import type { MeasureOrder } from "./measure";

export type TrialOrder = {
  /** Where TensorFlow's library is kept for this user. */
  tensorFlow: string;
} & ({ type: "test"; engine: EngineId } | ({ type: "measure" } & MeasureOrder));

export type TrialAnswer =
  | { type: "checked"; check: EngineCheck }
  | { type: "measured"; msPerStep: number }
  | { type: "failed"; reason: string };
