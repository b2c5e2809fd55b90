/**
 * How the application ended the last time. A mark is in the preferences while it runs, with the run that trains; whoever
 * finds one was not ended properly, and says so once.
 */
import { z } from "zod";
import { isActive } from "../../shared/run";
import type { Application } from "../host/app";
import type { PreferenceFile } from "../host/preferences";

const key = "underWay";
const markSchema = z.object({ run: z.string().nullable() });

export class LastEnd {
  /** The mark that was found, or null after a proper end. */
  private readonly found: { run: string | null } | null;

  private marked: string | null = null;

  constructor(private readonly file: PreferenceFile) {
    const mark = markSchema.safeParse(file.get(key));
    this.found = mark.success ? mark.data : null;
    this.mark(null);
  }

  /** What the next start will need to know. */
  follow(application: Pick<Application, "onEvent">): void {
    application.onEvent((event) => {
      if (event.type !== "run-changed" || event.listing.kind !== "run") return;
      const { id, state } = event.listing.record;
      if (isActive(state)) this.mark(id);
      else if (this.marked === id) this.mark(null);
    });
  }

  /** One sentence where the last end was a crash; the window itself offers to resume the run. */
  tell(application: Pick<Application, "emit">): void {
    if (this.found?.run == null) return;
    application.emit({
      type: "notice",
      notice: {
        level: "warning",
        text: "GAN Workbench ended while a run trained: it crashed, was killed, or the power failed.",
        advice: "Resume the run from its last checkpoint.",
        run: this.found.run,
      },
    });
  }

  ended(): void {
    this.file.set(key, null);
  }

  /** Written only where it differs: a listing changes many times a minute. */
  private mark(run: string | null): void {
    if (this.marked === run && run !== null) return;
    this.marked = run;
    this.file.set(key, { run });
  }
}
