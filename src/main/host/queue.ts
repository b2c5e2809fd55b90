/**
 * Works on the queue of the library: starts what waits as places become free, and keeps a run in it until it has ended,
 * so that whoever works on it next takes up what a crash or the end of this program left.
 */
import type { AppContract } from "../../shared/contract/index";
import type {
  QueueOrder,
  QueueState,
  Queued,
} from "../../shared/contract/queue";
import { errorMessage } from "../../shared/errors";
import { emptyQueue, withItems, withMoved } from "../../shared/queue";
import type { Queue, QueueItem } from "../../shared/queue";
import type { Handlers } from "../../shared/rpc";
import type { Lock } from "../disk/lock";
import type { QueueFile } from "../sweep/queue-file";
import type { Gate } from "./gate";
import type { Host } from "./host";
import { checkOrder } from "./openings";
import { attemptAt, beginItem, itemOf } from "./queue-items";
import { TrainedElsewhere } from "./start-or-resume";
import type { SweepsArea } from "./sweeps";
import type { TrainingArea } from "./training";

export interface QueueParts {
  host: Host;
  file: QueueFile;
  training: TrainingArea;
  sweeps: SweepsArea;
  /** Whether it starts what waits; otherwise it only shows and changes the queue. */
  works: boolean;
  /** Closed while the library is moved. */
  gate: Gate;
}

/** How often it looks for changes by other programs, in milliseconds. */
const lookEvery = 1_000;

export class QueueArea {
  readonly calls: Handlers<AppContract>["queue"];
  private queue = emptyQueue;
  /** What the queue was read at; null before that. */
  private mark: string | null = null;
  private lock: Lock | null = null;
  private timer: NodeJS.Timeout | null = null;
  /** What it started and what has not ended. */
  private readonly started = new Set<string>();
  private resting = false;
  private working: Promise<void> | null = null;
  private again = false;

  constructor(private readonly parts: QueueParts) {
    this.look();
    this.calls = {
      state: () => this.state(),
      add: ({ order }) => this.add(order),
      move: ({ run, to }) => this.change((queue) => withMoved(queue, run, to)),
      remove: ({ runs }) => this.remove(runs),
      retry: ({ run }) =>
        this.change((queue) =>
          withItem(queue, run, { problem: null, attempts: 0 }),
        ),
      change: (wanted) => this.change((queue) => ({ ...queue, ...wanted })),
    };
  }

  /** From now on it notices what others change and starts what waits. */
  begin(): void {
    if (this.timer) return;
    this.timer = setInterval(() => this.wake(), lookEvery);
    this.timer.unref();
    this.wake();
  }

  /** There may be something to do. */
  wake(): void {
    if (this.resting || !this.timer) return;
    this.again = true;
    this.working ??= this.work().finally(() => {
      this.working = null;
    });
  }

  /** Starts nothing more, and what is stopped from now on stays in the queue, to go on when someone works on it again. */
  rest(): void {
    this.resting = true;
  }

  /** Whether something waits or is under way that this program would start. */
  isIdle(): boolean {
    const queue = this.look();
    const waits = queue.items.some(({ problem }) => problem === null);
    return this.started.size === 0 && (!waits || queue.held);
  }

  /** What is in it, in its order. */
  runs(): string[] {
    return this.look().items.map(({ run }) => run);
  }

  /** Why what is in it could not start, by the run's id; null for what waits or is under way. */
  problems(): Map<string, string | null> {
    return new Map(this.look().items.map(({ problem, run }) => [run, problem]));
  }

  async close(): Promise<void> {
    this.rest();
    if (this.timer) clearInterval(this.timer);
    await this.working;
  }

  /** Lets another program work on it; once everything here has ended. */
  async release(): Promise<void> {
    await this.lock?.release();
    this.lock = null;
  }

  /** Changes it, tells everyone, and does what is to be done now. */
  async change(change: (queue: Queue) => Queue): Promise<QueueState> {
    await this.parts.file.change(change);
    this.look();
    this.wake();
    return this.state();
  }

  /** Out of the queue; what is under way here is stopped and saved. */
  async remove(runs: readonly string[]): Promise<QueueState> {
    const gone = new Set(runs);
    const state = await this.change((queue) => ({
      ...queue,
      items: queue.items.filter(({ run }) => !gone.has(run)),
    }));
    for (const run of runs) await this.parts.file.forgetOrder(run);
    this.stopRemoved();
    return state;
  }

  private async state(): Promise<QueueState> {
    return {
      ...this.look(),
      worker: this.lock
        ? "here"
        : (await this.parts.file.hasWorker())
          ? "elsewhere"
          : this.parts.works
            ? "here"
            : "nobody",
    };
  }

  private async add(order: QueueOrder): Promise<Queued> {
    const { file, host, training, works } = this.parts;
    await checkOrder(host.store, order);
    const queue = this.look();
    const isFirst = queue.items.every(
      ({ problem, startedAt }) => problem !== null || startedAt !== null,
    );
    const hasRoom = training.training() < queue.atOnce;
    if (works && isFirst && hasRoom && !queue.held && !this.resting) {
      const { listing } = await training.begin(order, queue.atOnce);
      return { type: "started", listing };
    }
    const item = await itemOf(host.store, order);
    const { name } = item;
    const named = order.type === "fork" ? { ...order, name } : order;
    await file.writeOrder(item.run, named);
    if (order.type === "fork" && order.step > 0)
      await host.store.keepCheckpoint(
        order.run,
        order.step,
        file.keptCheckpoint(item.run),
      );
    await this.change((now) => withItems(now, [item], false));
    return { type: "waits", run: item.run };
  }

  /** As it is on the disk; everyone is told where it has changed. One that is damaged is made again at the next change. */
  private look(): Queue {
    const { file, host } = this.parts;
    const mark = file.mark();
    if (mark === this.mark) return this.queue;
    const isFirst = this.mark === null;
    this.mark = mark;
    try {
      this.queue = file.read();
    } catch (error) {
      tellProblem(host, errorMessage(error));
    }
    if (!isFirst) void this.tell().catch(() => undefined);
    return this.queue;
  }

  private async tell(): Promise<void> {
    const queue = await this.state();
    this.parts.host.emit({ type: "queue-changed", queue });
  }

  private async work(): Promise<void> {
    while (this.again && !this.resting) {
      this.again = false;
      try {
        await this.startWhatFits();
      } catch (error) {
        tellProblem(this.parts.host, errorMessage(error));
      }
    }
  }

  private async startWhatFits(): Promise<void> {
    const { training, works } = this.parts;
    const { items } = this.look();
    this.stopRemoved();
    if (!works || this.parts.gate.isClosed) return;
    if (items.length === 0) return this.release();
    this.lock ??= await this.parts.file.becomeWorker();
    if (!this.lock) return;
    const passedOver = new Set<string>();
    while (!this.resting) {
      const queue = this.look();
      const next = queue.items.find(
        ({ problem, run }) =>
          problem === null &&
          !passedOver.has(run) &&
          !this.started.has(run) &&
          !training.isTraining(run),
      );
      if (queue.held || !next || training.training() >= queue.atOnce) return;
      passedOver.add(next.run);
      await this.startItem(next, queue.atOnce);
    }
  }

  private async startItem(item: QueueItem, atOnce: number): Promise<void> {
    const { host, training } = this.parts;
    const { run, name } = item;
    try {
      const attempted = await attemptAt(host.store, item);
      const begun = await beginItem(this.parts, item, atOnce);
      if (begun === null) return await this.leave(item);
      this.started.add(run);
      void begun.ended.then(() => this.finish(run));
      // It trains, whatever becomes of the note.
      await this.change((queue) => withItem(queue, run, attempted)).catch(
        (error: unknown) => tellProblem(host, errorMessage(error)),
      );
    } catch (error) {
      if (error instanceof TrainedElsewhere) return;
      // Somebody else was faster.
      if (training.training() >= atOnce) return;
      const problem = errorMessage(error);
      tellProblem(host, `${name} could not start: ${problem}`);
      await this.change((queue) => withItem(queue, run, { problem }));
      if (item.sweep) await this.tellSweep(item.sweep.id);
    }
  }

  /** It leaves the queue, unless this program is ending or the run was cut off. */
  private async finish(run: string): Promise<void> {
    await this.leaveUnlessCutOff(run).catch((error: unknown) =>
      tellProblem(this.parts.host, errorMessage(error)),
    );
    // Not before: what has just ended is not to be started again, though its run be deleted at this moment.
    this.started.delete(run);
    this.wake();
  }

  private async leaveUnlessCutOff(run: string): Promise<void> {
    if (this.resting) return;
    const listing = await this.parts.host.store.get(run);
    const isCutOff =
      listing.kind === "run" && listing.record.state === "interrupted";
    const item = this.look().items.find((one) => one.run === run);
    if (item && !isCutOff) await this.leave(item);
  }

  /** Its run has ended. */
  private async leave({ run, sweep }: QueueItem): Promise<void> {
    await this.forget(run);
    if (sweep) await this.tellSweep(sweep.id);
  }

  /** Where this was the last of it. What could not start waits for somebody, not for its turn. */
  private async tellSweep(id: string): Promise<void> {
    const isLeft = this.look().items.some(
      ({ problem, sweep }) => sweep?.id === id && problem === null,
    );
    if (isLeft) return;
    await this.parts.sweeps
      .tellEnded(id)
      .catch((error: unknown) =>
        tellProblem(this.parts.host, errorMessage(error)),
      );
  }

  private async forget(run: string): Promise<void> {
    await this.change((queue) => ({
      ...queue,
      items: queue.items.filter((item) => item.run !== run),
    }));
    await this.parts.file.forgetOrder(run);
  }

  /** Another program may have taken out what is under way here. */
  private stopRemoved(): void {
    const there = new Set(this.queue.items.map(({ run }) => run));
    for (const run of this.started)
      if (!there.has(run) && this.parts.training.isTraining(run))
        this.parts.training.stopRun(run);
  }
}

function withItem(
  queue: Queue,
  run: string,
  change: Partial<QueueItem>,
): Queue {
  return {
    ...queue,
    items: queue.items.map((item) =>
      item.run === run ? { ...item, ...change } : item,
    ),
  };
}

function tellProblem({ emit }: Host, text: string): void {
  emit({
    type: "notice",
    notice: { level: "error", text, advice: null, run: null },
  });
}
