/** How one run is looked at: which step, where the cursor stands, what the charts are zoomed to and drawn by. */
import { z } from "zod";
import { knownAxis } from "../../shared/curves/axis";
import type { Axis, AxisUnit } from "../../shared/curves/axis";
import {
  axisSchema,
  defaultCurves,
  smoothingSchema,
} from "../../shared/contract/curve-choice";
import type { WeightChoice } from "../../shared/run";
import type { XRange } from "../../shared/curves/chart";
import { nearestIndex } from "../../shared/curves/search";
import type { Application } from "./application.svelte";
import type { Curves } from "./curves.svelte";
import type { ReadableRun } from "./runs.svelte";

const viewSchema = z.object({
  unit: axisSchema,
  yScale: z.enum(["linear", "logarithmic"]),
  smoothing: smoothingSchema,
  commonScale: z.boolean(),
});
export type ChartSettings = z.infer<typeof viewSchema>;

const defaults: ChartSettings = {
  unit: defaultCurves.axis,
  yScale: "linear",
  smoothing: defaultCurves.smoothing,
  commonScale: defaultCurves.commonScale,
};

export class RunPage {
  readonly curves: Curves;
  /** Of the run that it was forked from; null where there is none any more. */
  parent = $state.raw<{ run: ReadableRun; curves: Curves } | null>(null);
  charts = $state.raw<ChartSettings>(defaults);
  /** On the x axis. */
  cursor = $state<number | null>(null);
  range = $state.raw<XRange | null>(null);
  /** The saved step that was chosen; null follows the newest. */
  chosen = $state<number | null>(null);
  tile = $state<number | null>(null);
  /** Which weights of G the pictures are of, where the run keeps an average of them. */
  chosenWeights = $state<WeightChoice>("average");

  constructor(
    private readonly application: Application,
    readonly run: string,
  ) {
    this.curves = application.curves.of(run);
    this.charts = application.preferences.get("charts", viewSchema, defaults);
    const steps = this.listing?.record.progress.step ?? 0;
    void application.notices.guard(
      this.curves.open(steps, this.charts.smoothing),
    );
    void this.openParent();
  }

  readonly listing: ReadableRun | null = $derived.by(() =>
    this.application.runs.find(this.run),
  );
  readonly hasAverage: boolean = $derived(
    Boolean(this.listing?.record.settings?.improvements.average),
  );
  readonly weights: WeightChoice = $derived(
    this.hasAverage ? this.chosenWeights : "last",
  );
  readonly axis: Axis = $derived.by(() => ({
    unit: knownAxis(this.charts.unit, [this.listing?.record.clock ?? "wall"]),
    stepsPerEpoch: this.listing?.record.progress.stepsPerEpoch ?? 1,
  }));
  /** Saved steps, ascending. */
  readonly steps: readonly number[] = $derived.by(
    () => this.listing?.samples ?? [],
  );
  /** The saved step that is shown; null where nothing is saved yet. */
  readonly step: number | null = $derived.by(() => {
    if (this.steps.length === 0) return null;
    if (this.chosen === null) return this.steps[this.steps.length - 1];
    return this.steps[nearestIndex(this.steps, this.chosen)];
  });

  /** Where the samples that are shown are on the curves; null before the first. */
  readonly place: number | null = $derived.by(() => {
    void this.curves.revision;
    return this.step === null
      ? null
      : this.curves.table.xOf(this.step, this.axis);
  });

  /** One that was deleted, or whose curves cannot be read, is not shown: this page is not about it. */
  private async openParent(): Promise<void> {
    const { curves, runs } = this.application;
    const [own] = await runs.fetch([this.run]);
    const id = own?.record.parent?.run;
    if (id === undefined || id === this.run) return;
    const [parent] = await runs.fetch([id]);
    if (!parent) return;
    const parents = curves.of(id);
    const { step } = parent.record.progress;
    await parents.open(step, this.charts.smoothing).catch(() => null);
    if (parents.loaded) this.parent = { run: parent, curves: parents };
  }

  setCharts(change: Partial<ChartSettings>): void {
    if (change.unit && change.unit !== this.charts.unit) {
      this.range = null;
      this.cursor = null;
    }
    this.charts = { ...this.charts, ...change };
    this.application.preferences.set("charts", this.charts);
  }

  setUnit(unit: AxisUnit): void {
    this.setCharts({ unit });
  }

  /** Choosing the newest step follows the run again. */
  choose(step: number): void {
    this.chosen = step === this.steps[this.steps.length - 1] ? null : step;
  }

  /** Shows the saved samples nearest to a step. */
  showAt(step: number): void {
    if (this.steps.length > 0)
      this.choose(this.steps[nearestIndex(this.steps, step)]);
  }

  /** Shows the samples of the step at a place on the x axis. */
  pick(x: number): void {
    this.showAt(this.curves.table.stepAt(x, this.axis));
  }
}
