/**
 * A run under way on the terminal: the tutorial's own log lines, a progress bar where a person watches, or JSON. Ctrl-C,
 * or nobody reading any more, ends the run properly and keeps it.
 */
import type { AppEvent } from "../../shared/contract/events";
import { idOf } from "../../shared/run";
import { stateOf } from "../../shared/sweeps/status";
import type { RunListing, RunRecord } from "../../shared/run";
import type { Application } from "../host/app";
import { onEndSignal } from "./end-signal";
import { CommandFailure } from "./failure";
import { createProgressBar } from "./progress-bar";
import { printJson, printLine } from "./terminal";
import type { Terminal } from "./terminal";

/** Resolves when the run has trained its whole length. Rejects with a CommandFailure where it ended in another way. */
export async function followRun(
  application: Application,
  listing: RunListing,
  terminal: Terminal,
  json: boolean,
): Promise<void> {
  const run = idOf(listing);
  const teller = json ? createJsonTeller(terminal) : createTeller(terminal);
  teller.begin(run, application);
  let failure: string | null = null;
  const stopListening = application.onEvent((event) => {
    if (!concerns(event, run)) return;
    teller.tell(event);
    if (event.type === "notice" && event.notice.level === "error")
      failure = event.notice.text;
  });
  const stop = () => {
    teller.stopping();
    void application.stopTraining();
  };
  const forgetSignals = onEndSignal(stop);
  if (terminal.abandoned?.aborted) stop();
  else terminal.abandoned?.addEventListener("abort", stop, { once: true });
  try {
    await untilEnded(application, run);
    const ended = await application.handlers.runs.get({ id: run });
    if (ended.kind === "damaged") throw new CommandFailure(ended.reason, 1);
    teller.end(ended.record);
    // Who has gone away needs no word of it.
    if (!terminal.abandoned?.aborted) refuseOtherEnd(ended.record, failure);
  } finally {
    stopListening();
    forgetSignals();
    terminal.abandoned?.removeEventListener("abort", stop);
  }
}

/** `failure` is what was told here; the record may be another's by now. */
function refuseOtherEnd(record: RunRecord, failure: string | null): void {
  const { id, reason, progress } = record;
  const state = stateOf(record);
  switch (state) {
    // Of the second its sweep has what it wanted.
    case "finished":
    case "stopped early":
      return;
    case "stopped":
      throw new CommandFailure(
        `Stopped after ${progress.step} of ${progress.totalSteps} steps and saved; \`gan-workbench resume ${id}\` continues it.`,
        75,
      );
    case "diverged":
      throw new CommandFailure(reason ?? `The run ${id} diverged.`, 3);
    default:
      throw new CommandFailure(
        reason ?? failure ?? `The run ${id} is ${state}.`,
        1,
      );
  }
}

interface Teller {
  begin(run: string, application: Application): void;
  tell(event: AppEvent): void;
  stopping(): void;
  end(record: RunRecord): void;
}

function createJsonTeller(terminal: Terminal): Teller {
  return {
    begin: (run) => printJson(terminal, { type: "started", run }),
    tell(event) {
      switch (event.type) {
        case "training-progress":
          printJson(terminal, { type: "progress", ...event.progress });
          break;
        case "log-line":
          printJson(terminal, { ...event, type: "log" });
          break;
        case "task-progress":
          printJson(terminal, { ...event.task, type: "task" });
          break;
        case "notice":
          printJson(terminal, { ...event.notice, type: "notice" });
          break;
        default:
      }
    },
    stopping: () => undefined,
    end({ id, state, reason, progress, summary }) {
      printJson(terminal, {
        type: state,
        run: id,
        steps: progress.step,
        seconds: progress.seconds,
        reason,
        summary,
      });
    },
  };
}

function createTeller(terminal: Terminal): Teller {
  const bar = createProgressBar(terminal.error);
  const say = (line: string) => bar.above(() => printLine(terminal, line));
  return {
    begin: (run) => say(`Run ${run}`),
    tell(event) {
      switch (event.type) {
        case "training-progress":
          bar.showTraining(event.progress);
          break;
        case "log-line":
          say(event.line);
          break;
        case "task-progress":
          bar.showTask(event.task);
          break;
        case "notice":
          // A failure is told at the end, by its exit.
          if (event.notice.level !== "error")
            say(
              [event.notice.text, event.notice.advice]
                .filter((text) => text !== null)
                .join(" "),
            );
          break;
        default:
      }
    },
    stopping: () =>
      bar.above(() => {
        terminal.error.write(
          "Stopping and saving; press Ctrl-C again to end at once.\n",
        );
      }),
    end({ id, state, progress, sweep }) {
      bar.clear();
      const seconds = progress.seconds.toFixed(1);
      if (state === "finished")
        say(
          `Finished after ${progress.step} steps in ${seconds} s; the run is kept as ${id}.`,
        );
      if (sweep !== null && sweep.stoppedEarly !== null)
        say(sweep.stoppedEarly);
    },
  };
}

function concerns(event: AppEvent, run: string): boolean {
  switch (event.type) {
    case "training-progress":
      return event.progress.run === run;
    case "log-line":
      return event.run === run;
    case "task-progress":
      return event.task.id === run;
    case "notice":
      return event.notice.run === run;
    default:
      return false;
  }
}

/** The application says when a run changes, but not when its folder is closed: that is looked up. */
async function untilEnded(
  application: Application,
  run: string,
): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      if (application.isTraining(run)) return;
      clearInterval(timer);
      resolve();
    }, 25);
  });
}
