/**
 * What other processes do in a library, noticed by looking again and again: runs that come, change and go, and the
 * steps of those that are trained elsewhere. Looking works on network drives too, where the system tells nothing.
 */
import { setImmediate } from "node:timers/promises";
import { errorMessage } from "../../shared/errors";
import type { MetricGroup } from "../../shared/curves/metric-group";
import { isActive } from "../../shared/run";
import type { RunListing, RunRecord } from "../../shared/run";
import { recordFile } from "./folder/layout";
import { changeOf } from "./listing";
import type { RunChange } from "./run-store";

export interface WatchedLibrary {
  folder(id: string): string;
  ids(): Promise<string[]>;
  /** Whether this process trains it, and so tells of it by itself. */
  isOwn(id: string): boolean;
  /** Whether a record in that state is known to be of a run that nobody trains. */
  isAtRest(id: string, state: string | null): boolean;
  read(id: string): Promise<RunListing>;
  series(id: string, afterStep: number): Promise<readonly MetricGroup[]>;
  tell(change: RunChange): void;
}

const lookEveryMs = 500;
/** Looking takes at most about this share of the time, until the pauses are so long that nobody would call it following. */
const mostShare = 0.05;
const longestPauseMs = 5000;
/** So long files are asked about before anything else may run. */
const longestTurnMs = 5;

/** A run that another process trains. */
interface Followed {
  shown: string;
  step: number;
}

/** The state of each run's record as `stateOf` gives it, by id. */
type States = Map<string, string | null>;

export class Watch {
  /** As it was when last looked at; null before the first look. */
  private seen: States | null = null;
  /** Which runs are under way is not known yet. */
  private isNew = true;
  private readonly followed = new Map<string, Followed>();
  /** Runs that we are changing ourselves, and those that we were told to have changed since a look began. */
  private readonly expected = new Set<string>();
  private readonly toldMeanwhile = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private isStopped = false;
  /** Whether the last look went well, and all that it found was told. */
  private isUpToDate = false;

  constructor(private readonly library: WatchedLibrary) {
    this.looking = this.lookAndGoOn();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.looking;
  }

  /** A change of our own begins: nothing is told of these runs until `told`, which must follow. */
  expect(ids: readonly string[]): void {
    for (const id of ids) this.expected.add(id);
  }

  /** Everyone has been told of this change of our own. */
  told(ids: readonly string[]): void {
    for (const id of ids) {
      this.expected.delete(id);
      this.toldMeanwhile.add(id);
      if (this.seen) note(this.seen, id, this.stateOf(id));
    }
  }

  /**
   * The records as the last look found them, by id, with what this process changed since; null where that is not known.
   * Of what is in it but not looked at yet everyone is told in a moment.
   */
  get found(): ReadonlyMap<string, string | null> | null {
    return this.isUpToDate ? this.seen : null;
  }

  private async lookAndGoOn(): Promise<void> {
    const began = performance.now();
    try {
      const isFirst = await this.look();
      this.isUpToDate = !isFirst && !this.isStopped;
    } catch {
      // A library that is out of reach may come back; until then whoever asks is told why.
      this.isUpToDate = false;
    }
    if (this.isStopped) return;
    const pause = (performance.now() - began) / mostShare;
    this.timer = setTimeout(
      () => {
        this.looking = this.lookAndGoOn();
      },
      Math.min(Math.max(lookEveryMs, pause), longestPauseMs),
    ).unref();
  }

  /** Gives whether it was the first, which only finds out how everything is. */
  private async look(): Promise<boolean> {
    const { library, seen } = this;
    this.toldMeanwhile.clear();
    const now = await this.states();
    for (const id of this.toldMeanwhile) note(now, id, this.stateOf(id));
    for (const id of this.expected)
      if (seen) note(now, id, seen.get(id) ?? null);
    this.seen = now;
    // Whoever watches reads the whole library at first; its records are read again when that is over.
    if (!seen) return true;
    const isNew = this.isNew;
    this.isNew = false;
    // A run of our own waits for its folder to come back.
    const gone = [...seen.keys()].filter(
      (id) => !now.has(id) && !library.isOwn(id),
    );
    for (const id of gone) this.followed.delete(id);
    if (gone.length > 0) library.tell({ type: "removed", ids: gone });
    for (const [id, state] of now) {
      if (this.isStopped) return false;
      const isChanged = seen.get(id) !== state;
      if (library.isOwn(id)) this.followed.delete(id);
      else if (
        isChanged ||
        this.followed.has(id) ||
        (isNew && !library.isAtRest(id, state))
      )
        await this.lookAt(id, isChanged);
    }
    return false;
  }

  private async states(): Promise<States> {
    const states: States = new Map();
    const ids = await this.library.ids();
    let began = performance.now();
    for (const id of ids) {
      states.set(id, this.stateOf(id));
      if (performance.now() - began < longestTurnMs) continue;
      await setImmediate();
      began = performance.now();
    }
    return states;
  }

  /** One that cannot be looked at stays so until it changes; whoever reads it says why. */
  private stateOf(id: string): string | null {
    try {
      return changeOf(recordFile(this.library.folder(id)));
    } catch (error) {
      return errorMessage(error);
    }
  }

  private async lookAt(id: string, isChanged: boolean): Promise<void> {
    const listing = await this.library.read(id);
    const shown = shownOf(listing);
    const before = this.followed.get(id);
    if (isChanged || (before && before.shown !== shown))
      this.library.tell({ type: "changed", listing });
    if (listing.kind === "damaged" || !isActive(listing.record.state)) {
      this.followed.delete(id);
      return;
    }
    const { record } = listing;
    const step =
      before && !isTakenBack(record, before.step)
        ? before.step
        : record.progress.step;
    const followed = { shown, step };
    this.followed.set(id, followed);
    await this.follow(record, followed);
  }

  private async follow(record: RunRecord, followed: Followed): Promise<void> {
    const { library } = this;
    // Curves that cannot be read yet may be there at the next look.
    const rows = await library
      .series(record.id, followed.step)
      .catch((): MetricGroup[] => []);
    const last = Math.max(0, ...rows.map(({ steps }) => steps.at(-1) ?? 0));
    if (last <= followed.step) return;
    followed.step = last;
    library.tell({ type: "grew", record, rows });
  }
}

/** A record that is not there has no state. */
function note(states: States, id: string, state: string | null): void {
  if (state === null) states.delete(id);
  else states.set(id, state);
}

/** A run that goes on from a checkpoint takes the steps after it again. */
function isTakenBack({ state, progress }: RunRecord, step: number): boolean {
  return state === "preparing" && progress.step < step;
}

/** What of a run under way can change while its record stays. */
function shownOf(listing: RunListing): string {
  if (listing.kind === "damaged") return listing.reason;
  const { record, samples, checkpoints } = listing;
  return [
    record.state,
    samples.length,
    samples.at(-1),
    checkpoints.join(),
  ].join(" ");
}
