/** The quality thread: judges saved steps in the background, and keeps the last run's images at hand. */
import { parentPort } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import { errorMessage } from "../../shared/errors";
import { dependsOnSeed } from "../../shared/settings/data";
import { goToTheBackground } from "../background";
import { createEngine } from "../engine";
import type { Engine } from "../engine/engine";
import { Judge } from "./judging/judge";
import { realImagesOf } from "./judging/real-images";
import type { RealWork } from "./judging/real-images";
import type { FromQuality, QualityOrder, ToQuality, Verdict } from "./messages";

type Work = Pick<RealWork, "onProgress" | "signal">;
type Opened =
  { kind: "judge"; judge: Judge } | { kind: "none"; reason: string };

if (parentPort) {
  goToTheBackground();
  listen(parentPort);
}

function listen(port: MessagePort): void {
  const court = new Court();
  const aborts = new Map<number, AbortController>();
  let queue = Promise.resolve();
  const tell = (message: FromQuality) => port.postMessage(message);

  port.on("message", (message: ToQuality) => {
    switch (message.type) {
      case "exit":
        port.close();
        break;
      case "cancel":
        aborts
          .get(message.id)
          ?.abort(new Error("The evaluation was cancelled."));
        break;
      case "judge": {
        const { id, order } = message;
        aborts.set(id, new AbortController());
        queue = queue.then(() => answer(id, order));
        break;
      }
      default:
        message satisfies never;
    }
  });

  async function answer(id: number, order: QualityOrder): Promise<void> {
    const { signal } = aborts.get(id) ?? new AbortController();
    const onProgress: Work["onProgress"] = (progress) =>
      tell({ type: "progress", id, progress });
    try {
      const verdict = await court.judge(order, { signal, onProgress });
      tell({ type: "done", id, verdict });
    } catch (error) {
      tell({ type: "failed", id, sentence: errorMessage(error) });
    }
    aborts.delete(id);
  }
}

/** Measures run on the CPU whatever the run trains on, so that they are the same everywhere. */
class Court {
  private engine: Promise<Engine> | null = null;
  private last: { key: string; opened: Opened } | null = null;

  async judge(order: QualityOrder, work: Work): Promise<Verdict> {
    work.signal.throwIfAborted();
    const engine = await (this.engine ??= createEngine("onnx"));
    const opened = await this.open(order, engine, work);
    if (opened.kind === "none") return opened;
    const { settings, state, samples, seed, threads } = order;
    const options = { id: "onnx", threads, spinning: false } as const;
    const session = await engine.createSession(settings, state, options);
    try {
      const { signal } = work;
      const model = { session, settings };
      const quality = await opened.judge.judge(model, {
        samples,
        seed,
        signal,
      });
      return { kind: "quality", ...quality };
    } finally {
      await session.dispose();
    }
  }

  private async open(
    { settings, dataHash, library, dataFolder, threads }: QualityOrder,
    engine: Engine,
    work: Work,
  ): Promise<Opened> {
    const { data } = settings;
    const seed = dependsOnSeed(data) ? settings.seed : null;
    const key = JSON.stringify([data, seed, dataHash, library, threads]);
    if (this.last?.key === key) return this.last.opened;
    if (this.last?.opened.kind === "judge")
      await this.last.opened.judge.dispose();
    this.last = null;
    const found = await realImagesOf(settings, engine, {
      library,
      dataFolder,
      dataHash,
      ...work,
    });
    const opened: Opened =
      found.kind === "none"
        ? found
        : {
            kind: "judge",
            judge: await Judge.open(found.real, engine, threads),
          };
    this.last = { key, opened };
    return opened;
  }
}
