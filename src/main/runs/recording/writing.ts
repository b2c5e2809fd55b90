/**
 * What a recorder does when the disk says no: a full disk, too many open files and a folder that was moved away are
 * waited for, anything else ends the recording for good. Both are told at once, and the sentence of the failure is what
 * every later call gets.
 */
import { stat } from "node:fs/promises";
import { errorCode } from "../../../shared/errors";
import type { FileLayer } from "../../disk/file-layer";
import { RunError } from "../run-error";
import type { RecordingTrouble } from "../run-store";
import { asRunError } from "./telling";

type Obstacle = Extract<
  RecordingTrouble,
  { type: "disk-full" | "folder-gone" }
>;
const overcome = {
  "disk-full": "disk-has-room",
  "folder-gone": "folder-back",
} as const;

/** Whoever deletes a folder goes through its files one by one. */
const mostRetries = 5;

export class Writing {
  private failure: RunError | null = null;
  private waitsFor: Obstacle["type"] | null = null;
  private readonly closing = new AbortController();

  constructor(
    private readonly files: FileLayer,
    private readonly folder: string,
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

  /** Whether the run's folder is where it was. */
  async hasPlace(): Promise<boolean> {
    const found = await stat(this.folder).catch(errorCode);
    if (typeof found === "object") return found?.isDirectory() ?? true;
    return found !== "ENOENT" && found !== "ENOTDIR";
  }

  /** Runs a write; it must be safe to repeat, and make no folder above its own. */
  async run<T>(what: string, write: () => Promise<T>): Promise<T> {
    this.check();
    for (let retries = 0; ;) {
      try {
        if (!(await this.hasPlace())) throw this.goneError();
        const result = await write();
        this.goOn();
        return result;
      } catch (error) {
        const obstacle = await this.obstacleIn(error);
        const isTorn = errorCode(error) === "ENOENT" && retries++ < mostRetries;
        if ((!obstacle && !isTorn) || this.closing.signal.aborted)
          throw this.fail(what, error);
        if (obstacle) this.waitFor(obstacle);
        await this.files.waitForRoom(this.closing.signal);
      }
    }
  }

  /** From now on nothing is waited for: an obstacle is a failure like any other. */
  stopWaiting(): void {
    this.closing.abort();
  }

  /** Ends waiting for a folder that may never come back. */
  giveUp(): void {
    if (this.waitsFor === "folder-gone") this.stopWaiting();
  }

  private async obstacleIn(error: unknown): Promise<Obstacle | null> {
    const lacking = lackOf(error);
    if (lacking)
      return {
        type: "disk-full",
        text: `${lacking}, so the run "${this.name}" waits; it resumes by itself when there is room.`,
      };
    if (await this.hasPlace()) return null;
    return {
      type: "folder-gone",
      text: `The folder of the run "${this.name}" was moved or deleted, so it waits; it resumes by itself when the folder is back.`,
    };
  }

  private waitFor(obstacle: Obstacle): void {
    if (this.waitsFor === obstacle.type) return;
    this.waitsFor = obstacle.type;
    this.tell(obstacle);
  }

  private goOn(): void {
    if (!this.waitsFor) return;
    const type = overcome[this.waitsFor];
    this.waitsFor = null;
    this.tell({ type });
  }

  private goneError(): RunError {
    return new RunError(
      `The folder of the run "${this.name}" was moved or deleted, so the run ended; what was in it is wherever it went.`,
    );
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
