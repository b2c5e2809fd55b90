/** A sweep in the foreground: its entries are trained here one after the other, or a few at once, and each end is told. */
import { setTimeout as delay } from "node:timers/promises";
import type { AppEvent } from "../../shared/contract/events";
import { errorMessage } from "../../shared/errors";
import { entryName } from "../../shared/sweeps/manifest";
import type { SweepManifest } from "../../shared/sweeps/manifest";
import { describeCounts } from "../../shared/sweeps/status";
import type { EntryStatus, SweepStatus } from "../../shared/sweeps/status";
import type { Application } from "../host/app";
import { CommandFailure } from "./failure";
import { onEndSignal } from "./end-signal";
import { createProgressBar } from "./progress-bar";
import { oneLine, printJson, printLine } from "./terminal";
import type { Terminal } from "./terminal";

interface SweepTraining {
  atOnce: number;
  json: boolean;
}

/** How often it looks whether another program has cancelled the sweep, in milliseconds. */
const lookEvery = 1_000;

/**
 * Trains what has no result yet. Resolves when every entry has finished; rejects with a CommandFailure whose exit code
 * says what became of them: 1 where one failed or is trained elsewhere, 3 where one diverged, 75 where it was stopped.
 */
export async function trainSweep(
  application: Application,
  manifest: SweepManifest,
  { atOnce, json }: SweepTraining,
  terminal: Terminal,
): Promise<void> {
  const { id } = manifest;
  const { sweeps } = application.handlers;
  const { unfinished } = await sweeps.status({ id });
  const teller = json
    ? createJsonTeller(terminal, manifest)
    : createTeller(terminal, manifest);
  teller.begin(manifest.entries.length - unfinished.length);
  const trouble = new Map<number, string>();
  const left = [...unfinished];
  let stopped: "signal" | "cancelled" | null = null;
  const stop = (why: "signal" | "cancelled") => {
    if (stopped !== null) return;
    stopped = why;
    if (!json) terminal.error.write(stopping[why]);
    void application.stopTraining();
  };
  const stopListening = application.onEvent((event) => teller.tell(event));
  const forgetSignals = onEndSignal(() => stop("signal"));
  const abandon = () => stop("signal");
  terminal.abandoned?.addEventListener("abort", abandon, { once: true });
  const watch = setInterval(() => {
    if (isCancelled(application, id)) stop("cancelled");
  }, lookEvery);
  try {
    await Promise.all(Array.from({ length: atOnce }, work));
  } finally {
    clearInterval(watch);
    stopListening();
    forgetSignals();
    terminal.abandoned?.removeEventListener("abort", abandon);
  }
  if (stopped === null) await application.sweeps.tellEnded(id);
  const status = await sweeps.status({ id });
  teller.end(status);
  refuseOtherEnds(status, trouble, stopped !== null);

  async function work(): Promise<void> {
    for (;;) {
      const index = left.shift();
      if (index === undefined || stopped !== null) return;
      await trainEntry(index).catch((error: unknown) => {
        const text = errorMessage(error);
        trouble.set(index, text);
        teller.trouble(index, text);
      });
    }
  }

  async function trainEntry(index: number): Promise<void> {
    const { run } = manifest.entries[index];
    const begun = await application.sweeps.begin(id, index, atOnce);
    if (begun) {
      teller.started(index);
      await begun.ended;
      // The last word of the run's thread.
      while (application.isTraining(run)) await delay(10);
    }
    const status = await sweeps.status({ id });
    teller.ended(status.entries[index], status);
  }
}

const stopping = {
  signal: "Stopping and saving; press Ctrl-C again to end at once.\n",
  cancelled: "The sweep was cancelled elsewhere; stopping and saving.\n",
};

/** A manifest that cannot be read just now cancels nothing. */
function isCancelled(application: Application, id: string): boolean {
  try {
    return application.sweeps.isCancelled(id);
  } catch {
    return false;
  }
}

/** Throws a CommandFailure; `trouble` is what could not begin here, by index. */
export function refuseOtherEnds(
  { counts, done, id, unfinished }: SweepStatus,
  trouble: ReadonlyMap<number, string>,
  isStopped: boolean,
): void {
  const told = describeCounts(counts);
  const again = `\`gan-workbench sweep rerun ${id}\` trains what is missing`;
  if (isStopped && unfinished.length > 0)
    throw new CommandFailure(`Stopped: ${told}; ${again}.`, 75);
  const [[, reason] = []] = trouble;
  // What another program trained instead has its result as well.
  if (unfinished.length > 0 || (trouble.size > 0 && !done))
    throw new CommandFailure(
      `Not all of it was trained: ${told}${reason === undefined ? "" : ` (${reason.replace(/\.$/, "")})`}; ${again}.`,
      1,
    );
  if (counts.diverged) throw new CommandFailure(`Ended: ${told}.`, 3);
}

interface Teller {
  begin(ended: number): void;
  tell(event: AppEvent): void;
  started(index: number): void;
  ended(entry: EntryStatus, status: SweepStatus): void;
  trouble(index: number, text: string): void;
  end(status: SweepStatus): void;
}

function createJsonTeller(terminal: Terminal, manifest: SweepManifest): Teller {
  const tell = (value: unknown) => printJson(terminal, value);
  const { entries, id, name } = manifest;
  return {
    begin: (ended) =>
      tell({ type: "sweep", sweep: id, name, runs: entries.length, ended }),
    tell(event) {
      if (event.type === "training-progress")
        tell({ type: "progress", ...event.progress });
      if (event.type === "task-progress") tell({ ...event.task, type: "task" });
      if (event.type === "notice") tell({ ...event.notice, type: "notice" });
    },
    started: (index) =>
      tell({ type: "started", index, run: entries[index].run }),
    ended: ({ state, ...entry }) => tell({ type: state, ...entry }),
    trouble: (index, reason) =>
      tell({ type: "trouble", index, run: entries[index].run, reason }),
    end: ({ counts, done, unfinished }) =>
      tell({ type: "ended", sweep: id, counts, done, unfinished }),
  };
}

function createTeller(terminal: Terminal, manifest: SweepManifest): Teller {
  const bar = createProgressBar(terminal.error);
  const total = manifest.entries.length;
  const nameOf = (index: number) => oneLine(entryName(manifest, index));
  const say = (line: string) => bar.above(() => printLine(terminal, line));
  return {
    begin(ended) {
      const before = ended === 0 ? "" : `, ${ended} of them trained already`;
      say(`Sweep ${manifest.id}: ${total} runs${before}`);
    },
    tell(event) {
      if (event.type === "training-progress") bar.showTraining(event.progress);
      if (event.type === "task-progress") bar.showTask(event.task);
      // A failure is told at its end; what is good to know of one run is too much of a thousand.
      if (event.type === "notice" && event.notice.level === "warning")
        say(event.notice.text);
    },
    started: (index) => say(`${index}: ${nameOf(index)} …`),
    ended({ index, reason, seconds, state, step }, status) {
      const ended = total - status.unfinished.length;
      const why = reason === null ? "" : ` (${reason})`;
      say(
        `${index}: ${nameOf(index)}: ${state} after ${step} steps in ${seconds.toFixed(1)} s${why} [${ended}/${total}]`,
      );
    },
    trouble: (index, text) => say(`${index}: ${nameOf(index)}: ${text}`),
    end(status) {
      bar.clear();
      if (status.done) say(`Done: ${describeCounts(status.counts)}.`);
    },
  };
}
