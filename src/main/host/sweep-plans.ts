/** What an order of a sweep would train and take, before anything is made of it. */
import type { SweepPreview } from "../../shared/contract/sweeps";
import { imagesProblem } from "../../shared/settings/check";
import type { DataSettings } from "../../shared/settings/settings";
import { sweepCost } from "../../shared/sweeps/cost";
import { planInTurns } from "../../shared/sweeps/plan";
import type { SweepOrder, SweepPlan } from "../../shared/sweeps/plan";
import type { RunStore } from "../runs/run-store";
import type { ImageCounts } from "./image-counts";

/** Of the names in a preview. */
const mostLabels = 100;

export class SweepPlans {
  constructor(
    private readonly store: RunStore,
    private readonly images: ImageCounts,
  ) {}

  /** Rejects with a sentence that names the variant where one cannot be trained. */
  async preview(order: SweepOrder): Promise<SweepPreview> {
    const plan = await planInTurns(order);
    const { configurations, keys, seeds } = plan;
    const { counts, downloads } = await this.images(dataOf(plan));
    const runs = await this.store.records();
    const earlier = runs.flatMap((run) =>
      run.kind === "run" ? run.record : [],
    );
    return {
      labels: configurations.slice(0, mostLabels).map(({ label }) => label),
      configurations: configurations.length,
      keys,
      seeds,
      cost: sweepCost(plan, ({ data }) => counts(data), earlier),
      downloads,
    };
  }

  /** Rejects as `preview` does, and where a variant has too few images. */
  async make(order: SweepOrder): Promise<SweepPlan> {
    const plan = await planInTurns(order);
    const { counts } = await this.images(dataOf(plan));
    for (const { label, settings } of plan.configurations) {
      const count = counts(settings.data);
      const problem = count === null ? null : imagesProblem(settings, count);
      if (problem !== null)
        throw new Error(label ? `The variant ${label}: ${problem}` : problem);
    }
    return plan;
  }
}

function dataOf({ configurations }: SweepPlan): DataSettings[] {
  return configurations.map(({ settings }) => settings.data);
}
