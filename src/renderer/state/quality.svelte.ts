/** What was measured of a run's saved steps, and a measurement under way. */
import { errorMessage } from "../../shared/errors";
import type { Quality } from "../../shared/quality";
import type { Application } from "./application.svelte";

export class RunQuality {
  /** Ascending by step; null until they are read. */
  measured = $state.raw<readonly Quality[] | null>(null);
  busy = $state(false);
  /** Why the last measurement gave nothing, in one sentence. */
  failure = $state<string | null>(null);
  /** Whether the one who looks ended it: that is no failure. */
  private isCancelled = false;

  constructor(
    private readonly application: Application,
    readonly run: string,
  ) {}

  async load(): Promise<void> {
    const { client, notices } = this.application;
    const measured = await notices.guard(
      client.quality.list({ run: this.run }),
    );
    if (measured) this.measured = measured;
  }

  /** Gives the step that was measured, or null. */
  async measure(step: number): Promise<number | null> {
    const { client } = this.application;
    [this.busy, this.failure, this.isCancelled] = [true, null, false];
    try {
      const answer = await client.quality.evaluate({ run: this.run, step });
      if (answer.kind === "none") this.failure = answer.reason;
      else await this.load();
      return answer.kind === "none" ? null : step;
    } catch (error) {
      if (!this.isCancelled) this.failure = errorMessage(error);
      return null;
    } finally {
      this.busy = false;
    }
  }

  async cancel(): Promise<void> {
    this.isCancelled = true;
    await this.application.client.quality.cancel({ run: this.run });
  }
}
