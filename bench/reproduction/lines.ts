/** What a tutorial prints, and when: the steps of its lines, and the figures in them. */
import {
  createSchedule,
  isDue,
  nextPlace,
} from "../../src/main/trainer/schedule";
import type { Place, Schedule } from "../../src/main/trainer/schedule";
import { Figures } from "../../src/main/trainer/figures";
import { formatLogLine } from "../../src/shared/log-line";
import type { LogName } from "../../src/shared/log-line";
import type {
  Cadence,
  Preset,
  TrainingSettings,
} from "../../src/shared/settings/settings";

/** The figures of a line, in the order in which both sides write them. */
const figureNames = [
  "dLoss",
  "gLoss",
  "dReal",
  "dFake",
  "dFakeAfter",
] as const satisfies readonly LogName[];

/** A step and the figures after it. */
export type Line = readonly number[];

/** The jrtechs presets print with each grid, but their tutorial after every batch; every tenth is kept. */
function cadenceOf({ id, settings }: Preset): Cadence {
  return id.startsWith("jrtechs-")
    ? { unit: "step", every: 10, within: "run", at: "end" }
    : settings.log.cadence;
}

/** How many images each tutorial trained on; wiseodd's are TensorFlow's `mnist.train`, without its validation part. */
export function tutorialImages({ id }: Preset): number {
  return id === "wiseodd-mlp" ? 55_000 : 60_000;
}

export class TutorialLines {
  private readonly schedule: Schedule;
  private readonly places = new Map<number, Place>();

  constructor(
    readonly preset: Preset,
    private readonly settings: TrainingSettings = preset.settings,
  ) {
    this.schedule = createSchedule(settings, tutorialImages(preset));
    const cadence = cadenceOf(preset);
    let place: Place = { step: 0, stepInEpoch: 0 };
    while (place.step < this.totalSteps) {
      place = nextPlace(this.schedule, place);
      if (isDue(cadence, this.schedule, place))
        this.places.set(place.step, place);
    }
  }

  /** As many as the tutorial took. */
  get totalSteps(): number {
    return this.schedule.totalSteps;
  }

  /** After which it prints. */
  get steps(): number[] {
    return [...this.places.keys()];
  }

  /** The figures that the tutorial's line names, and both losses. */
  get figures(): number[] {
    const { template } = this.settings.log;
    return figureNames.flatMap((name, index) =>
      index < 2 || new RegExp(`\\{${name}[:}]`).test(template) ? [index] : [],
    );
  }

  /** In the tutorial's own words. */
  print([step, ...figures]: Line): string {
    const place = this.places.get(step);
    if (!place)
      throw new Error(`The tutorial prints nothing after step ${step}.`);
    const values = new Figures(new Set()).describe(this.schedule, place);
    figureNames.forEach((name, index) => {
      values[name] = figures[index];
    });
    return formatLogLine(this.settings.log.template, values);
  }
}
