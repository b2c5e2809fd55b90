/** What the compare view shows: the chosen runs, how their curves are drawn, and the one place in training that all galleries share. */
import { defaultComparisonView } from "../../../shared/contract/comparisons";
import type { ComparisonView } from "../../../shared/contract/comparisons";
import { colorsOf } from "../../../shared/curves/colors";
import { notches, shownAt } from "../../../shared/curves/timeline";
import type {
  TimelineRun,
  TimelineUnit,
} from "../../../shared/curves/timeline";
import type { XRange } from "../../../shared/curves/chart";
import { nearestIndex } from "../../../shared/curves/search";
import type { Application } from "../../state/application.svelte";
import type { Curves } from "../../state/curves.svelte";
import type { ReadableRun } from "../../state/runs.svelte";

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

  /** Runs that were asked for and are not in the library any more. */
  readonly missing = $derived(this.ids.length - this.runs.length);

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

  /** Every metric that any of the runs has. */
  readonly tags: string[] = $derived(
    this.runs
      .flatMap(({ listing }) => Object.keys(listing.record.summary))
      .filter((tag, index, all) => all.indexOf(tag) === index),
  );

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

  /** Keeps the place: half of training stays half of training. */
  setUnit(unit: TimelineUnit): void {
    const [first] = this.shown;
    this.change({ unit });
    this.wanted = null;
    if (first && this.runs.length > 0)
      this.moveTo(
        notches([{ ...this.runs[0].timeline, samples: [first.step] }], unit)[0],
      );
  }

  /** To the notch nearest to a position. */
  moveTo(position: number): void {
    const at = nearestIndex(this.notches, position);
    this.wanted = this.notches[at] ?? 0;
  }
}
