/**
 * In browser mode: a notification of the system when a run ends while somebody looks elsewhere. It was asked for under
 * Settings, because a browser wants to be asked. The desktop notifies by itself.
 */
import { z } from "zod";
import type { RunRecord, RunState } from "../../shared/run";
import { endingOf, sweepEnding } from "../../shared/run-ending";
import type { SweepSummary } from "../../shared/sweeps/status";
import type { Preferences } from "./preferences.svelte";

/** What a click on a notification does. */
interface Shows {
  run(run: string): void;
  sweep(sweep: string): void;
}

const key = "notifyOfEnds";

export class Endings {
  constructor(
    private readonly preferences: Preferences,
    private readonly show: Shows,
  ) {}

  readonly isWanted: boolean = $derived.by(() =>
    this.preferences.get(key, z.boolean(), false),
  );

  /** Gives the sentence that says why it cannot be; null where it can. */
  async want(wanted: boolean): Promise<string | null> {
    this.preferences.set(key, wanted);
    if (!wanted || (await Notification.requestPermission()) === "granted")
      return null;
    this.preferences.set(key, false);
    return "The browser does not let this page notify you. Allow it in the page's settings, beside the address.";
  }

  hear(before: RunState | undefined, record: RunRecord): void {
    const text = endingOf(before, record);
    if (text !== null)
      this.notify(record.name, text, () => this.show.run(record.id));
  }

  hearSweep(sweep: SweepSummary): void {
    this.notify(sweep.name, sweepEnding(sweep), () =>
      this.show.sweep(sweep.id),
    );
  }

  private notify(title: string, body: string, show: () => void): void {
    if (!this.isWanted || document.hasFocus()) return;
    const notification = new Notification(title, { body });
    notification.onclick = () => {
      window.focus();
      show();
    };
  }
}
