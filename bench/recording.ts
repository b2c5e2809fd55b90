/** A recorder that is handed made-up steps as fast as it takes them. */
import type { RunRecorder, RunStore } from "../src/main/runs/store";
import { wiseoddMlp } from "../src/shared/settings/presets/wiseodd-mlp";
import { Random } from "../src/shared/random";
import { metricsWith, stepMetrics } from "../src/shared/metrics";
import { jaketaeMlp } from "../src/shared/settings/presets/jaketae-mlp";
import type { Runner } from "./turns";

/** What the engine takes at once on a small network. */
const stepsAtOnce = 16;

export class Recording implements Runner {
  readonly name = "recorder";
  private step = 0;
  private readonly columns: Float32Array[][];

  private constructor(private readonly recorder: RunRecorder) {
    const random = Random.fromSeed(1, "bench");
    this.columns = Array.from({ length: 50 }, () =>
      stepMetrics.map(() =>
        Float32Array.from({ length: stepsAtOnce }, () => random.uniform()),
      ),
    );
  }

  static async begin(store: RunStore): Promise<Recording> {
    const recorder = await store.create({
      settings: wiseoddMlp.settings,
      name: "long",
      environment: null,
      parent: null,
    });
    await recorder.handle({
      type: "started",
      step: 0,
      totalSteps: 1_000_000,
      stepsPerEpoch: 937,
      data: { title: "numbers", hash: "0", count: 60_000, classes: null },
    });
    return new Recording(recorder);
  }

  get id(): string {
    return this.recorder.id;
  }

  get steps(): number {
    return this.step;
  }

  /** Milliseconds a step of this thread, the final write included. */
  async block(steps: number): Promise<number> {
    const first = this.step;
    const start = performance.now();
    while (this.step < first + steps) await this.take();
    return (performance.now() - start) / (this.step - first);
  }

  async finish(): Promise<void> {
    await this.recorder.handle({ type: "finished", step: this.step });
    await this.recorder.close();
  }

  private async take(): Promise<void> {
    const firstStep = this.step + 1;
    const now = Date.now() / 1000;
    await this.recorder.handle({
      type: "metrics",
      block: {
        firstStep,
        rows: stepsAtOnce,
        columns: this.columns[firstStep % this.columns.length],
        tags: metricsWith(jaketaeMlp.settings),
        generatorUpdated: new Uint8Array(stepsAtOnce).fill(1),
        times: new Float64Array(stepsAtOnce).fill(now),
      },
    });
    this.step += stepsAtOnce;
  }
}
