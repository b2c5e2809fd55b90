/** What the areas of the host share: one library, one trainer, one set of listeners. */
import type { AppEvent } from "../../shared/contract/events";
import type { Engines } from "../engines/engines";
import type { Exchange } from "../exchange/exchange";
import type { QualityThread } from "../quality/quality";
import type { RunStore } from "../runs/run-store";
import type { Trainer } from "../trainer/spawn";
import type { PreferenceStore } from "./preferences";
import type { Shell } from "./shell";
import type { Uploads } from "./uploads";

export interface Host {
  readonly store: RunStore;
  readonly trainer: Trainer;
  readonly engines: Engines;
  readonly exchange: Exchange;
  readonly judging: QualityThread;
  /** Of the time of a training, the most that judging its checkpoints may take. */
  readonly judgingShare: number;
  readonly preferences: PreferenceStore;
  readonly shell: Shell;
  readonly uploads: Uploads;
  /** Downloads, decoded caches and uploads. */
  readonly dataFolder: string;
  readonly version: string;
  emit(event: AppEvent): void;
}
