/** What the compare view shows: the chosen configurations with their seeds, and how their curves are drawn. */
import { untrack } from "svelte";
import {
  configurationsOf,
  eachAlone,
  firstConfigurations,
  hasSeeds,
} from "../../../shared/comparison/configurations";
import type { Compared } from "../../../shared/comparison/seed-table";
import { defaultComparisonView } from "../../../shared/contract/comparisons";
import type { ComparisonView } from "../../../shared/contract/comparisons";
import { metricsOf } from "../../../shared/metric-names";
import { knownAxis } from "../../../shared/curves/axis";
import type { AxisUnit } from "../../../shared/curves/axis";
import { colorsOf } from "../../../shared/curves/colors";
import type { TimelineRun } from "../../../shared/curves/timeline";
import type { Quality } from "../../../shared/quality";
import type { XRange } from "../../../shared/curves/chart";
import type { Application } from "../../state/application.svelte";
import type { Curves } from "../../state/curves.svelte";
import type { ReadableRun } from "../../state/runs.svelte";
import { ComparedPictures } from "./compared-pictures.svelte";

export interface ComparedRun {
  id: string;
  listing: ReadableRun;
  /** Of its configuration. */
  color: string;
  seed: number | null;
  curves: Curves;
  timeline: TimelineRun;
}

/** What is compared: a run, or all runs that differ only in their seed. */
export interface ComparedConfiguration {
  /** The id of its first run. */
  key: string;
  name: string;
  color: string;
  runs: ComparedRun[];
}

export class Comparing {
  ids = $state.raw<readonly string[]>([]);
  view = $state.raw<ComparisonView>(defaultComparisonView);
  readonly pictures = new ComparedPictures(this);
  tile = $state<number | null>(null);
  range = $state.raw<XRange | null>(null);
  cursor = $state<number | null>(null);

  /** Runs whose curves were asked for. */
  // Nothing is drawn from it.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  private readonly opened = new Set<string>();

  constructor(private readonly application: Application) {}

  private readonly asked: ReadableRun[] = $derived(
    this.ids.flatMap((id) => this.application.runs.find(id) ?? []),
  );
  private readonly first = $derived(
    firstConfigurations(this.asked.map(({ record }) => record)),
  );
  /** Runs of further configurations, which find no place. */
  readonly leftOut: number = $derived(this.first.left);

  /** Whether some of the runs differ only in their seed. */
  readonly haveSeeds: boolean = $derived(
    hasSeeds(configurationsOf(this.asked.map(({ record }) => record))),
  );
  private readonly isGrouped = $derived(this.view.groupSeeds);

  readonly configurations: ComparedConfiguration[] = $derived.by(() => {
    const listings = this.first.kept.map((index) => this.asked[index]);
    const records = listings.map(({ record }) => record);
    const groups = this.isGrouped
      ? configurationsOf(records)
      : eachAlone(records);
    const colors = colorsOf(groups.map(({ runs: [first] }) => records[first]));
    return groups.map(({ name, runs }, at) => ({
      key: records[runs[0]].id,
      name,
      color: colors[at],
      runs: runs.map((index) => this.comparedRun(listings[index], colors[at])),
    }));
  });

  private comparedRun(listing: ReadableRun, color: string): ComparedRun {
    const { record, samples } = listing;
    return {
      id: record.id,
      listing,
      color,
      seed: record.settings?.seed ?? null,
      curves: this.application.curves.of(record.id),
      timeline: { samples, progress: record.progress },
    };
  }

  /** Configuration after configuration. */
  readonly runs: ComparedRun[] = $derived(
    this.configurations.flatMap(({ runs }) => runs),
  );

  /** Whether a configuration stands for several seeds. */
  readonly overSeeds: boolean = $derived(hasSeeds(this.configurations));

  /** For the tables over seeds. */
  readonly compared: Compared = $derived.by(() => {
    let from = 0;
    const configurations = this.configurations.map(({ name, runs }) => ({
      name,
      runs: runs.map(() => from++),
    }));
    const wanted = this.configurations.findIndex(({ runs }) =>
      runs.some(({ id }) => id === this.view.baseline),
    );
    const records = this.runs.map(({ listing }) => listing.record);
    return { records, configurations, baseline: Math.max(0, wanted) };
  });

  /** The seeds that any configuration has, ascending. */
  readonly seeds: number[] = $derived(
    this.runs
      .flatMap(({ seed }) => seed ?? [])
      .filter((seed, index, all) => all.indexOf(seed) === index)
      .sort((a, b) => a - b),
  );

  /** The configurations that are not hidden. */
  readonly visibleConfigurations: ComparedConfiguration[] = $derived(
    this.configurations.filter((one) => !this.isHidden(one)),
  );

  /** Whose samples are shown: of one seed, or of all; null is the first of each. A lone configuration shows all. */
  readonly seed: number | "all" | null = $derived(
    this.view.seed ?? (this.configurations.length === 1 ? "all" : null),
  );

  /** The runs whose samples stand for a configuration. */
  shownRuns(configuration: ComparedConfiguration): ComparedRun[] {
    return this.seed === "all"
      ? configuration.runs
      : [this.oneRun(configuration)];
  }

  /** Of the chosen seed, else of its first. */
  oneRun({ runs }: ComparedConfiguration): ComparedRun {
    return runs.find((run) => run.seed === this.seed) ?? runs[0];
  }

  isHidden({ runs }: ComparedConfiguration): boolean {
    return runs.every(({ id }) => this.view.hidden.includes(id));
  }

  /** What a run is called beside others: its name, with its seed where that does not say it. */
  nameOf({ id, listing: { record } }: ComparedRun): string {
    const isTwice = this.runs.some(
      (run) => run.id !== id && run.listing.record.name === record.name,
    );
    const own = this.configurations.find(({ runs }) =>
      runs.some((run) => run.id === id),
    );
    if (!own || own.runs.length === 1) return own?.name ?? record.name;
    return isTwice
      ? `${own.name} · seed ${record.settings?.seed ?? "?"}`
      : record.name;
  }

  /** The runs that are not hidden. */
  readonly visible: ComparedRun[] = $derived(
    this.visibleConfigurations.flatMap(({ runs }) => runs),
  );

  /** Runs that were asked for and are not in the library any more. */
  readonly missing = $derived.by(
    () => this.ids.filter((id) => this.application.runs.isMissing(id)).length,
  );

  /** The axis of the curves: the one that was chosen, where every run's log tells it. */
  readonly axis: AxisUnit = $derived(
    knownAxis(
      this.view.axis,
      this.runs.map(({ listing }) => listing.record.clock),
    ),
  );

  /** Every metric that any of the runs has, under our name where it has one. */
  readonly tags: string[] = $derived(
    metricsOf(this.runs.map(({ listing }) => listing.record)),
  );

  axisOf({ listing }: ComparedRun) {
    const { stepsPerEpoch } = listing.record.progress;
    return { unit: this.axis, stepsPerEpoch };
  }

  /** Shows or hides a configuration, in curves and samples. */
  toggle(configuration: ComparedConfiguration): void {
    const own = configuration.runs.map(({ id }) => id);
    const others = this.view.hidden.filter((id) => !own.includes(id));
    const hidden = this.isHidden(configuration) ? others : [...others, ...own];
    this.change({ hidden });
  }

  /** Shows one alone; where it is alone already, all. */
  showOnly(configuration: ComparedConfiguration): void {
    const others = this.configurations.filter((one) => one !== configuration);
    const alone = others.every((one) => this.isHidden(one));
    const hidden = others.flatMap(({ runs }) => runs.map(({ id }) => id));
    this.change({ hidden: alone ? [] : hidden });
  }

  /** The newest measurement of each run; empty until somebody looks. */
  newest = $state.raw<readonly (Quality | null)[]>([]);

  /** Reads what was measured of the runs. */
  async loadQuality(): Promise<void> {
    const { client, notices } = this.application;
    const all = this.runs.map(async ({ id }) => {
      const measured = await client.quality.list({ run: id });
      return measured.at(-1) ?? null;
    });
    this.newest = (await notices.guard(Promise.all(all))) ?? this.newest;
  }

  choose(ids: readonly string[]): void {
    this.ids = ids;
    const smoothing = untrack(() => this.view.smoothing);
    for (const { curves, id, listing } of this.runs) {
      if (curves.loaded || this.opened.has(id)) continue;
      this.opened.add(id);
      const { step } = listing.record.progress;
      void this.application.notices.guard(curves.open(step, smoothing));
    }
  }

  change(change: Partial<ComparisonView>): void {
    if (change.axis && change.axis !== this.view.axis) this.range = null;
    this.view = { ...this.view, ...change };
  }

  /** What is kept of it by name; the slider moves without it, because curves are drawn anew with every change of it. */
  get kept(): ComparisonView {
    return { ...this.view, at: this.pictures.wanted };
  }

  reopen(view: ComparisonView): void {
    this.view = view;
    this.pictures.wanted = view.at;
    this.range = null;
  }

  /** Looks at these runs as at those of a kept comparison, whose runs and steps mean nothing here. */
  follow(view: ComparisonView): void {
    const own = {
      ...{ hidden: [], pinned: [], difference: null, at: null },
      ...{ baseline: null, seed: null },
    };
    this.reopen({ ...view, ...own });
  }
}
