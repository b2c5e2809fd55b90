/**
 * Turns the events of one training into its run folder, in their order. Knows neither the trainer nor the window: the
 * host hands it events, and waits where it asks to.
 */
import type { MetricGroup } from "../../shared/contract/files";
import { discriminatorEquilibrium } from "../../shared/metrics";
import { isActive } from "../../shared/run";
import type {
  Environment,
  RunEdit,
  RunEvent,
  RunRecord,
  RunState,
} from "../../shared/run";
import type { TrainingSettings } from "../../shared/settings";
import { stepMetrics } from "../../shared/step";
import type { MetricBlock } from "../../shared/step";
import type { TrainingEvent } from "../trainer/events";
import { writeAtomically } from "./atomic";
import type { CheckpointMark } from "./checkpoint-file";
import { prunable, writeCheckpoint } from "./checkpoints";
import type { FileLayer } from "./file-layer";
import { encodePng, makeGrid } from "./grid";
import { checkpointFile, sampleFile, samplesFolder } from "./layout";
import { LiveRows } from "./live-rows";
import type { Lock } from "./lock";
import { changeRecord } from "./record";
import { RunError } from "./run-store";
import type { RecordingTrouble, RunRecorder } from "./run-store";
import type { StepWriter } from "./step-writer";
import { summarizeBlock } from "./summary";
import { Writing } from "./writing";

export interface RecorderParts {
  files: FileLayer;
  folder: string;
  lock: Lock;
  record: RunRecord;
  settings: TrainingSettings;
  steps: StepWriter;
  /** Of the checkpoints that are there. */
  marks: CheckpointMark[];
  onTrouble(trouble: RecordingTrouble): void;
  /** The listing has changed. */
  onChange(): void;
  onClosed(): void;
}

/** How long metric rows may wait before they are given to the system. */
const flushEveryMs = 200;
/** How old the progress in run.json may be. */
const recordEveryMs = 5000;
/** Bytes of rows, and events other than rows, that may wait before `handle` does. */
const maxWaitingBytes = 1 << 20;
const maxWaitingEvents = 8;

export class Recorder implements RunRecorder {
  record: RunRecord;
  private readonly live: LiveRows;
  private readonly writing: Writing;
  private queue: Promise<unknown> = Promise.resolve();
  private waitingEvents = 0;
  private flushing = false;
  private recordDue = false;
  private recordWrittenAt = 0;
  private closed: Promise<void> | null = null;
  /** The end of the last step, or of the last pause, in seconds since 1970. */
  private clock = Date.now() / 1000;
  private balance = { sum: 0, count: 0 };

  constructor(private readonly parts: RecorderParts) {
    this.record = parts.record;
    this.live = new LiveRows(parts.settings.objective.generatorEvery > 1);
    this.writing = new Writing(parts.record.name, (trouble) => {
      this.showTrouble(trouble);
      parts.onTrouble(trouble);
    });
  }

  get id(): string {
    return this.record.id;
  }

  async handle(event: TrainingEvent): Promise<void> {
    this.writing.check();
    if (this.closed)
      throw new RunError(`The run ${this.id} is closed; nothing more is kept.`);
    const work = this.take(event);
    if (!work) return;
    const isEnd = !isActive(this.record.state);
    const done = this.enqueue(work);
    if (
      isEnd ||
      this.waitingEvents >= maxWaitingEvents ||
      this.parts.steps.waiting >= maxWaitingBytes
    )
      await done;
    else done.catch(() => undefined);
  }

  async setEnvironment(environment: Environment): Promise<void> {
    this.record = { ...this.record, environment };
    await this.enqueue(() => this.writeRecord());
  }

  async fail(reason: string): Promise<void> {
    if (this.closed) return this.closed;
    this.setState("failed", reason);
    await this.close();
  }

  close(): Promise<void> {
    this.closed ??= this.finish();
    return this.closed;
  }

  /** What a user changed of the record while it was open here. */
  adopt(edit: RunEdit): void {
    this.record = { ...this.record, ...edit };
  }

  /** The rows after a step; null where they must be read from the event file, which then has all of them. */
  async rowsAfter(step: number): Promise<MetricGroup[] | null> {
    const rows = this.live.after(step);
    if (!rows && !this.writing.hasFailed)
      await this.enqueue(() => this.flush()).catch(() => undefined);
    return rows;
  }

  /** What the event changes at once; gives what remains to be written, or null where that is left to a timer. */
  private take(event: TrainingEvent): (() => Promise<void>) | null {
    switch (event.type) {
      case "started":
        this.clock = Date.now() / 1000;
        return this.takeStart(event);
      case "metrics":
        return this.takeRows(event.block);
      case "log":
        return null;
      case "samples":
        return () => this.writeSamples(event);
      case "checkpoint":
        return this.takeCheckpoint(event);
      case "learning-rates": {
        const { generator, discriminator } = event.learningRates;
        const text = `Learning rates set to ${generator} (G) and ${discriminator} (D).`;
        return this.note("learning-rate", event.step, text);
      }
      case "paused":
        this.setState("paused", null);
        return this.note("paused", event.step, "Paused.");
      case "unpaused":
        this.clock = Date.now() / 1000;
        this.setState("training", null);
        return () => this.writeRecord();
      case "diverged": {
        const text = `Diverged at step ${event.step}: ${event.what}.`;
        this.setState("diverged", text);
        return this.note("diverged", event.step, text);
      }
      case "stopped":
      case "finished":
        this.setState(event.type, null);
        return () => this.writeEnd();
      default:
        return event satisfies never;
    }
  }

  private takeStart(
    event: Extract<TrainingEvent, { type: "started" }>,
  ): () => Promise<void> {
    const { step, totalSteps, stepsPerEpoch, data } = event;
    this.setState("training", null);
    this.record = {
      ...this.record,
      data,
      progress: { ...this.record.progress, step, totalSteps, stepsPerEpoch },
    };
    return () => this.writeRecord();
  }

  private takeRows(block: MetricBlock): (() => Promise<void>) | null {
    if (block.rows === 0) return null;
    this.live.push(block);
    this.parts.steps.add(block);
    const summary = structuredClone(this.record.summary);
    summarizeBlock(summary, block);
    const end = block.times[block.rows - 1];
    const { progress } = this.record;
    this.record = {
      ...this.record,
      summary,
      progress: {
        ...progress,
        step: block.firstStep + block.rows - 1,
        seconds: progress.seconds + Math.max(0, end - this.clock),
      },
    };
    this.clock = end;
    this.addToBalance(block);
    this.scheduleRecord();
    if (this.parts.steps.waiting >= maxWaitingBytes) return () => this.flush();
    this.scheduleFlush();
    return null;
  }

  private takeCheckpoint(
    event: Extract<TrainingEvent, { type: "checkpoint" }>,
  ): () => Promise<void> {
    const { checkpoint, reason } = event;
    const { step, seconds } = checkpoint.position;
    const mark = { step, reason, imbalance: this.takeImbalance() };
    const { progress } = this.record;
    this.record = { ...this.record, progress: { ...progress, seconds } };
    if (reason === "asked")
      this.addEvent("checkpoint", step, "Checkpoint kept.");
    return async () => {
      await this.flush();
      await this.writing.run("A checkpoint", async () => {
        // The steps first: a checkpoint must never be ahead of the curves.
        await this.parts.steps.sync();
        const { files, folder } = this.parts;
        await writeCheckpoint(files, folder, checkpoint, mark);
      });
      this.parts.marks = [
        ...this.parts.marks.filter((other) => other.step !== step),
        mark,
      ].sort((a, b) => a.step - b.step);
      await this.prune();
      await this.writeRecord();
    };
  }

  private async prune(): Promise<void> {
    const { files, folder, settings } = this.parts;
    for (const step of prunable(this.parts.marks, settings.checkpoints)) {
      await this.writing.run("The list of checkpoints", () =>
        files.remove(checkpointFile(folder, step)),
      );
      this.parts.marks = this.parts.marks.filter((mark) => mark.step !== step);
    }
  }

  private async writeSamples(
    event: Extract<TrainingEvent, { type: "samples" }>,
  ): Promise<void> {
    const { files, folder, settings } = this.parts;
    const grid = makeGrid(event, settings.sampling.grid, settings.data.range);
    const png = await encodePng(grid);
    await this.flush();
    await this.writing.run("A sample grid", async () => {
      await files.makeFolder(samplesFolder(folder));
      await writeAtomically(files, sampleFile(folder, event.step), png);
    });
    this.parts.onChange();
  }

  /** Adds an event to the record; gives the write of it. */
  private note(
    type: RunEvent["type"],
    step: number,
    text: string,
  ): () => Promise<void> {
    this.addEvent(type, step, text);
    return () =>
      isActive(this.record.state) ? this.writeRecord() : this.writeEnd();
  }

  private addEvent(type: RunEvent["type"], step: number, text: string): void {
    const event = { type, step, text, time: Date.now() / 1000 };
    this.record = { ...this.record, events: [...this.record.events, event] };
  }

  private setState(state: RunState, reason: string | null): void {
    this.record = { ...this.record, state, reason };
  }

  private addToBalance({ rows, columns }: MetricBlock): void {
    const loss = columns[stepMetrics.indexOf("loss/discriminator")];
    for (let row = 0; row < rows; row++) this.balance.sum += loss[row];
    this.balance.count += rows;
  }

  /** How far D's mean loss since the last checkpoint was from equilibrium. */
  private takeImbalance(): number | null {
    const { sum, count } = this.balance;
    this.balance = { sum: 0, count: 0 };
    const { objective } = this.parts.settings;
    const distance = sum / count - discriminatorEquilibrium(objective, "own");
    return Number.isFinite(distance) ? Math.abs(distance) : null;
  }

  private showTrouble(trouble: RecordingTrouble): void {
    const { state, progress } = this.record;
    if (trouble.type === "disk-full") {
      this.addEvent("disk-full", progress.step, trouble.text);
      if (isActive(state)) this.setState("paused", trouble.text);
    } else if (trouble.type === "disk-has-room") {
      if (state === "paused") this.setState("training", null);
    } else this.setState("failed", trouble.text);
    this.parts.onChange();
  }

  /** One write after another, in the order in which they were asked for. */
  private enqueue(work: () => Promise<void>): Promise<void> {
    this.waitingEvents++;
    const done = this.queue.then(work).finally(() => this.waitingEvents--);
    this.queue = done.catch(() => undefined);
    return done;
  }

  private scheduleFlush(): void {
    if (this.flushing) return;
    this.flushing = true;
    setTimeout(() => {
      this.flushing = false;
      this.enqueue(() => this.flush()).catch(() => undefined);
    }, flushEveryMs).unref();
  }

  private scheduleRecord(): void {
    if (this.recordDue) return;
    this.recordDue = true;
    const wait = Math.max(0, this.recordWrittenAt + recordEveryMs - Date.now());
    setTimeout(() => {
      this.recordDue = false;
      if (!this.closed)
        this.enqueue(() => this.writeRecord()).catch(() => undefined);
    }, wait).unref();
  }

  private flush(): Promise<void> {
    return this.writing.run("The metrics", () => this.parts.steps.flush());
  }

  private async writeEnd(): Promise<void> {
    await this.flush();
    await this.writing.run("The metrics", () => this.parts.steps.sync());
    await this.writeRecord();
  }

  private async writeRecord(): Promise<void> {
    await this.writing.run("The record", () => this.saveRecord());
    this.parts.onChange();
  }

  /** The trainer's fields are ours, the user's are those on disk: another process may have changed them. */
  private async saveRecord(): Promise<void> {
    const { files, folder } = this.parts;
    const saved = await changeRecord(files, folder, (onDisk) => ({
      ...this.record,
      ...userFields(onDisk),
    }));
    this.recordWrittenAt = Date.now();
    this.record = { ...this.record, ...userFields(saved) };
  }

  private async finish(): Promise<void> {
    this.writing.stopWaiting();
    if (isActive(this.record.state))
      this.setState(
        "interrupted",
        "The application was closed while this run trained.",
      );
    await this.queue;
    try {
      if (this.writing.hasFailed) await this.saveRecord();
      else await this.writeEnd();
    } finally {
      await this.parts.steps.close();
      await this.parts.lock.release();
      this.parts.onClosed();
      this.parts.onChange();
    }
  }
}

/** What a user may change while the run trains. */
export function userFields(record: RunRecord): Required<RunEdit> {
  const { name, tags, notes, starred, color, archived, group } = record;
  return { name, tags, notes, starred, color, archived, group };
}
