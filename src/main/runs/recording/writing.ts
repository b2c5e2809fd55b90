/**
 * What a recorder does when the disk says no: a full disk, too many open files and a folder that was moved away are
 * waited for, anything else ends the recording for good, and so does another process that has taken the run over. All are
 * told at once, and the sentence of the failure is what every later call gets.
 */
import { stat } from "node:fs/promises";
import { errorCode } from "../../../shared/errors";
import type { FileLayer } from "../../disk/file-layer";
import { lockHolder } from "../../disk/lock";
import type { Lock } from "../../disk/lock";
import { lockFile } from "../folder/layout";
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

/** The whole folder may be going away this very moment, so it is looked for again. */
class LockGone extends RunError {
  readonly code = "ENOENT";

  constructor(run: string) {
    super(
      `The file "lock" of the run "${run}" is gone, so training ended here; resume it to continue from its newest checkpoint.`,
    );
  }
}

export class Writing {
  private failure: RunError | null = null;
  private waitsFor: Obstacle["type"] | null = null;
  private readonly closing = new AbortController();

  constructor(
    private readonly files: FileLayer,
    private readonly folder: string,
    private readonly lock: Lock,
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

  /** Whether what is in the folder is this recording's to write. */
  async mayWrite(): Promise<boolean> {
    return !(await this.lock.isLost()) && (await this.hasPlace());
  }

  /** Whether the run's folder is where it was. */
  private async hasPlace(): Promise<boolean> {
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
        await this.refuseLost();
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

  /** A machine that slept or was cut off may find its run in other hands: each write would spoil what those have done. */
  private async refuseLost(): Promise<void> {
    if (!(await this.lock.isLost())) return;
    const holder = await lockHolder(lockFile(this.folder));
    if (holder === null || holder === "unknown") throw new LockGone(this.name);
    throw new RunError(
      `The run "${this.name}" is now trained by process ${holder.pid} on ${holder.host}, which took it over while this computer slept or was cut off, so training ended here.`,
    );
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
