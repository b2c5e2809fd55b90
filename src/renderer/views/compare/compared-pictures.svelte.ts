/** The pictures of the compare view: the one place in training that all runs share, what is pinned, and the two that are swiped. */
import { mostPinned } from "../../../shared/contract/comparisons";
import { nearestIndex } from "../../../shared/curves/search";
import { notches, positionOf, shownAt } from "../../../shared/curves/timeline";
import type { TimelineUnit } from "../../../shared/curves/timeline";
import type { ComparedRun, Comparing } from "./comparing.svelte";

/** One picture of the workspace: a run at the slider's place, or pinned to a step. */
export interface ComparedPicture {
  key: string;
  run: ComparedRun;
  step: number;
  /** The step that the slider asks for, where another stands in for it. */
  wanted: number | null;
  pinned: boolean;
}

export class ComparedPictures {
  /** Where the slider stands, in the view's unit; null is the end. */
  wanted = $state<number | null>(null);

  constructor(private readonly comparing: Comparing) {}

  readonly notches: number[] = $derived.by(() =>
    notches(
      this.comparing.runs.map((run) => run.timeline),
      this.comparing.view.unit,
    ),
  );

  readonly position: number = $derived(
    this.wanted ?? this.notches[this.notches.length - 1] ?? 0,
  );

  /** What each run shows at the slider's place; null where it has no samples. */
  readonly shown = $derived.by(() =>
    this.comparing.runs.map((run) =>
      shownAt(this.position, run.timeline, this.comparing.view.unit),
    ),
  );

  /** Of the runs that are not hidden: each at the slider's place, then what is pinned. */
  readonly all: ComparedPicture[] = $derived.by(() => [
    ...this.comparing.visibleConfigurations
      .flatMap((one) => this.comparing.shownRuns(one))
      .flatMap((run) => this.of(run) ?? []),
    ...this.comparing.view.pinned.flatMap(({ run: id, step }) => {
      const run = this.comparing.visible.find((one) => one.id === id);
      const key = `${id} ${step}`;
      return run ? { key, run, step, wanted: null, pinned: true } : [];
    }),
  ]);

  /** Of a run at the slider's place; null where it has no samples. */
  of(run: ComparedRun): ComparedPicture | null {
    const shown = shownAt(
      this.position,
      run.timeline,
      this.comparing.view.unit,
    );
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

  /** The keys of the two pictures that are swiped or blinked; those that are not there are the first ones. */
  private swipedKeys = $state.raw<readonly [string, string]>(["", ""]);

  readonly swiped: ComparedPicture[] = $derived.by(() => {
    const pictures = this.all;
    const [first = pictures.at(0), second] = this.swipedKeys.map((key) =>
      pictures.find((picture) => picture.key === key),
    );
    const other = second ?? pictures.find((picture) => picture !== first);
    return [first, other].filter((picture) => picture !== undefined);
  });

  /** The curves' cursor where nobody points: the step of the samples, of the first run that has that very step. */
  readonly place: number | null = $derived.by(() => {
    const moving = this.all.filter(({ pinned }) => !pinned);
    const picture =
      moving.find(({ wanted }) => wanted === null) ?? moving.at(0);
    if (!picture) return null;
    void picture.run.curves.revision;
    return picture.run.curves.table.xOf(
      picture.step,
      this.comparing.axisOf(picture.run),
    );
  });

  /** Keeps a picture where it is while the slider moves, or lets it go. */
  pin({ run, step, pinned }: ComparedPicture): void {
    const others = this.comparing.view.pinned.filter(
      (one) => one.run !== run.id || one.step !== step,
    );
    const added = pinned ? [] : [{ run: run.id, step }];
    this.comparing.change({ pinned: [...others, ...added].slice(-mostPinned) });
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
    const others = this.all.filter(({ key }) => key !== first?.key);
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
    const run = this.comparing.visible.at(0);
    if (!run) return;
    const step = run.curves.table.stepAt(x, this.comparing.axisOf(run));
    this.moveTo(positionOf(step, run.timeline, this.comparing.view.unit));
  }

  /** Keeps the place: half of training stays half of training. */
  setUnit(unit: TimelineUnit): void {
    const [first] = this.shown;
    this.comparing.change({ unit });
    this.wanted = null;
    if (first)
      this.moveTo(
        positionOf(first.step, this.comparing.runs[0].timeline, unit),
      );
  }

  /** To the notch nearest to a position. */
  moveTo(position: number): void {
    const at = nearestIndex(this.notches, position);
    this.wanted = this.notches[at] ?? 0;
  }
}
