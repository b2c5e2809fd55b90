/** What the events of a training change in its record, in memory: state, progress, extremes, and what belongs on the curve. */
import { discriminatorEquilibrium } from "../../../shared/curves/loss-scale";
import type { RunEvent, RunRecord, RunState } from "../../../shared/run";
import type { Objective } from "../../../shared/settings/settings";
import { stepMetrics } from "../../../shared/metrics";
import type { MetricBlock } from "../../../shared/step";
import type { Checkpoint, TrainingEvent } from "../../trainer/events";
import { summarizeBlock } from "./summary";

const lossColumn = stepMetrics.indexOf("loss/discriminator");

export class RunProgress {
  /**
   * The end of the last step, by the clock of the steps: that of this thread may have been set right meanwhile. Null at
   * the start and after a pause.
   */
  private clock: number | null = null;
  /** D's loss since the last checkpoint. */
  private loss = { sum: 0, count: 0 };

  constructor(public record: RunRecord) {}

  apply(event: TrainingEvent): void {
    switch (event.type) {
      case "started": {
        const { step, totalSteps, stepsPerEpoch, data } = event;
        this.clock = null;
        this.change({ data });
        this.advance({ step, totalSteps, stepsPerEpoch });
        this.noteStoppedEarly(null);
        return this.setState("training", null);
      }
      case "metrics":
        return this.addRows(event.block);
      case "checkpoint":
        this.advance({ seconds: this.notBefore(event.checkpoint) });
        if (event.reason !== "asked") return;
        return this.addEvent(
          "checkpoint",
          event.checkpoint.position.step,
          "Checkpoint kept.",
        );
      case "learning-rates": {
        const { learningRates, step } = event;
        const { generator, discriminator } = learningRates;
        const text = `Learning rates set to ${generator} (G) and ${discriminator} (D).`;
        return this.addEvent("learning-rate", step, text, { learningRates });
      }
      case "paused":
        this.setState("paused", null);
        return this.addEvent("paused", event.step, "Paused.");
      case "unpaused":
        this.clock = null;
        return this.setState("training", null);
      case "diverged": {
        const text = `Diverged at step ${event.step}: ${event.what}.`;
        this.setState("diverged", text);
        return this.addEvent("diverged", event.step, text);
      }
      case "stopped":
        return this.setState(
          "stopped",
          this.record.sweep?.stoppedEarly ?? null,
        );
      case "finished":
        this.noteStoppedEarly(null);
        return this.setState("finished", null);
      case "log":
      case "samples":
        return;
      default:
        event satisfies never;
    }
  }

  setState(state: RunState, reason: string | null): void {
    this.change({ state, reason });
  }

  addEvent(
    type: RunEvent["type"],
    step: number,
    text: string,
    more: Pick<RunEvent, "learningRates"> = {},
  ): void {
    const event = { type, step, text, time: Date.now() / 1000, ...more };
    this.change({ events: [...this.record.events, event] });
  }

  change(fields: Partial<RunRecord>): void {
    this.record = { ...this.record, ...fields };
  }

  /** Why its sweep is about to stop it; null where it trains on. */
  noteStoppedEarly(stoppedEarly: string | null): void {
    const { sweep } = this.record;
    if (sweep && sweep.stoppedEarly !== stoppedEarly)
      this.change({ sweep: { ...sweep, stoppedEarly } });
  }

  /** A checkpoint is on the disk. */
  noteSaved(step: number): void {
    this.advance({ saved: step });
  }

  /** How far D's mean loss since the last checkpoint was from equilibrium; null where it is not a number. */
  takeImbalance(objective: Objective): number | null {
    const { sum, count } = this.loss;
    this.loss = { sum: 0, count: 0 };
    const distance = sum / count - discriminatorEquilibrium(objective, "own");
    return Number.isFinite(distance) ? Math.abs(distance) : null;
  }

  private addRows(block: MetricBlock): void {
    const { rows, firstStep, times, columns } = block;
    if (rows === 0) return;
    const summary = structuredClone(this.record.summary);
    summarizeBlock(summary, block);
    this.change({ summary });
    const end = times[rows - 1];
    const begin = this.clock ?? times[0] - (rows > 1 ? times[1] - times[0] : 0);
    this.advance({
      step: firstStep + rows - 1,
      seconds: this.record.progress.seconds + Math.max(0, end - begin),
    });
    this.clock = end;
    for (let row = 0; row < rows; row++)
      this.loss.sum += columns[lossColumn][row];
    this.loss.count += rows;
  }

  /** A checkpoint counts its steps alone; the time that was shown, with samples and saving, does not go back. */
  private notBefore({ position }: Checkpoint): number {
    return Math.max(this.record.progress.seconds, position.seconds);
  }

  private advance(progress: Partial<RunRecord["progress"]>): void {
    this.change({ progress: { ...this.record.progress, ...progress } });
  }
}
