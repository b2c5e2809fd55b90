/** Training as the window asks for it, one run at a time. How each kind of run begins is in `openings.ts`. */
import { setTimeout as delay } from "node:timers/promises";
import type { AppContract } from "../../shared/contract/index";
import { isActive } from "../../shared/run";
import type { RunListing } from "../../shared/run";
import type { Handlers } from "../../shared/rpc";
import type { RunRecorder } from "../runs/run-store";
import type { Host } from "./host";
import { openAgain, openFork, openNew } from "./openings";
import type { OnTrouble, Opened } from "./openings";
import {
  recordTraining,
  tellFailure,
  tellLostDevice,
  tellTrouble,
} from "./recording";
import type { Watch } from "./recording";

export interface TrainingArea {
  calls: Handlers<AppContract>["training"];
  /** The run under way, or null. */
  current(): string | null;
  /** Ends the run under way as its user would; resolves when its folder is closed. */
  stop(): Promise<void>;
  /** Ends the thread too. */
  close(): Promise<void>;
}

/** How long closing waits for a run's last words, in milliseconds. */
const patience = 5_000;

export function createTrainingArea(host: Host): TrainingArea {
  const { store, trainer } = host;
  let current: {
    id: string;
    recorder: RunRecorder;
    /** Ends what comes before the training thread knows of the run. */
    abort: AbortController;
    /** Requests that came before that. */
    waiting: (() => void)[];
    ended: Promise<void>;
  } | null = null;
  let opening = false;

  const calls: TrainingArea["calls"] = {
    start: (order) => begin((onTrouble) => openNew(store, order, onTrouble)),
    resume: (order) => begin((onTrouble) => openAgain(store, order, onTrouble)),
    fork: (order) => begin((onTrouble) => openFork(store, order, onTrouble)),
    pause: ({ run }) => order(run, () => trainer.pause()),
    unpause: ({ run }) => order(run, () => trainer.unpause()),
    stop({ run }) {
      refuseOther(run);
      stopCurrent();
      return null;
    },
    checkpoint: ({ run }) => order(run, () => trainer.checkpoint()),
    setLearningRates: ({ run, generator, discriminator }) =>
      order(run, () => trainer.setLearningRates({ generator, discriminator })),
  };

  return {
    calls,
    current: () => current?.id ?? null,
    async stop() {
      stopCurrent();
      await current?.ended;
    },
    async close() {
      // A recorder that waits for room on a full disk would wait for ever.
      const giveUp = setTimeout(() => {
        current?.recorder.close().catch(() => undefined);
      }, patience);
      current?.abort.abort();
      await trainer.close();
      await current?.ended;
      clearTimeout(giveUp);
    },
  };

  /** Opens a run folder and trains into it; gives the listing as soon as the folder is there. */
  async function begin(
    open: (onTrouble: OnTrouble) => Promise<Opened>,
  ): Promise<RunListing> {
    if (opening || (current && isActive(current.recorder.record.state)))
      throw new Error(
        "Another run is under way; wait for its end or stop it first.",
      );
    opening = true;
    try {
      // One that has ended is closed in a moment.
      await current?.ended;
      const first = open((trouble) => {
        void first.then(({ recorder }) =>
          tellTrouble(host, recorder.id, trouble),
        );
      });
      const opened = await first;
      const { recorder } = opened;
      const abort = new AbortController();
      const waiting: (() => void)[] = [];
      const onStart = () => {
        for (const act of waiting.splice(0)) act();
      };
      const watch = { signal: abort.signal, onStart };
      const ended = train(opened, watch).then(settle);
      current = { id: recorder.id, recorder, abort, waiting, ended };
      return await store.get(recorder.id);
    } finally {
      opening = false;
    }
  }

  /** To its end; where a GPU is lost on the way, the processor goes on from the last checkpoint. */
  async function train(opened: Opened, watch: Watch): Promise<void> {
    const outcome = await recordTraining(host, opened, watch);
    if (outcome !== "lost-device" || watch.signal.aborted) return;
    const { id: run } = opened.recorder;
    try {
      const again = await openAgain(store, { run, steps: null }, (trouble) =>
        tellTrouble(host, run, trouble),
      );
      if (current) current.recorder = again.recorder;
      const why = tellLostDevice(host, opened.recorder, again);
      const choice = { id: "onnx", why } as const;
      await recordTraining(host, { ...again, choice }, watch);
    } catch (error) {
      tellFailure(host, run, error);
    }
  }

  /** A run whose recording failed ends before its thread does. */
  async function settle(): Promise<void> {
    while (trainer.busy) await delay(10);
    current = null;
  }

  function stopCurrent(): void {
    current?.abort.abort();
    trainer.stop();
    current?.recorder.giveUp();
  }

  function order(run: string, act: () => void): null {
    refuseOther(run);
    if (trainer.busy) act();
    else current?.waiting.push(act);
    return null;
  }

  function refuseOther(run: string): void {
    if (current?.id !== run)
      throw new Error(
        "This run is not training here: it has ended, or another program trains it.",
      );
  }
}
