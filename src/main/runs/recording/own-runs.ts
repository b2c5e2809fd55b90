/** The runs that this process trains: their folders made or opened again, locked, and each with its recorder. */
import { hostname } from "node:os";
import { join } from "node:path";
import type { RunRecord } from "../../../shared/run";
import type { TrainingSettings } from "../../../shared/settings/settings";
import { readCheckpoint, readMarks } from "../checkpoints/checkpoints";
import type { FileLayer } from "../../disk/file-layer";
import { eventFileName, lockFile, runFolder } from "../folder/layout";
import { acquireLock, lockHolder } from "../../disk/lock";
import type { Lock } from "../../disk/lock";
import { makeRunFolder, newRecord } from "../folder/new-run";
import { changeRecord, readRecord } from "../folder/record";
import { Recorder } from "./recorder";
import { cutBack, newestCheckpoint, newestLog } from "../folder/reopen";
import { RunError } from "../run-error";
import type {
  NewRun,
  RecordingTrouble,
  ReopenOptions,
  ReopenedRun,
} from "../run-store";
import { StepWriter } from "./step-writer";

export interface OwnRunsParts {
  files: FileLayer;
  library: string;
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
    const { files, library } = this.parts;
    const { parent, settings, onTrouble } = run;
    const start = run.start
      ? { ...run.start, settings }
      : parent &&
        (await readCheckpoint(runFolder(library, parent.run), parent.step));
    const record = newRecord(run, new Date());
    const made = await makeRunFolder(files, library, record, start);
    return this.open({ ...made, record, settings, onTrouble });
  }

  async reopen(id: string, options: ReopenOptions): Promise<ReopenedRun> {
    const folder = runFolder(this.parts.library, id);
    const lock = await this.lockRun(id);
    try {
      const record = readRecord(folder);
      const settings = options.settings ?? record.settings;
      if (!settings)
        throw new RunError(
          `The run ${id} was imported from another program, so it cannot be trained on.`,
        );
      const { checkpoint, warnings } = await newestCheckpoint(folder);
      const before = await this.takeBack(
        folder,
        { ...record, settings },
        checkpoint?.position ?? { step: 0, seconds: 0 },
      );
      for (const text of warnings) this.parts.warn(id, text);
      const { onTrouble } = options;
      const parts = { folder, lock, record: before, settings, onTrouble };
      return { recorder: await this.open(parts), checkpoint };
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  async close(): Promise<void> {
    const recorders = [...this.recorders.values()];
    await Promise.all(recorders.map((recorder) => recorder.close()));
  }

  private async takeBack(
    folder: string,
    record: RunRecord,
    { step, seconds }: { step: number; seconds: number },
  ): Promise<RunRecord> {
    const { files } = this.parts;
    const before = await cutBack(files, folder, record, step, seconds);
    await changeRecord(files, folder, () => before);
    return before;
  }

  private async lockRun(id: string): Promise<Lock> {
    const path = lockFile(runFolder(this.parts.library, id));
    const lock = await acquireLock(this.parts.files, path);
    if (lock) return lock;
    const holder = await lockHolder(path);
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
      const log =
        (await newestLog(folder)) ??
        join(folder, eventFileName(new Date(), hostname()));
      const recorder = new Recorder({
        ...run,
        files,
        steps: await StepWriter.open(files, log),
        marks: await readMarks(folder),
        onTrouble: (trouble) => run.onTrouble?.(trouble),
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
