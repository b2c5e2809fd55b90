/**
 * Turns the events of one training into its run folder, in their order. Knows neither the trainer nor the window: the
 * host hands it events, and waits where it asks to.
 */
import { basename } from "node:path";
import type { MetricGroup } from "../../../shared/curves/metric-group";
import { isActive } from "../../../shared/run";
import type { Environment, RunEdit, RunRecord } from "../../../shared/run";
import type { TrainingSettings } from "../../../shared/settings/settings";
import type { MetricBlock } from "../../../shared/step";
import type { WeightChoice } from "../../engine/engine";
import type { TrainingEvent } from "../../trainer/events";
import { writeAtomically } from "../../disk/atomic";
import type { CheckpointMark } from "../checkpoints/checkpoint-file";
import { prunable, writeCheckpoint } from "../checkpoints/checkpoints";
import type { FileLayer } from "../../disk/file-layer";
import { encodePng, makeGrid } from "./grid";
import type { ImageBatch } from "./grid";
import { checkpointFile, sampleFile, samplesFolder } from "../folder/layout";
import { LiveRows } from "./live-rows";
import type { Lock } from "../../disk/lock";
import { changeRecord } from "../folder/record";
import { distancesOf, readQualities } from "../folder/qualities";
import { RunProgress } from "./run-progress";
import { RunError } from "../run-error";
import type { RecordingTrouble, RunRecorder } from "../run-store";
import type { RunLogs } from "./run-logs";
import { telling } from "./telling";
import { WriteQueue } from "../../disk/write-queue";
import type { Write } from "../../disk/write-queue";
import { Writing } from "./writing";

export interface RecorderParts {
  files: FileLayer;
  folder: string;
  lock: Lock;
  record: RunRecord;
  settings: TrainingSettings;
  logs: RunLogs;
  /** Of the checkpoints that are there. */
  marks: CheckpointMark[];
  onTrouble(trouble: RecordingTrouble): void;
  /** One sentence of what was lost and made good. */
  onWarning(text: string): void;
  /** The listing has changed. */
  onChange(): void;
  onClosed(): void;
  /** Another process may write the run from now on. */
  onReleased(): void;
}

/** How long metric rows may wait before they are given to the system. */
const flushEveryMs = 200;
/** How old the progress in run.json may be. */
const recordEveryMs = 5000;
/** Bytes of rows, and events other than rows, that may wait before `handle` does. */
const maxWaitingBytes = 1 << 20;
const maxWaitingEvents = 8;

export class Recorder implements RunRecorder {
  private readonly progress: RunProgress;
  private readonly live: LiveRows;
  private readonly writing: Writing;
  private readonly queue = new WriteQueue();
  private recordWrittenAt = performance.now();
  private closed: Promise<void> | null = null;

  constructor(private readonly parts: RecorderParts) {
    this.progress = new RunProgress(parts.record);
    this.live = new LiveRows(parts.settings.objective.generatorEvery > 1);
    const { files, folder, lock, record } = parts;
    this.writing = new Writing(files, folder, lock, record.name, (trouble) => {
      this.showTrouble(trouble);
      parts.onTrouble(trouble);
    });
    parts.logs.onRewritten = () =>
      void this.remember("The event file was gone; it was written again.");
    parts.logs.onCut = () =>
      void this.remember(
        "The event file was cut from outside; the steps in what was cut are lost.",
      );
  }

  get id(): string {
    return this.record.id;
  }

  get record(): RunRecord {
    return this.progress.record;
  }

  async handle(event: TrainingEvent): Promise<void> {
    this.writing.check();
    if (this.closed)
      throw new RunError(`The run ${this.id} is closed; nothing more is kept.`);
    this.progress.apply(event);
    const write = this.writeOf(event);
    if (!write) return;
    const done = this.queue.add(write);
    if (!isActive(this.record.state) || this.isBusy) await done;
    // A failure is kept, and the next event gets it.
    else done.catch(() => undefined);
  }

  async setEnvironment(environment: Environment): Promise<void> {
    this.progress.change({ environment });
    await this.queue.add(() => this.writeRecord());
  }

  /** A run that is resumed reads its images again. */
  readonly warn = (text: string): void => {
    const { events, progress } = this.record;
    if (events.some((event) => event.text === text)) return;
    this.progress.addEvent("warning", progress.step, text);
  };

  async fail(reason: string): Promise<void> {
    if (!this.closed) this.progress.setState("failed", reason);
    await this.close();
  }

  async interrupt(reason: string): Promise<void> {
    if (!this.closed) this.progress.setState("interrupted", reason);
    await this.close();
  }

  close(): Promise<void> {
    this.closed ??= telling(
      `The run "${this.record.name}" was not closed`,
      () => this.finish(),
    );
    return this.closed;
  }

  /** Something of the run was lost on the disk and could be written again from what is in memory; gives the record. */
  remember(lost: string): RunRecord {
    this.progress.addEvent("warning", this.record.progress.step, lost);
    this.parts.onWarning(lost);
    return this.record;
  }

  /** Ends waiting for a folder that may never come back; the run fails. */
  giveUp(): void {
    this.writing.giveUp();
  }

  /** Its sweep is about to stop it, for this reason. */
  noteStoppedEarly(reason: string): void {
    this.progress.noteStoppedEarly(reason);
  }

  /** What a user changed of the record while it was open here. */
  adopt(edit: RunEdit): void {
    this.progress.change(edit);
  }

  /** Summaries of metrics that are no figures of a step; they are written with the record. */
  noteSummary(summary: RunRecord["summary"]): void {
    const { summary: before } = this.record;
    this.progress.change({ summary: { ...before, ...summary } });
    void this.queue.add(() => this.writeRecord()).catch(() => undefined);
  }

  /** The rows after a step; null where they must be read from the event file, which then has all of them. */
  async rowsAfter(step: number): Promise<MetricGroup[] | null> {
    const rows = this.live.after(step);
    if (rows || this.writing.hasFailed || this.closed) return rows;
    await this.queue.add(() => this.flush()).catch(() => undefined);
    return null;
  }

  private get isBusy(): boolean {
    return (
      this.queue.waiting >= maxWaitingEvents ||
      this.parts.logs.waiting >= maxWaitingBytes
    );
  }

  /** What an event leaves to be written; null where a timer will see to it. */
  private writeOf(event: TrainingEvent): Write | null {
    switch (event.type) {
      case "metrics":
        return this.addRows(event.block);
      case "log":
        return null;
      case "samples":
        return () => this.writeSamples(event);
      case "checkpoint":
        return this.checkpointWrite(event);
      case "diverged":
      case "stopped":
      case "finished":
        return () => this.writeEnd();
      case "started":
      case "learning-rates":
      case "paused":
      case "unpaused":
        return () => this.writeRecord();
      default:
        return event satisfies never;
    }
  }

  private addRows(block: MetricBlock): Write | null {
    if (block.rows === 0) return null;
    this.live.push(block);
    this.parts.logs.add(block);
    this.queue.addLater(
      "record",
      this.recordWrittenAt + recordEveryMs - performance.now(),
      () => this.writeRecord(),
    );
    if (this.parts.logs.waiting >= maxWaitingBytes) return () => this.flush();
    this.queue.addLater("flush", flushEveryMs, () => this.flush());
    return null;
  }

  private checkpointWrite(
    event: Extract<TrainingEvent, { type: "checkpoint" }>,
  ): Write {
    const { checkpoint, reason } = event;
    const { files, folder, settings, logs } = this.parts;
    const mark = {
      step: checkpoint.position.step,
      reason,
      imbalance:
        reason === "safety"
          ? null
          : this.progress.takeImbalance(settings.objective),
    };
    return async () => {
      await this.flush();
      await this.writing.run("A checkpoint", async () => {
        // The steps first: a checkpoint must never be ahead of the curves.
        await logs.sync();
        await writeCheckpoint(files, folder, { ...checkpoint, settings }, mark);
      });
      this.progress.noteSaved(mark.step);
      await this.prune(mark);
      await this.writeRecord();
    };
  }

  private async prune(added: CheckpointMark): Promise<void> {
    const { files, folder, settings } = this.parts;
    const others = this.parts.marks.filter(({ step }) => step !== added.step);
    const marks = [...others, added].sort((a, b) => a.step - b.step);
    const distances = settings.checkpoints.keepBest
      ? distancesOf(await readQualities(folder))
      : undefined;
    const gone = prunable(marks, settings.checkpoints, distances);
    for (const step of gone)
      await this.writing.run("The list of checkpoints", () =>
        files.remove(checkpointFile(folder, step)),
      );
    this.parts.marks = marks.filter(({ step }) => !gone.includes(step));
  }

  private async writeSamples(
    event: Extract<TrainingEvent, { type: "samples" }>,
  ): Promise<void> {
    await this.flush();
    const { pixels, average } = event;
    await this.writeGrid({ ...event, pixels }, "last");
    if (average) await this.writeGrid({ ...event, pixels: average }, "average");
    await this.flush();
    this.parts.onChange();
  }

  private async writeGrid(
    images: ImageBatch & { step: number },
    weights: WeightChoice,
  ): Promise<void> {
    const { files, folder, settings } = this.parts;
    const { sampling, data } = settings;
    const picture = makeGrid(images, sampling.grid, data.range);
    const png = await encodePng(picture);
    const { step } = images;
    const place = samplesFolder(folder, weights);
    await this.writing.run("A sample grid", async () => {
      await files.makeSubfolder(place);
      await writeAtomically(files, sampleFile(folder, step, weights), png);
    });
    const time = Date.now() / 1000;
    const tag = basename(place);
    this.parts.logs.addGrid({ ...picture, step, time, tag, png });
  }

  private showTrouble(trouble: RecordingTrouble): void {
    const { state, progress, reason } = this.record;
    if (trouble.type === "failed")
      this.progress.setState("failed", trouble.text);
    else if (trouble.type === "disk-full" || trouble.type === "folder-gone") {
      const kind = trouble.type === "disk-full" ? "disk-full" : "warning";
      this.progress.addEvent(kind, progress.step, trouble.text);
      if (isActive(state) && state !== "paused")
        this.progress.setState("paused", trouble.text);
      // Paused by its user it has no reason, and stays so.
    } else if (state === "paused" && reason !== null)
      this.progress.setState("training", null);
    this.parts.onChange();
  }

  private flush(): Promise<void> {
    return this.writing.run("The metrics", () => this.parts.logs.flush());
  }

  private async writeEnd(): Promise<void> {
    await this.flush();
    await this.writing.run("The metrics", () => this.parts.logs.sync());
    await this.writeRecord();
  }

  private async writeRecord(): Promise<void> {
    await this.writing.run("The record", () => this.saveRecord());
    this.parts.onChange();
  }

  /** The trainer's fields are ours, the user's are those on disk: another process may have changed them. */
  private async saveRecord(): Promise<void> {
    const { files, folder } = this.parts;
    const saved = await changeRecord(
      files,
      folder,
      (onDisk) => ({ ...this.record, ...userFields(onDisk) }),
      (lost) => this.remember(lost),
    );
    this.recordWrittenAt = performance.now();
    this.progress.change(userFields(saved));
  }

  private async finish(): Promise<void> {
    this.writing.stopWaiting();
    await this.queue.close();
    if (isActive(this.record.state))
      this.progress.setState(
        "interrupted",
        "The application was closed while this run trained.",
      );
    try {
      if (!this.writing.hasFailed) await this.writeEnd();
    } finally {
      try {
        // After a failure nothing is known of the metrics any more; its reason must still be kept, where there is a place.
        if (this.writing.hasFailed && (await this.writing.mayWrite()))
          await this.saveRecord();
      } finally {
        await this.release();
      }
    }
  }

  private async release(): Promise<void> {
    const { logs, lock, onClosed, onChange, onReleased } = this.parts;
    try {
      await logs.close();
    } finally {
      onClosed();
      await lock.release();
      onChange();
      onReleased();
    }
  }
}

/** What a user may change while the run trains. */
function userFields(record: RunRecord): Required<RunEdit> {
  const { name, tags, notes, starred, color, archived, group } = record;
  const { metricNames } = record;
  return { name, tags, notes, starred, color, archived, group, metricNames };
}
