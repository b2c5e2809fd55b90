/**
 * What other processes do in a library, noticed by looking again and again: runs that come, change and go, and the
 * steps of those that are trained elsewhere. Looking works on network drives too, where the system tells nothing.
 */
import { setImmediate } from "node:timers/promises";
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
  read(id: string): Promise<RunListing>;
  series(id: string, afterStep: number): Promise<readonly MetricGroup[]>;
  tell(change: RunChange): void;
}

const lookEveryMs = 500;
/** Looking takes at most about this share of the time, however slow the disk is. */
const mostShare = 0.05;
/** Files asked about before anything else may run. */
const together = 100;

/** A run that another process trains. */
interface Followed {
  shown: string;
  step: number;
}

/** The state of each run's record, by id. */
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

  private async lookAndGoOn(): Promise<void> {
    const began = performance.now();
    // A library that is out of reach may come back.
    await this.look().catch(() => undefined);
    if (this.isStopped) return;
    const pause = (performance.now() - began) / mostShare;
    this.timer = setTimeout(
      () => {
        this.looking = this.lookAndGoOn();
      },
      Math.max(lookEveryMs, pause),
    ).unref();
  }

  private async look(): Promise<void> {
    const { library, seen } = this;
    this.toldMeanwhile.clear();
    const now = await this.states();
    for (const id of this.toldMeanwhile) note(now, id, this.stateOf(id));
    for (const id of this.expected)
      if (seen) note(now, id, seen.get(id) ?? null);
    this.seen = now;
    // Whoever watches reads the whole library at first; its records are read again when that is over.
    if (!seen) return;
    const isNew = this.isNew;
    this.isNew = false;
    // A run of our own waits for its folder to come back.
    const gone = [...seen.keys()].filter(
      (id) => !now.has(id) && !library.isOwn(id),
    );
    for (const id of gone) this.followed.delete(id);
    if (gone.length > 0) library.tell({ type: "removed", ids: gone });
    for (const [id, state] of now) {
      if (this.isStopped) return;
      const isChanged = seen.get(id) !== state;
      if (library.isOwn(id)) this.followed.delete(id);
      else if (isNew || isChanged || this.followed.has(id))
        await this.lookAt(id, isChanged);
    }
  }

  private async states(): Promise<States> {
    const states: States = new Map();
    for (const id of await this.library.ids()) {
      states.set(id, this.stateOf(id));
      if (states.size % together === 0) await setImmediate();
    }
    return states;
  }

  private stateOf(id: string): string | null {
    return changeOf(recordFile(this.library.folder(id)));
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
