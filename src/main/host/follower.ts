/** Runs that another process trains, told to the window as those of this one are: how far they are, and their log lines. */
import type { MetricGroup } from "../../shared/curves/metric-group";
import type { AppEvent } from "../../shared/contract/events";
import { isActive } from "../../shared/run";
import type { RunListing, RunRecord } from "../../shared/run";
import { createPace } from "./pace";
import type { Pace } from "./pace";
import { logPage } from "./run-log";

/** Log lines that are told at once; earlier ones are fetched. */
const mostLines = 200;

export interface Follower {
  /** The rows since the last time; the group with the most rows has every step. */
  take(record: RunRecord, rows: readonly MetricGroup[]): void;
  forgetEnded(listing: RunListing): void;
}

export function createFollower(emit: (event: AppEvent) => void): Follower {
  const paces = new Map<string, Pace>();

  function paceOf({ id, progress }: RunRecord, firstStep: number): Pace {
    const known = paces.get(id);
    if (known) return known;
    const pace = createPace(id, (told) =>
      emit({ type: "training-progress", progress: told }),
    );
    paces.set(id, pace);
    pace.begin(firstStep - 1, progress.totalSteps);
    return pace;
  }

  return {
    take(record, rows) {
      const run = record.id;
      const every = rows.reduce((most, group) =>
        group.steps.length > most.steps.length ? group : most,
      );
      const firstStep = every.steps[0];
      const { times } = every;
      paceOf(record, firstStep).take({ firstStep, rows: times.length, times });
      const { lines } = logPage(record, rows, null, mostLines);
      for (const line of lines) emit({ type: "log-line", run, ...line });
    },
    forgetEnded(listing) {
      if (listing.kind === "run" && !isActive(listing.record.state))
        paces.delete(listing.record.id);
    },
  };
}
