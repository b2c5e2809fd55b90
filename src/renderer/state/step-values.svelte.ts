/** The value of one metric at one step for many runs: read from their curves a few at a time, as long as it is asked for. */
import { SvelteMap } from "svelte/reactivity";
import { decodeMetrics, fileUrls } from "../../shared/contract/files";
import { rowAt } from "../../shared/metrics";

const atOnce = 4;

export class StepValues {
  /** By run; runs that are not read yet, or have no such metric, are missing. */
  private readonly values = new SvelteMap<string, number>();
  private question = "";

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
    const work = async () => {
      for (let run = waiting.shift(); run; run = waiting.shift()) {
        const value = await readValue(run, metric, step);
        if (question !== this.question) return;
        if (value !== null) this.values.set(run, value);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  }
}

async function readValue(
  run: string,
  metric: string,
  step: number,
): Promise<number | null> {
  const response = await fetch(fileUrls.metrics(run));
  if (!response.ok) return null;
  const groups = decodeMetrics(await response.arrayBuffer());
  const group = groups.find(({ tags }) => tags.includes(metric));
  if (!group || group.steps.length === 0) return null;
  // A run that ended before the step has no value there.
  if (group.steps[group.steps.length - 1] < step) return null;
  const row = rowAt(group.steps, step);
  return row < 0 ? null : group.values[group.tags.indexOf(metric)][row];
}
