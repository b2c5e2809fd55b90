/**
 * The states of a run that were looked through and hold no NaN and no infinity: where checkpoints come from. The last
 * one is kept until it is handed out, so that a run that diverges still has a state to go back to.
 */
import type { KeptState, TrainingSession } from "../engine/engine";
import type { Checkpoint, Position } from "./events";
import { allFinite, brokenTensor } from "./finite";

export class SoundStates {
  private last: { kept: KeptState; position: Position } | null = null;
  private handedOutAt = -1;

  constructor(private readonly session: TrainingSession) {}

  /** Looks through the state as it is now. Gives the name of a tensor that is not sound, or null. */
  async inspect(position: Position): Promise<string | null> {
    if (this.last?.position.step === position.step) {
      this.last = { ...this.last, position };
      return null;
    }
    const kept = await this.session.keepState();
    if (!kept.arrays.every(allFinite)) return brokenTensor(kept.read());
    this.last = { kept, position };
    return null;
  }

  /** The last sound state, once: whoever takes it owns its memory. Null where a later or the same one was taken. */
  take(): Checkpoint | null {
    const { last } = this;
    this.last = null;
    if (!last) return null;
    const { kept, position } = last;
    this.handedOutAt = position.step;
    return { state: kept.read(), position };
  }

  /** The last sound state if no checkpoint has been handed out since. */
  takeUnsaved(): Checkpoint | null {
    const isNew = this.last && this.last.position.step > this.handedOutAt;
    return isNew ? this.take() : null;
  }
}
