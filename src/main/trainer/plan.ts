/** What is due where in a run, as its settings say: samples, log lines, checkpoints by step, and how far one call goes. */
import type { Cadence, TrainingSettings } from "../../shared/settings/settings";
import { adaptiveInterval } from "./adaptive-probability";
import { isDue, logCadence, nextPlace } from "./schedule";
import type { Place, Schedule } from "./schedule";

export class Plan {
  private readonly logCadence: Cadence;

  constructor(
    private readonly settings: TrainingSettings,
    private readonly schedule: Schedule,
  ) {
    this.logCadence = logCadence(settings, schedule);
  }

  samples(place: Place): boolean {
    return this.settings.sampling.cadences.some((cadence) =>
      isDue(cadence, this.schedule, place),
    );
  }

  logs(place: Place): boolean {
    return isDue(this.logCadence, this.schedule, place);
  }

  /** Whether the step count asks for a checkpoint. */
  saves({ step }: Place): boolean {
    const { everySteps } = this.settings.checkpoints;
    return everySteps !== null && step % everySteps === 0;
  }

  /** Whether the chance of augmentation may change. */
  private steers({ step }: Place): boolean {
    const { augmentation } = this.settings.improvements;
    return Boolean(augmentation?.adaptive) && step % adaptiveInterval === 0;
  }

  /** Whether the time trained since the last checkpoint asks for another. */
  savesAfter(seconds: number): boolean {
    const { everyMinutes } = this.settings.checkpoints;
    return everyMinutes !== null && seconds >= everyMinutes * 60;
  }

  /**
   * At most `most` steps from `place` on, all of one batch size, and none beyond what needs the weights as they are.
   * What takes two calls is halved, because a short call costs almost as much beside its steps as a long one, and between
   * two updates of the generator, so that both calls repeat the same steps.
   */
  stepsFrom(place: Place, most: number): number {
    const steps = this.stepsToStop(place, 2 * most);
    if (steps <= most) return steps;
    if (steps === 2 * most) return most;
    const { generatorEvery } = this.settings.objective;
    const half = Math.ceil(steps / 2 / generatorEvery) * generatorEvery;
    return Math.min(half, most);
  }

  /** How many steps lead to the next stop, or `most`. */
  private stepsToStop(place: Place, most: number): number {
    const { schedule } = this;
    const limit = Math.min(most, schedule.totalSteps - place.step);
    const batch = schedule.batchAfter(place);
    let at = place;
    for (let steps = 1; steps < limit; steps++) {
      at = nextPlace(schedule, at);
      const stops =
        schedule.batchAfter(at) !== batch ||
        this.samples(at) ||
        this.saves(at) ||
        this.steers(at);
      if (stops) return steps;
    }
    return Math.max(1, limit);
  }
}
