/** Training as the window asks for it: the runs under way here. How each kind of run begins is in `openings.ts`. */
import { setTimeout as delay } from "node:timers/promises";
import type { AppContract } from "../../shared/contract/index";
import { isActive } from "../../shared/run";
import type { RunListing } from "../../shared/run";
import type { Handlers } from "../../shared/rpc";
import type { RecordingTrouble, RunRecorder } from "../runs/run-store";
import type { Trainer } from "../trainer/spawn";
import type { Host } from "./host";
import { openAgain, openFork, openNew } from "./openings";
import type {
  ForkOrder,
  NewOrder,
  OnTrouble,
  Opened,
  ResumeOrder,
} from "./openings";
import { recordTraining } from "./recording";
import type { Watch } from "./recording";
import { tellFailure, tellLostDevice, tellTrouble } from "./run-notices";
import type { Trainers } from "./trainers";

/** What can be asked to begin. */
export type TrainingOrder =
  | ({ type: "new" } & NewOrder)
  | ({ type: "resume" } & ResumeOrder)
  | ({ type: "fork" } & ForkOrder);

/** A run that has begun. */
export interface Begun {
  listing: RunListing;
  /** Resolves when its folder is closed; never rejects. */
  ended: Promise<void>;
}

interface ActiveRun {
  recorder: RunRecorder;
  trainer: Trainer;
  /** Ends what comes before the training thread knows of the run. */
  abort: AbortController;
  /** Requests that came before that. */
  waiting: (() => void)[];
  /** Whether it waits for room on the disk; another run would only wait for it too. */
  lacksRoom: boolean;
  /** Runs while its folder is gone. */
  givingUp: NodeJS.Timeout | undefined;
  ended: Promise<void>;
}

/** How long closing waits for a run's last words, in milliseconds. */
const patience = 5_000;
/** How long a run of a sweep waits for its folder, in milliseconds, unless a test cannot wait that long. */
const usualPatience = 30_000;

export class TrainingArea {
  readonly calls: Handlers<AppContract>["training"];
  private readonly active = new Map<string, ActiveRun>();
  /** Runs begin one after the other. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly host: Host,
    private readonly trainers: Trainers,
    /** Called when there may be room for another. */
    private readonly onEnded: () => void = () => undefined,
    private readonly patienceForFolder = usualPatience,
  ) {
    const begun = async (order: TrainingOrder) =>
      (await this.begin(order, 1)).listing;
    const act = (run: string, work: (trainer: Trainer) => void) => {
      const { trainer, waiting } = this.activeRun(run);
      if (trainer.busy) work(trainer);
      else waiting.push(() => work(trainer));
      return null;
    };
    this.calls = {
      start: (order) => begun({ type: "new", ...order }),
      resume: (order) => begun({ type: "resume", ...order }),
      fork: (order) => begun({ type: "fork", ...order }),
      pause: ({ run }) => act(run, (trainer) => trainer.pause()),
      unpause: ({ run }) => act(run, (trainer) => trainer.unpause()),
      stop: ({ run }) => this.stopRun(run),
      checkpoint: ({ run }) => act(run, (trainer) => trainer.checkpoint()),
      setLearningRates: ({ run, generator, discriminator }) =>
        act(run, (trainer) =>
          trainer.setLearningRates({ generator, discriminator }),
        ),
    };
  }

  /** The run under way that began first, or null. */
  current(): string | null {
    return this.active.keys().next().value ?? null;
  }

  isTraining(run: string): boolean {
    return this.active.has(run);
  }

  /** How many train; one that is paused leaves its place to another. */
  training(): number {
    return [...this.active.values()].filter(holdsAPlace).length;
  }

  /** Begins a run where fewer than `atOnce` train; rejects with one sentence otherwise, or where something does not fit. */
  begin(order: TrainingOrder, atOnce: number): Promise<Begun> {
    const begun = this.turn.then(() => this.open(order, atOnce));
    this.turn = begun.catch(() => undefined);
    return begun;
  }

  /** Ends a run as its user would. Throws where it is not trained here. */
  stopRun(run: string): null {
    const { abort, recorder, trainer } = this.activeRun(run);
    abort.abort();
    trainer.stop();
    recorder.giveUp();
    return null;
  }

  /** Ends a run of a sweep that is not worth the rest of its length; the reason stays in its record. */
  stopEarly(run: string, reason: string): void {
    this.activeRun(run).recorder.noteStoppedEarly(reason);
    this.stopRun(run);
  }

  /** Ends every run under way likewise; resolves when their folders are closed. */
  async stop(): Promise<void> {
    const runs = [...this.active];
    for (const [run] of runs) this.stopRun(run);
    await Promise.all(runs.map(([, { ended }]) => ended));
  }

  /** Ends the threads too. */
  async close(): Promise<void> {
    // A recorder that waits for room on a full disk would wait for ever.
    const giveUp = setTimeout(() => {
      for (const { recorder } of this.active.values())
        recorder.close().catch(() => undefined);
    }, patience);
    for (const { abort } of this.active.values()) abort.abort();
    await this.trainers.close();
    await Promise.all([...this.active.values()].map(({ ended }) => ended));
    clearTimeout(giveUp);
  }

  /** Opens a run folder and trains into it; gives the listing as soon as the folder is there. */
  private async open(order: TrainingOrder, atOnce: number): Promise<Begun> {
    const { host } = this;
    if (this.training() >= atOnce)
      throw new Error(
        "Another run is training; wait until it ends, or stop it first.",
      );
    // One that has ended is closed in a moment, and its thread is free again.
    await Promise.all(
      [...this.active.values()]
        .filter(({ recorder }) => !isActive(recorder.record.state))
        .map(({ ended }) => ended),
    );
    const first = this.openFolder(order, (trouble) => {
      void first.then(({ recorder }) => this.meet(recorder, trouble));
    });
    const opened = await first;
    const { recorder } = opened;
    const abort = new AbortController();
    const waiting: (() => void)[] = [];
    const onStart = () => {
      for (const act of waiting.splice(0)) act();
    };
    const trainer = this.trainers.take();
    const watch = { signal: abort.signal, onStart };
    const ended = this.train({ ...host, trainer }, opened, watch).then(() =>
      this.settle(recorder.id, trainer),
    );
    this.active.set(recorder.id, {
      ...{ recorder, trainer, abort, waiting, ended },
      lacksRoom: false,
      givingUp: undefined,
    });
    return { listing: await host.store.get(recorder.id), ended };
  }

  /** To its end; where a GPU is lost on the way, the processor goes on from the last checkpoint. */
  private async train(host: Host, opened: Opened, watch: Watch): Promise<void> {
    const outcome = await recordTraining(host, opened, watch);
    if (outcome !== "lost-device" || watch.signal.aborted) return;
    const { id: run } = opened.recorder;
    try {
      const order = { run, steps: null };
      const again = await openAgain(host.store, order, (trouble) =>
        this.meet(opened.recorder, trouble),
      );
      const active = this.active.get(run);
      if (active) active.recorder = again.recorder;
      const why = tellLostDevice(host, opened.recorder, again);
      const choice = { id: "onnx", why } as const;
      await recordTraining(host, { ...again, choice }, watch);
    } catch (error) {
      tellFailure(host, run, error);
    }
  }

  /** What a run waits for. One of a sweep waits for its folder no longer than for a disk that comes back by itself. */
  private meet(
    { id, record: { sweep } }: RunRecorder,
    trouble: RecordingTrouble,
  ): void {
    const wait = sweep === null ? null : this.patienceForFolder;
    tellTrouble(this.host, id, trouble, wait);
    const active = this.active.get(id);
    if (!active) return;
    active.lacksRoom = trouble.type === "disk-full";
    clearTimeout(active.givingUp);
    if (trouble.type !== "folder-gone" || wait === null) return;
    active.givingUp = setTimeout(() => {
      if (this.isTraining(id)) this.stopRun(id);
    }, wait).unref();
  }

  private openFolder(
    order: TrainingOrder,
    onTrouble: OnTrouble,
  ): Promise<Opened> {
    const { store } = this.host;
    switch (order.type) {
      case "new":
        return openNew(store, order, onTrouble);
      case "resume":
        return openAgain(store, order, onTrouble);
      case "fork":
        return openFork(store, order, onTrouble);
      default:
        return order satisfies never;
    }
  }

  /** A run whose recording failed ends before its thread does. */
  private async settle(run: string, trainer: Trainer): Promise<void> {
    while (trainer.busy) await delay(10);
    clearTimeout(this.active.get(run)?.givingUp);
    this.active.delete(run);
    this.trainers.giveBack(trainer);
    this.onEnded();
  }

  private activeRun(run: string): ActiveRun {
    const active = this.active.get(run);
    if (!active)
      throw new Error(
        "This run is not training here: it has ended, or another program trains it.",
      );
    return active;
  }
}

function holdsAPlace({ lacksRoom, recorder: { record } }: ActiveRun): boolean {
  return isActive(record.state) && (lacksRoom || record.state !== "paused");
}
