/** What the doctor says of one run, asked again when the run has changed and at most every few seconds. */
import type { Diagnosis } from "../../shared/doctor/finding";
import type { Application } from "./application.svelte";

const everyMs = 3000;

export class Diagnosing {
  /** Null until it is known, and of a run that cannot be read. */
  diagnosis = $state.raw<Diagnosis | null>(null);
  private timer: ReturnType<typeof setTimeout> | null = null;
  private askedAt = -Infinity;
  private isClosed = false;

  constructor(
    private readonly application: Application,
    private readonly run: string,
  ) {}

  /** Something was recorded. */
  refresh(): void {
    if (this.timer !== null || this.isClosed) return;
    const wait = Math.max(0, this.askedAt + everyMs - performance.now());
    this.timer = setTimeout(() => void this.ask(), wait);
  }

  close(): void {
    this.isClosed = true;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private async ask(): Promise<void> {
    this.askedAt = performance.now();
    try {
      const { client } = this.application;
      this.diagnosis = await client.doctor.diagnose({ run: this.run });
    } catch {
      // Why a run cannot be read is said in the place of its page.
      this.diagnosis = null;
    }
    this.timer = null;
  }
}
