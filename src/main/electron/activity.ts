/** What the desktop shows of a run outside the window: taskbar progress, notifications, and staying awake. */
import { Notification, powerSaveBlocker } from "electron";
import type { BrowserWindow } from "electron";
import type { AppEvent } from "../../shared/contract/events";
import { isActive } from "../../shared/run";
import type { RunRecord, RunState } from "../../shared/run";
import { endingOf, sweepEnding } from "../../shared/run-ending";
import type { Application } from "../host/app";

export function followActivity(
  application: Pick<Application, "emit" | "onEvent">,
  window: BrowserWindow,
): void {
  const states = new Map<string, RunState>();
  const awake = createWakefulness();

  const stop = application.onEvent((event: AppEvent) => {
    if (event.type === "training-progress") {
      const { step, totalSteps } = event.progress;
      window.setProgressBar(step / totalSteps);
    }
    if (event.type === "sweep-ended" && !window.isFocused())
      notify(event.sweep.name, sweepEnding(event.sweep), {
        type: "show-sweep",
        sweep: event.sweep.id,
      });
    if (event.type === "run-changed" && event.listing.kind === "run")
      follow(event.listing.record);
  });
  window.once("closed", () => {
    stop();
    awake.keep(false);
  });

  function follow(record: RunRecord): void {
    const before = states.get(record.id);
    states.set(record.id, record.state);
    if (before === record.state) return;
    awake.keep([...states.values()].includes("training"));
    if (record.state === "paused") showPaused(record);
    if (before === undefined || !isActive(before) || isActive(record.state))
      return;
    window.setProgressBar(-1);
    const text = endingOf(before, record);
    if (text !== null && !window.isFocused())
      notify(record.name, text, { type: "show-run", run: record.id });
  }

  function notify(title: string, body: string, onClick: AppEvent): void {
    if (!Notification.isSupported()) return;
    const notification = new Notification({ title, body });
    notification.on("click", () => {
      window.show();
      window.focus();
      application.emit(onClick);
    });
    notification.show();
  }

  function showPaused({ progress }: RunRecord): void {
    window.setProgressBar(progress.step / Math.max(1, progress.totalSteps), {
      mode: "paused",
    });
  }
}

/** The system may not sleep only while something trains. */
function createWakefulness(): { keep(awake: boolean): void } {
  let blocker: number | null = null;
  return {
    keep(awake) {
      if (awake && blocker === null)
        blocker = powerSaveBlocker.start("prevent-app-suspension");
      if (!awake && blocker !== null) {
        powerSaveBlocker.stop(blocker);
        blocker = null;
      }
    },
  };
}
