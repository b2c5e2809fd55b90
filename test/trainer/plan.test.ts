import { expect, it } from "vitest";
import { Plan } from "../../src/main/trainer/plan";
import { createSchedule, nextPlace } from "../../src/main/trainer/schedule";
import { jaketaeMlp } from "../../src/shared/settings/presets/jaketae-mlp";

it("cuts what leads to the next grid into calls of about the same length", () => {
  const { settings } = jaketaeMlp;
  const schedule = createSchedule(settings, 60_000);
  const plan = new Plan(settings, schedule);
  const calls: number[] = [];
  let place = { step: 0, stepInEpoch: 0 };
  while (place.step < 200) {
    const steps = plan.stepsFrom(place, 64);
    calls.push(steps);
    for (let i = 0; i < steps; i++) place = nextPlace(schedule, place);
  }
  expect(calls).toEqual([50, 50, 50, 50]);
  expect(plan.stepsFrom({ step: 0, stepInEpoch: 0 }, 32)).toBe(32);
});

it("cuts between two updates of the generator", () => {
  const settings = {
    ...jaketaeMlp.settings,
    objective: { ...jaketaeMlp.settings.objective, generatorEvery: 5 },
  };
  const plan = new Plan(settings, createSchedule(settings, 60_000));
  expect(plan.stepsFrom({ step: 6, stepInEpoch: 6 }, 64)).toBe(50);
});
