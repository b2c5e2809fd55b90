/** The runs that this process trains: their folders made or opened again, locked, and each with its recorder. */
import { existsSync } from "node:fs";
import { hasBeginning, isActive } from "../../../shared/run";
import type { RunListing, RunRecord } from "../../../shared/run";
import type { TrainingSettings } from "../../../shared/settings/settings";
import { readCheckpoint, readMarks } from "../checkpoints/checkpoints";
import { journalFile, moveLockFile } from "../../disk/move/journal";
import type { FileLayer } from "../../disk/file-layer";
import { lockFile, runFolder } from "../folder/layout";
import { acquireLock, lockHolder } from "../../disk/lock";
import type { Lock } from "../../disk/lock";
import { makeRunFolder, newRecord } from "../folder/new-run";
import { changeRecord, readRecord } from "../folder/record";
import { Recorder } from "./recorder";
import { cutBack } from "../folder/reopen";
import { repairRecord } from "../folder/repair";
import { findResumePoint } from "../folder/resume-point";
import { trainerOf } from "../folder/trainer";
import { RunError } from "../run-error";
import type {
  NewRun,
  RecordingTrouble,
  ReopenOptions,
  ReopenedRun,
} from "../run-store";
import { RunLogs } from "./run-logs";

type DamagedListing = Extract<RunListing, { kind: "damaged" }>;

export interface OwnRunsParts {
  files: FileLayer;
  place: { readonly library: string };
  tellChanged(id: string): Promise<unknown>;
  /** Once nobody writes a run any more. */
  prepareCurves(id: string): Promise<void>;
  warn(id: string, text: string): void;
}

export class OwnRuns {
  private readonly recorders = new Map<string, Recorder>();

  constructor(private readonly parts: OwnRunsParts) {}

  /** The recorder of a run that is open here. */
  recorder(id: string): Recorder | undefined {
    return this.recorders.get(id);
  }

  async create(run: NewRun): Promise<Recorder> {
    const { files, place } = this.parts;
    const { library } = place;
    await refuseWhileMoved(library);
    const { parent, settings, onTrouble } = run;
    const start = run.start
      ? { ...run.start, settings }
      : parent && !hasBeginning({ parent })
        ? await readCheckpoint(runFolder(library, parent.run), parent.step)
        : null;
    const record = newRecord(run, new Date(), start);
    const made = await makeRunFolder(files, library, record, start);
    return this.open({ ...made, record, settings, onTrouble });
  }

  async reopen(id: string, options: ReopenOptions): Promise<ReopenedRun> {
    const folder = runFolder(this.parts.place.library, id);
    const lock = await this.lockRun(id);
    try {
      const record = readRecord(folder);
      const settings = options.settings ?? record.settings;
      if (!settings)
        throw new RunError(
          `The run ${id} was imported from another program, so it cannot be trained further.`,
        );
      const { at = "newest", fit, onTrouble } = options;
      const point = await findResumePoint(folder, record, at);
      const { checkpoint } = point;
      // Refuses what does not fit before anything has changed.
      const from = checkpoint && (fit?.(checkpoint) ?? checkpoint);
      const { record: before, missing } = await cutBack(
        this.parts.files,
        folder,
        { ...record, settings },
        checkpoint,
      );
      await changeRecord(this.parts.files, folder, () => before);
      const parts = { folder, lock, record: before, settings, onTrouble };
      const recorder = await this.open(parts);
      if (missing !== null) this.parts.warn(id, missing);
      const resumed = before.events.at(-1)?.text ?? "";
      for (const problem of point.passedOver)
        this.parts.warn(id, `${problem}. ${resumed}`);
      return { recorder, checkpoint: from };
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** Rejects where another process has it, or nothing is left to make its record of. */
  async repair({ id, reason, repairable }: DamagedListing): Promise<void> {
    if (!repairable)
      throw new RunError(`The run ${id} cannot be repaired. ${reason}`);
    const lock = await this.lockRun(id);
    try {
      const { files, place } = this.parts;
      await repairRecord(files, runFolder(place.library, id));
    } finally {
      await lock.release();
    }
  }

  async close(): Promise<void> {
    const recorders = [...this.recorders.values()];
    await Promise.all(recorders.map((recorder) => recorder.close()));
  }

  /** A run that has ended here is closed in a moment. */
  async untilClosed(id: string): Promise<void> {
    const recorder = this.recorders.get(id);
    if (recorder && !isActive(recorder.record.state)) await recorder.close();
  }

  private async lockRun(id: string): Promise<Lock> {
    const { library } = this.parts.place;
    await refuseWhileMoved(library);
    const folder = runFolder(library, id);
    await this.untilClosed(id);
    const holder = await trainerOf(folder);
    const lock =
      holder === null
        ? await acquireLock(this.parts.files, lockFile(folder))
        : null;
    if (lock) return lock;
    const who =
      holder === null || holder === "unknown"
        ? "another process"
        : `process ${holder.pid} on ${holder.host}`;
    throw new RunError(`The run ${id} is being trained by ${who}.`);
  }

  private async open(run: {
    folder: string;
    lock: Lock;
    record: RunRecord;
    settings: TrainingSettings;
    onTrouble: ((trouble: RecordingTrouble) => void) | undefined;
  }): Promise<Recorder> {
    const { files, tellChanged } = this.parts;
    const { folder, record } = run;
    const { id } = record;
    try {
      const recorder = new Recorder({
        ...run,
        files,
        logs: await RunLogs.open(files, folder, run.settings),
        marks: await readMarks(folder),
        onTrouble: (trouble) => run.onTrouble?.(trouble),
        onWarning: (text) => this.parts.warn(id, text),
        onChange: () => void tellChanged(id).catch(() => undefined),
        onClosed: () => this.recorders.delete(id),
        onReleased: () => void this.parts.prepareCurves(id),
      });
      this.recorders.set(id, recorder);
      await tellChanged(id);
      return recorder;
    } catch (error) {
      await run.lock.release();
      throw error;
    }
  }
}

/** Another program may be moving the library to another disk. */
async function refuseWhileMoved(library: string): Promise<void> {
  if (!existsSync(journalFile(library))) return;
  if ((await lockHolder(moveLockFile(library))) === null) return;
  throw new RunError(
    "The library is being moved to another disk; wait until that has ended.",
  );
}
