import { describe, expect, it } from "vitest";
import {
  createSchedule,
  epochAt,
  isDue,
  nextPlace,
} from "../../src/main/trainer/schedule";
import type { Place } from "../../src/main/trainer/schedule";
import { findPreset } from "../../src/shared/settings/presets";
import type {
  Cadence,
  TrainingSettings,
} from "../../src/shared/settings/settings";

const digits = 60_000;

function settingsOf(id: string): TrainingSettings {
  const preset = findPreset(id);
  if (!preset) throw new Error(id);
  return preset.settings;
}

/** The places after each of the first `steps` steps of a preset on 60,000 images. */
function places(id: string, steps: number): Place[] {
  const schedule = createSchedule(settingsOf(id), digits);
  const all: Place[] = [];
  let place = { step: 0, stepInEpoch: 0 };
  for (let i = 0; i < steps; i++)
    all.push((place = nextPlace(schedule, place)));
  return all;
}

function dueSteps(id: string, cadence: Cadence, steps: number): number[] {
  const schedule = createSchedule(settingsOf(id), digits);
  return places(id, steps)
    .filter((place) => isDue(cadence, schedule, place))
    .map(({ step }) => step);
}

describe("the tutorials' schedules on 60,000 images", () => {
  it.each([
    ["wiseodd-mlp", 937, 100_000],
    ["jaketae-mlp", 937, 18_740],
    ["lecture-mlp", 938, 2814],
    ["lecture-dcgan", 937, 4685],
    ["jrtechs-gan", 938, 187_600],
    ["jrtechs-wgan", 938, 187_600],
  ])("%s has %d steps an epoch and %d in all", (id, stepsPerEpoch, total) => {
    const schedule = createSchedule(settingsOf(id), digits);
    expect(schedule.stepsPerEpoch).toBe(stepsPerEpoch);
    expect(schedule.totalSteps).toBe(total);
  });

  it("prints jaketae's lines at steps 400 and 800 of each epoch", () => {
    const { log } = settingsOf("jaketae-mlp");
    expect(dueSteps("jaketae-mlp", log.cadence, 2 * 937)).toEqual([
      400, 800, 1337, 1737,
    ]);
  });

  it("samples wiseodd's grids where its iteration is a multiple of 1,000", () => {
    const [cadence] = settingsOf("wiseodd-mlp").sampling.cadences;
    expect(dueSteps("wiseodd-mlp", cadence, 2500)).toEqual([1, 1001, 2001]);
  });

  it("samples the lecture's grids from the first batch of each epoch on, and at its end", () => {
    const [inside, ends] = settingsOf("lecture-mlp").sampling.cadences;
    const steps = dueSteps("lecture-mlp", inside, 2 * 938);
    expect(steps.slice(0, 2)).toEqual([1, 101]);
    expect(steps.slice(10, 12)).toEqual([939, 1039]);
    expect(dueSteps("lecture-mlp", ends, 2 * 938)).toEqual([938, 1876]);
  });

  it("samples jaketae's grids after every fourth epoch", () => {
    const [cadence] = settingsOf("jaketae-mlp").sampling.cadences;
    expect(dueSteps("jaketae-mlp", cadence, 8 * 937)).toEqual([3748, 7496]);
  });

  it("updates WGAN's generator at every fifth batch, counted anew each epoch", () => {
    const schedule = createSchedule(settingsOf("jrtechs-wgan"), digits);
    const updated = [
      { step: 0, stepInEpoch: 0 },
      ...places("jrtechs-wgan", 945),
    ]
      .filter((place) => schedule.updatesGeneratorAfter(place))
      .map(({ step }) => step);
    expect(updated.slice(0, 3)).toEqual([0, 5, 10]);
    expect(updated.slice(-3)).toEqual([935, 938, 943]);
  });

  it("ends jrtechs' epochs with a batch of 32", () => {
    const schedule = createSchedule(settingsOf("jrtechs-gan"), digits);
    expect(schedule.batchAfter({ step: 936, stepInEpoch: 936 })).toBe(64);
    expect(schedule.batchAfter({ step: 937, stepInEpoch: 937 })).toBe(32);
    expect(schedule.batchAfter({ step: 938, stepInEpoch: 938 })).toBe(64);
  });

  it("counts epochs from one and changes at their first step", () => {
    const schedule = createSchedule(settingsOf("jaketae-mlp"), digits);
    const all = places("jaketae-mlp", 938);
    expect(epochAt(schedule, all[0])).toBe(1);
    expect(epochAt(schedule, all[936])).toBe(1);
    expect(epochAt(schedule, all[937])).toBe(2);
  });
});
