/**
 * In browser mode: a notification of the system when a run ends while somebody looks elsewhere. It was asked for under
 * Settings, because a browser wants to be asked. The desktop notifies by itself.
 */
import { z } from "zod";
import type { RunRecord, RunState } from "../../shared/run";
import { endingOf } from "../../shared/run-ending";
import type { Preferences } from "./preferences.svelte";

const key = "notifyOfEnds";

export class Endings {
  constructor(
    private readonly preferences: Preferences,
    private readonly show: (run: string) => void,
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
    if (text === null || !this.isWanted || document.hasFocus()) return;
    const notification = new Notification(record.name, { body: text });
    notification.onclick = () => {
      window.focus();
      this.show(record.id);
    };
  }
}
