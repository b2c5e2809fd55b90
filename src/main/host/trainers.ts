/** The training threads: one for each run that is under way, kept for the next when its run has ended. */
import type { Trainer } from "../trainer/spawn";

export class Trainers {
  private readonly all: Trainer[];
  private readonly free: Trainer[];

  constructor(
    first: Trainer,
    private readonly create: () => Trainer,
  ) {
    this.all = [first];
    this.free = [first];
  }

  take(): Trainer {
    const free = this.free.pop();
    if (free) return free;
    const created = this.create();
    this.all.push(created);
    return created;
  }

  /** Once its run has ended. */
  giveBack(trainer: Trainer): void {
    this.free.push(trainer);
  }

  /** Stops what runs, and ends every thread. */
  async close(): Promise<void> {
    await Promise.all(this.all.map((trainer) => trainer.close()));
  }
}
