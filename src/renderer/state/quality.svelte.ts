/** What was measured of a run's saved steps, and a measurement under way. */
import { errorMessage } from "../../shared/errors";
import type { WeightChoice } from "../../shared/run";
import type { Quality } from "../../shared/quality";
import type { Application } from "./application.svelte";

export class RunQuality {
  /** Ascending by step; null until they are read. */
  measured = $state.raw<readonly Quality[] | null>(null);
  busy = $state(false);
  /** Why the last measurement gave nothing, in one sentence. */
  failure = $state<string | null>(null);
  /** Of G, whose samples are measured and shown, where the run keeps an average. */
  weights = $state<WeightChoice>("average");
  /** Whether the one who looks ended it: that is no failure. */
  private isCancelled = false;

  constructor(
    private readonly application: Application,
    readonly run: string,
  ) {}

  async load(): Promise<void> {
    const { client, notices } = this.application;
    const { run, weights } = this;
    const measured = await notices.guard(client.quality.list({ run, weights }));
    if (measured && weights === this.weights) this.measured = measured;
  }

  async choose(weights: WeightChoice): Promise<void> {
    this.weights = weights;
    this.measured = null;
    await this.load();
  }

  /** Gives the step that was measured, or null. */
  async measure(step: number): Promise<number | null> {
    const { client } = this.application;
    [this.busy, this.failure, this.isCancelled] = [true, null, false];
    try {
      const { run, weights } = this;
      const answer = await client.quality.evaluate({ run, step, weights });
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
