/** What somebody may ask of a run under way. The loop takes requests between engine calls, in the order they came. */
import type { NetworkRole } from "../../shared/settings/settings";

export type ControlRequest =
  | { type: "pause" }
  | { type: "unpause" }
  | { type: "stop" }
  | { type: "checkpoint" }
  | { type: "learning-rates"; learningRates: Record<NetworkRole, number> };

export class Control {
  private readonly waiting: ControlRequest[] = [];
  private wake: (() => void) | null = null;

  post(request: ControlRequest): void {
    this.waiting.push(request);
    this.wake?.();
    this.wake = null;
  }

  /** The oldest request, if there is one. */
  take(): ControlRequest | undefined {
    return this.waiting.shift();
  }

  /** The oldest request, as soon as there is one. */
  async next(): Promise<ControlRequest> {
    for (;;) {
      const request = this.take();
      if (request) return request;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }
}
