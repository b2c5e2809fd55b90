/** Runs that another process trains, told to the window as those of this one are: how far they are, and their log lines. */
import type { MetricGroup } from "../../shared/curves/metric-group";
import { isActive } from "../../shared/run";
import type { RunListing, RunRecord } from "../../shared/run";
import type { Host } from "./host";
import { Pace } from "./pace";
import { logPage } from "./run-log";

/** Log lines that are told at once; earlier ones are fetched. */
const mostLines = 200;

export class Follower {
  private readonly paces = new Map<string, Pace>();

  constructor(private readonly emit: Host["emit"]) {}

  /** The rows since the last time; the group with the most rows has every step. */
  take(record: RunRecord, rows: readonly MetricGroup[]): void {
    const run = record.id;
    const { steps, times } = rows.reduce((most, group) =>
      group.steps.length > most.steps.length ? group : most,
    );
    const [firstStep] = steps;
    const pace = this.paceOf(record, firstStep);
    pace.take({ firstStep, rows: times.length, times });
    const { lines } = logPage(record, rows, null, mostLines);
    for (const line of lines) this.emit({ type: "log-line", run, ...line });
  }

  forgetEnded(listing: RunListing): void {
    if (listing.kind === "run" && !isActive(listing.record.state))
      this.paces.delete(listing.record.id);
  }

  private paceOf({ id, progress }: RunRecord, firstStep: number): Pace {
    const known = this.paces.get(id);
    if (known) return known;
    const pace = new Pace(id, (told) =>
      this.emit({ type: "training-progress", progress: told }),
    );
    this.paces.set(id, pace);
    pace.begin(firstStep - 1, progress.totalSteps);
    return pace;
  }
}
