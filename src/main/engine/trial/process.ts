/**
 * The process in which engines are tried: a driver that crashes takes nothing else with it. It is told what to do in one
 * message, answers in one, and ends.
 */
import { errorMessage } from "../../../shared/errors";
import { keepTensorFlowIn } from "../tensorflow/place";
import { measure } from "./measure";
import type { TrialAnswer, TrialOrder } from "./messages";
import { selfTest } from "./self-test";

/** Electron's utility processes have this in place of Node's channel. */
interface ParentPort {
  once(event: "message", listener: (event: { data: TrialOrder }) => void): void;
  postMessage(answer: TrialAnswer): void;
}

const { parentPort } = process as unknown as { parentPort?: ParentPort };
if (parentPort)
  parentPort.once("message", ({ data }) => {
    void answer(data).then((it) => parentPort.postMessage(it));
  });
else
  process.once("message", (order: TrialOrder) => {
    void answer(order).then((it) =>
      process.send?.(it, () => process.disconnect()),
    );
  });

async function answer(order: TrialOrder): Promise<TrialAnswer> {
  keepTensorFlowIn(order.tensorFlow);
  try {
    switch (order.type) {
      case "test":
        return { type: "checked", check: await selfTest(order.engine) };
      case "measure":
        return { type: "measured", msPerStep: await measure(order) };
      default:
        return order satisfies never;
    }
  } catch (error) {
    return { type: "failed", reason: errorMessage(error).split("\n")[0] };
  }
}
