/** Tries engines in processes of their own, each for one question. */
import { availableParallelism, loadavg } from "node:os";
import type { EngineCheck } from "../engine/engine";
import type { MeasureOrder } from "../engine/trial/measure";
import type { TrialAnswer, TrialOrder } from "../engine/trial/messages";
import type { EngineId } from "../../shared/settings/settings";
import { setEngineVariables, trialFile } from "../thread";
import type { Fork } from "./fork";

/** How long a process may take on an idle machine, in seconds: drivers compile for a while the first time. */
const patience = { test: 90, measure: 60 } as const;

/** How many programs wait for each core, at most ten: where they do, everything takes as many times as long. */
function crowd(): number {
  return Math.min(10, Math.max(1, loadavg()[0] / availableParallelism()));
}

export class Trial {
  constructor(
    private readonly fork: Fork,
    /** Where TensorFlow's library is kept for this user. */
    private readonly tensorFlow: string,
  ) {}

  /** The verdict of a self-test; a process that dies or hangs has not passed. Rejects with the signal's reason. */
  async test(engine: EngineId, signal?: AbortSignal): Promise<EngineCheck> {
    const { tensorFlow } = this;
    const answer = await this.ask({ type: "test", engine, tensorFlow }, signal);
    if (answer.type === "checked") return answer.check;
    const what = answer.type === "failed" ? answer.reason : "it gave no answer";
    return {
      passed: false,
      reason: `Its self-test failed: ${what}; update the driver of your graphics card.`,
    };
  }

  /** Milliseconds a step, or in a few words why there are none. Rejects with the signal's reason. */
  async measure(
    order: MeasureOrder,
    signal?: AbortSignal,
  ): Promise<number | string> {
    const { tensorFlow } = this;
    const answer = await this.ask(
      { type: "measure", ...order, tensorFlow },
      signal,
    );
    if (answer.type === "measured") return answer.msPerStep;
    return answer.type === "failed" ? answer.reason : "it gave no answer";
  }

  private async ask(
    order: TrialOrder,
    signal?: AbortSignal,
  ): Promise<TrialAnswer> {
    signal?.throwIfAborted();
    setEngineVariables();
    const child = this.fork(await trialFile());
    const seconds = Math.round(patience[order.type] * crowd());
    return new Promise<TrialAnswer>((resolve, reject) => {
      const fail = (reason: string) => resolve({ type: "failed", reason });
      const late = setTimeout(
        () => fail(`it took longer than ${seconds} seconds`),
        seconds * 1000,
      );
      const abort = () => reject(signal?.reason as Error);
      signal?.addEventListener("abort", abort, { once: true });
      child.onMessage((answer) => resolve(answer as TrialAnswer));
      child.onExit((how) => {
        clearTimeout(late);
        signal?.removeEventListener("abort", abort);
        fail(`its process ended (${how})`);
      });
      child.send(order);
    }).finally(() => child.kill());
  }
}
