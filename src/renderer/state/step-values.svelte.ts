/** The value of one metric at one step for many runs: asked of the application some runs at a time, as long as it is wanted. */
import { SvelteMap } from "svelte/reactivity";
import type { AppClient } from "../../shared/contract/index";

const atOnce = 50;

export class StepValues {
  /** By run; null where a run has no such figure, missing where it is not known yet. */
  private readonly values = new SvelteMap<string, number | null>();
  private question = "";

  constructor(private readonly client: AppClient) {}

  get(run: string): number | null {
    return this.values.get(run) ?? null;
  }

  /** Reads what the runs have at the step, or before it where the metric is written more rarely. */
  async load(
    runs: readonly string[],
    metric: string,
    step: number,
  ): Promise<void> {
    const question = JSON.stringify([metric, step]);
    if (question !== this.question) this.values.clear();
    this.question = question;
    const waiting = runs.filter((run) => !this.values.has(run));
    while (waiting.length > 0) {
      const ids = waiting.splice(0, atOnce);
      const values = await this.client.runs.valuesAt({ ids, metric, step });
      if (question !== this.question) return;
      ids.forEach((id, index) => this.values.set(id, values[index]));
    }
  }
}
