/**
 * What the compare view shows: the chosen configurations with their seeds, how their curves are drawn, and the one place in
 * training that all galleries share.
 */
import { untrack } from "svelte";
import {
  configurationsOf,
  eachAlone,
  firstConfigurations,
  hasSeeds,
} from "../../../shared/comparison/configurations";
import type { Compared } from "../../../shared/comparison/seed-table";
import {
  defaultComparisonView,
  mostPinned,
} from "../../../shared/contract/comparisons";
import type { ComparisonView } from "../../../shared/contract/comparisons";
import { metricsOf } from "../../../shared/metric-names";
import { knownAxis } from "../../../shared/curves/axis";
import type { AxisUnit } from "../../../shared/curves/axis";
import { colorsOf } from "../../../shared/curves/colors";
import { notches, positionOf, shownAt } from "../../../shared/curves/timeline";
import type {
  TimelineRun,
  TimelineUnit,
} from "../../../shared/curves/timeline";
import type { Quality } from "../../../shared/quality";
import type { XRange } from "../../../shared/curves/chart";
import { nearestIndex } from "../../../shared/curves/search";
import type { Application } from "../../state/application.svelte";
import type { Curves } from "../../state/curves.svelte";
import type { ReadableRun } from "../../state/runs.svelte";

/** One picture of the workspace: a run at the slider's place, or pinned to a step. */
export interface ComparedPicture {
  key: string;
  run: ComparedRun;
  step: number;
  /** The step that the slider asks for, where another stands in for it. */
  wanted: number | null;
  pinned: boolean;
}

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
  /** Where the slider stands, in the view's unit; null is the end. */
  private wanted = $state<number | null>(null);
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

  readonly notches: number[] = $derived(
    notches(
      this.runs.map((run) => run.timeline),
      this.view.unit,
    ),
  );

  readonly position: number = $derived(
    this.wanted ?? this.notches[this.notches.length - 1] ?? 0,
  );

  /** What each run shows at the slider's place; null where it has no samples. */
  readonly shown = $derived(
    this.runs.map((run) =>
      shownAt(this.position, run.timeline, this.view.unit),
    ),
  );

  /** Of the runs that are not hidden: each at the slider's place, then what is pinned. */
  readonly pictures: ComparedPicture[] = $derived([
    ...this.visibleConfigurations
      .flatMap((one) => this.shownRuns(one))
      .flatMap((run) => this.pictureOf(run) ?? []),
    ...this.view.pinned.flatMap(({ run: id, step }) => {
      const run = this.visible.find((one) => one.id === id);
      const key = `${id} ${step}`;
      return run ? { key, run, step, wanted: null, pinned: true } : [];
    }),
  ]);

  /** Of a run at the slider's place; null where it has no samples. */
  pictureOf(run: ComparedRun): ComparedPicture | null {
    const shown = shownAt(this.position, run.timeline, this.view.unit);
    if (!shown) return null;
    const { exact, step, wanted } = shown;
    return {
      key: run.id,
      run,
      step,
      wanted: exact ? null : wanted,
      pinned: false,
    };
  }

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

  /** The keys of the two pictures that are swiped or blinked; those that are not there are the first ones. */
  private swipedKeys = $state.raw<readonly [string, string]>(["", ""]);

  readonly swiped: ComparedPicture[] = $derived.by(() => {
    const { pictures } = this;
    const [first = pictures.at(0), second] = this.swipedKeys.map((key) =>
      pictures.find((picture) => picture.key === key),
    );
    const other = second ?? pictures.find((picture) => picture !== first);
    return [first, other].filter((picture) => picture !== undefined);
  });

  /** The curves' cursor where nobody points: the step of the samples, of the first run that has that very step. */
  readonly place: number | null = $derived.by(() => {
    const moving = this.pictures.filter(({ pinned }) => !pinned);
    const picture =
      moving.find(({ wanted }) => wanted === null) ?? moving.at(0);
    if (!picture) return null;
    void picture.run.curves.revision;
    return picture.run.curves.table.xOf(picture.step, this.axisOf(picture.run));
  });

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

  /** Keeps a picture where it is while the slider moves, or lets it go. */
  pin({ run, step, pinned }: ComparedPicture): void {
    const others = this.view.pinned.filter(
      (one) => one.run !== run.id || one.step !== step,
    );
    const added = pinned ? [] : [{ run: run.id, step }];
    this.change({ pinned: [...others, ...added].slice(-mostPinned) });
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
    return { ...this.view, at: this.wanted };
  }

  reopen(view: ComparisonView): void {
    this.view = view;
    this.wanted = view.at;
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

  /** Chooses the first or the second of the two pictures that are swiped. */
  swipe(place: 0 | 1, key: string): void {
    const keys: [string, string] = [
      this.swiped.at(0)?.key ?? "",
      this.swiped.at(1)?.key ?? "",
    ];
    keys[place] = key;
    this.swipedKeys = keys;
  }

  /** Lays the next picture over the first. */
  swipeToNext(): void {
    const [first, second] = this.swiped;
    const others = this.pictures.filter(({ key }) => key !== first?.key);
    const at = others.findIndex(({ key }) => key === second?.key);
    if (others.length > 0) this.swipe(1, others[(at + 1) % others.length].key);
  }

  /** To the next saved step of any run, or the one before. */
  move(by: -1 | 1): void {
    const at = nearestIndex(this.notches, this.position) + by;
    const notch = this.notches.at(
      Math.max(0, Math.min(this.notches.length - 1, at)),
    );
    if (notch !== undefined) this.moveTo(notch);
  }

  /** To the samples nearest to a place on the curves of a run. */
  pick(x: number): void {
    const run = this.visible.at(0);
    if (!run) return;
    const step = run.curves.table.stepAt(x, this.axisOf(run));
    this.moveTo(positionOf(step, run.timeline, this.view.unit));
  }

  /** Keeps the place: half of training stays half of training. */
  setUnit(unit: TimelineUnit): void {
    const [first] = this.shown;
    this.change({ unit });
    this.wanted = null;
    if (first) this.moveTo(positionOf(first.step, this.runs[0].timeline, unit));
  }

  /** To the notch nearest to a position. */
  moveTo(position: number): void {
    const at = nearestIndex(this.notches, position);
    this.wanted = this.notches[at] ?? 0;
  }
}
