/** The quality thread: judges saved steps in the background, and keeps the last run's images at hand. */
import { parentPort } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import { errorMessage } from "../../shared/errors";
import { goToTheBackground } from "../background";
import { Court } from "./court";
import type { CourtWork } from "./court";
import type { FromQuality, QualityOrder, ToQuality } from "./messages";

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
    const onProgress: CourtWork["onProgress"] = (progress) =>
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
