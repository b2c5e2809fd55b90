/** The quality thread: judges saved steps in the background, and keeps the last run's images at hand. */
import { parentPort } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import { errorMessage } from "../../shared/errors";
import { goToTheBackground } from "../background";
import { play } from "./arena";
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
      case "play":
        aborts.set(message.id, new AbortController());
        queue = queue.then(() => answer(message));
        break;
      default:
        message satisfies never;
    }
  });

  function answerTo(message: Asked, work: CourtWork) {
    switch (message.type) {
      case "judge":
        return court.judge(message.order, work);
      case "nearest":
        return court.nearest(message.order, work);
      case "play":
        return play(message.order, work);
    }
  }

  async function answer(message: Asked): Promise<void> {
    const { id } = message;
    const { signal } = aborts.get(id) ?? new AbortController();
    const onProgress: CourtWork["onProgress"] = (progress) =>
      tell({ type: "progress", id, progress });
    try {
      const work = { signal, onProgress };
      tell({ type: "done", id, answer: await answerTo(message, work) });
    } catch (error) {
      tell({ type: "failed", id, sentence: errorMessage(error) });
    }
    aborts.delete(id);
  }
}
