/** The quality thread: judges saved steps in the background, and keeps the last run's images at hand. */
import { parentPort } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import { errorMessage } from "../../shared/errors";
import { goToTheBackground } from "../background";
import { Court } from "./court";
import type { CourtWork } from "./court";
import type { FromQuality, QualityCall, ToQuality } from "./messages";

type Asked = Extract<ToQuality, { type: QualityCall }>;

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
      case "judge":
      case "nearest":
        aborts.set(message.id, new AbortController());
        queue = queue.then(() => answer(message));
        break;
      default:
        message satisfies never;
    }
  });

  async function answer(message: Asked): Promise<void> {
    const { id } = message;
    const { signal } = aborts.get(id) ?? new AbortController();
    const onProgress: CourtWork["onProgress"] = (progress) =>
      tell({ type: "progress", id, progress });
    try {
      const work = { signal, onProgress };
      const answer =
        message.type === "judge"
          ? await court.judge(message.order, work)
          : await court.nearest(message.order, work);
      tell({ type: "done", id, answer });
    } catch (error) {
      tell({ type: "failed", id, sentence: errorMessage(error) });
    }
    aborts.delete(id);
  }
}
