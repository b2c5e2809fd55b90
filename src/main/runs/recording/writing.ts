/**
 * What a recorder does when the disk says no: a full disk and too many open files are waited for, anything else ends the recording for good.
 * Both are told at once, and the sentence of the failure is what every later call gets.
 */
import { errorCode } from "../../../shared/errors";
import type { FileLayer } from "../../disk/file-layer";
import type { RunError } from "../run-error";
import type { RecordingTrouble } from "../run-store";
import { asRunError } from "./telling";

export class Writing {
  private failure: RunError | null = null;
  private readonly closing = new AbortController();

  constructor(
    private readonly files: FileLayer,
    private readonly name: string,
    private readonly tell: (trouble: RecordingTrouble) => void,
  ) {}

  /** Throws what ended the recording, if anything has. */
  check(): void {
    if (this.failure) throw this.failure;
  }

  get hasFailed(): boolean {
    return this.failure !== null;
  }

  /** Runs a write; it must be safe to repeat. */
  async run<T>(what: string, write: () => Promise<T>): Promise<T> {
    this.check();
    let waited = false;
    for (;;) {
      try {
        const result = await write();
        if (waited) this.tell({ type: "disk-has-room" });
        return result;
      } catch (error) {
        const lacking = lackOf(error);
        if (lacking === null || this.closing.signal.aborted)
          throw this.fail(what, error);
        if (!waited)
          this.tell({
            type: "disk-full",
            text: `${lacking}, so the run "${this.name}" waits; it goes on by itself when there is room.`,
          });
        waited = true;
        await this.files.waitForRoom(this.closing.signal);
      }
    }
  }

  /** From now on a full disk is a failure like any other. */
  stopWaiting(): void {
    this.closing.abort();
  }

  private fail(what: string, error: unknown): RunError {
    this.failure = asRunError(
      `${what} of the run "${this.name}" could not be written`,
      error,
    );
    this.tell({ type: "failed", text: this.failure.message });
    return this.failure;
  }
}

/** What there is too little of at the moment; null for a failure that waiting does not mend. */
function lackOf(error: unknown): string | null {
  switch (errorCode(error)) {
    case "ENOSPC":
    case "EDQUOT":
      return "The disk is full";
    case "EMFILE":
    case "ENFILE":
      return "The system lets no more files be opened";
    default:
      return null;
  }
}
