/** The figures of the step that was just taken, in the words of log lines; and whether they are numbers at all. */
import type { LogName } from "../../shared/log-line";
import { generatorMetrics, stepMetrics } from "../../shared/metrics";
import type { StepMetric } from "../../shared/metrics";
import { epochAt } from "./schedule";
import type { Place, Schedule } from "./schedule";

const ofGenerator: ReadonlySet<StepMetric> = new Set(generatorMetrics);

export class Figures {
  /** G's figures stay those of its last update. */
  private readonly values = Object.fromEntries(
    stepMetrics.map((metric) => [metric, NaN]),
  ) as Record<StepMetric, number>;

  /** `tags` are the metrics that the run has. */
  constructor(private readonly tags: ReadonlySet<StepMetric>) {}

  /**
   * Takes row `row` of an engine's answer. Gives the name of the first figure that is NaN or infinite, or null.
   */
  take(
    columns: readonly Float32Array[],
    row: number,
    generatorUpdated: boolean,
  ): StepMetric | null {
    let broken: StepMetric | null = null;
    stepMetrics.forEach((metric, index) => {
      if (!this.tags.has(metric)) return;
      if (!generatorUpdated && ofGenerator.has(metric)) return;
      const value = columns[index][row];
      this.values[metric] = value;
      if (!Number.isFinite(value)) broken ??= metric;
    });
    return broken;
  }

  /** What a log line after the step at `place` may name. */
  describe(schedule: Schedule, place: Place): Record<LogName, number> {
    const { values } = this;
    const epoch = epochAt(schedule, place);
    return {
      epoch,
      epochIndex: epoch - 1,
      epochs: schedule.epochs,
      step: place.step,
      steps: schedule.totalSteps,
      iteration: place.step - 1,
      stepInEpoch: place.stepInEpoch,
      batchIndex: place.stepInEpoch - 1,
      stepsPerEpoch: schedule.stepsPerEpoch,
      dLoss: values["loss/discriminator"],
      gLoss: values["loss/generator"],
      dReal: values["score/real"],
      dFake: values["score/fake"],
      dFakeAfter: values["score/fake_after"],
    };
  }
}
