/**
 * What a recorder does when the disk says no: a full disk is waited for, anything else ends the recording for good.
 * Both are told at once, and the sentence of the failure is what every later call gets.
 */
import { setTimeout } from "node:timers/promises";
import { errorCode } from "./file-layer";
import { RunError } from "./run-store";
import type { RecordingTrouble } from "./run-store";

const retryAfterMs = 1000;

export class Writing {
  private failure: RunError | null = null;
  private readonly closing = new AbortController();

  constructor(
    private readonly name: string,
    private readonly tell: (trouble: RecordingTrouble) => void,
    private readonly retryMs = retryAfterMs,
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
        if (!isFull(error) || this.closing.signal.aborted)
          throw this.fail(what, error);
        if (!waited)
          this.tell({ type: "disk-full", text: fullText(this.name) });
        waited = true;
        await setTimeout(this.retryMs, null, {
          signal: this.closing.signal,
        }).catch(() => undefined);
      }
    }
  }

  /** From now on a full disk is a failure like any other. */
  stopWaiting(): void {
    this.closing.abort();
  }

  private fail(what: string, error: unknown): RunError {
    const reason = error instanceof Error ? error.message : String(error);
    const code = errorCode(error);
    const text =
      error instanceof RunError
        ? reason
        : `${what} of the run "${this.name}" could not be written: ${explainCode(code) ?? reason}.`;
    this.failure = new RunError(text, { cause: error });
    this.tell({ type: "failed", text });
    return this.failure;
  }
}

/** In words, where a user can do something about it. */
export function explainCode(code: string | null): string | null {
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return "the disk is full; make room and resume";
    case "EACCES":
    case "EPERM":
      return "writing there is not allowed; check the permissions of the library's folder";
    case "EROFS":
      return "the disk is read-only; choose another library";
    case "EIO":
      return "the disk reported an error (EIO); check the disk, then resume from the last checkpoint";
    case "ENOENT":
      return "the run's folder is gone; it was moved or deleted while the run trained";
    default:
      return code;
  }
}

function isFull(error: unknown): boolean {
  const code = errorCode(error);
  return code === "ENOSPC" || code === "EDQUOT";
}

function fullText(name: string): string {
  return `The disk is full, so the run "${name}" waits; it goes on by itself when there is room.`;
}
