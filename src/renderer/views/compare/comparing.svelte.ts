/** What the compare view shows: the chosen runs, how their curves are drawn, and the one place in training that all galleries share. */
import { defaultComparisonView } from "../../../shared/contract/comparisons";
import type { ComparisonView } from "../../../shared/contract/comparisons";
import { maxCompared } from "../../../shared/contract/exports";
import { metricsOf } from "../../../shared/metric-names";
import { knownAxis } from "../../../shared/curves/axis";
import type { AxisUnit } from "../../../shared/curves/axis";
import { colorsOf } from "../../../shared/curves/colors";
import { notches, positionOf, shownAt } from "../../../shared/curves/timeline";
import type {
  TimelineRun,
  TimelineUnit,
} from "../../../shared/curves/timeline";
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
  color: string;
  curves: Curves;
  timeline: TimelineRun;
}

export class Comparing {
  ids = $state.raw<readonly string[]>([]);
  view = $state.raw<ComparisonView>(defaultComparisonView);
  /** Where the slider stands, in the view's unit; null is the end. */
  private wanted = $state<number | null>(null);
  tile = $state<number | null>(null);
  range = $state.raw<XRange | null>(null);
  cursor = $state<number | null>(null);

  constructor(private readonly application: Application) {}

  readonly runs: ComparedRun[] = $derived.by(() => {
    const listings = this.ids.flatMap(
      (id) => this.application.runs.find(id) ?? [],
    );
    const colors = colorsOf(listings.map(({ record }) => record));
    return listings.map((listing, index) => ({
      id: listing.record.id,
      listing,
      color: colors[index],
      curves: this.application.curves.of(listing.record.id),
      timeline: {
        samples: listing.samples,
        progress: listing.record.progress,
      },
    }));
  });

  /** The runs that are not hidden. */
  readonly visible: ComparedRun[] = $derived(
    this.runs.filter(({ id }) => !this.view.hidden.includes(id)),
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
    ...this.runs.flatMap((run, index) => {
      const shown = this.shown[index];
      if (!shown || !this.visible.includes(run)) return [];
      const { step, wanted, exact } = shown;
      return {
        key: run.id,
        run,
        step,
        wanted: exact ? null : wanted,
        pinned: false,
      };
    }),
    ...this.view.pinned.flatMap(({ run: id, step }) => {
      const run = this.visible.find((one) => one.id === id);
      const key = `${id} ${step}`;
      return run ? { key, run, step, wanted: null, pinned: true } : [];
    }),
  ]);

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

  /** Shows or hides a run, in curves and samples. */
  toggle(id: string): void {
    const { hidden } = this.view;
    this.change({
      hidden: hidden.includes(id)
        ? hidden.filter((one) => one !== id)
        : [...hidden, id],
    });
  }

  /** Shows one run alone; where it is alone already, all. */
  showOnly(id: string): void {
    const others = this.ids.filter((one) => one !== id);
    const alone = others.every((one) => this.view.hidden.includes(one));
    this.change({ hidden: alone ? [] : others });
  }

  /** Keeps a picture where it is while the slider moves, or lets it go. */
  pin({ run, step, pinned }: ComparedPicture): void {
    const others = this.view.pinned.filter(
      (one) => one.run !== run.id || one.step !== step,
    );
    const added = pinned ? [] : [{ run: run.id, step }];
    this.change({ pinned: [...others, ...added].slice(-maxCompared) });
  }

  choose(ids: readonly string[]): void {
    this.ids = ids;
    for (const { curves } of this.runs)
      if (!curves.loaded) void this.application.notices.guard(curves.refresh());
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
    const own = { hidden: [], pinned: [], difference: null, at: null };
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
