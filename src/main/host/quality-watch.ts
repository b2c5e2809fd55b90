/**
 * Judges a run's checkpoints while it trains, in the quality thread on one core at low priority, for a small share
 * of the time: a checkpoint is passed over where the last ones took more than that, or where one is being judged still.
 */
import { existsSync } from "node:fs";
import type { TrainingSettings } from "../../shared/settings/settings";
import { extractorsFolder } from "../runs/folder/layout";
import type { TrainingEvent } from "../trainer/events";
import type { Host } from "./host";
import { judgeStep } from "./judge-step";

/** Samples of a checkpoint; few enough to be quick, as many each time so that steps can be compared. */
const samples = 1000;
/** Seconds of one core, before it is known: with the data set's extractor, and without. */
const usualCost = 6;
const costOfExtractor = 40;

type WatchHost = Pick<
  Host,
  "store" | "dataFolder" | "judging" | "judgingShare"
>;

export class QualityWatch {
  private began: number | null = null;
  private dataHash: string | null = null;
  private spent = 0;
  private lastCost: number | null = null;
  private isBusy = false;
  /** Said once: a run that cannot be judged is not asked again. */
  private isHopeless = false;
  private readonly abort = new AbortController();

  constructor(
    private readonly host: WatchHost,
    private readonly run: string,
    private readonly settings: TrainingSettings,
  ) {}

  /** Takes every event of the training; never waits. */
  handle(event: TrainingEvent): void {
    if (event.type === "started") {
      this.began = performance.now();
      this.dataHash = event.data.hash;
    }
    if (event.type === "checkpoint" && this.hasTime())
      void this.judge(event.checkpoint);
  }

  /** The run has ended; what is under way is given up. */
  close(): void {
    this.abort.abort(new Error("The run has ended."));
  }

  private hasTime(): boolean {
    if (this.began === null || this.isBusy || this.isHopeless) return false;
    const elapsed = (performance.now() - this.began) / 1000;
    const most = this.host.judgingShare * elapsed;
    return this.spent + this.expectedCost() <= most;
  }

  private expectedCost(): number {
    if (this.lastCost !== null) return this.lastCost;
    const { library } = this.host.store;
    const hasExtractors = existsSync(extractorsFolder(library));
    return hasExtractors ? usualCost : usualCost + costOfExtractor;
  }

  private async judge({
    state,
    position,
  }: Extract<TrainingEvent, { type: "checkpoint" }>["checkpoint"]) {
    const { host, run, settings, dataHash } = this;
    const { step } = position;
    const began = performance.now();
    this.isBusy = true;
    try {
      const answer = await judgeStep(
        host,
        { run, step, settings, state, dataHash },
        { samples, seed: 0, threads: 1 },
        { signal: this.abort.signal },
      );
      this.isHopeless = answer.kind === "none";
    } catch {
      // Training goes on without; whoever asks for this step by hand is told why.
      this.isHopeless = !this.abort.signal.aborted;
    }
    this.isBusy = false;
    const cost = (performance.now() - began) / 1000;
    this.spent += cost;
    // The first brought images and perhaps the extractor, which the next finds there.
    this.lastCost = this.lastCost === null ? Math.min(cost, usualCost) : cost;
  }
}
