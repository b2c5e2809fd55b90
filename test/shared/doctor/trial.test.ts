/** What a fork that tries the doctor's advice is said to have come to. */
import { describe, expect, it } from "vitest";
import { shownBy } from "../../../src/shared/doctor/expectation";
import { outcomeOf, remembered } from "../../../src/shared/doctor/trial";
import type { Tried, Trial } from "../../../src/shared/doctor/trial";

const expects = { metric: "score/fake", above: true, value: 0.1, within: 400 };
const trial: Trial = {
  finding: "d-wins",
  role: "change",
  advice: "Lower D's learning rate from 0.0002 to 0.00005.",
  expects,
  outcome: null,
};

/** D(G(z)) at each step from 101 on. */
function watched(
  value: (step: number) => number,
  { to = 600, isActive = false, diverged = false } = {},
) {
  const steps = Array.from({ length: to - 100 }, (_, row) => row + 101);
  const points = { steps, values: steps.map(value) };
  return { points, last: to, isActive, diverged };
}
const rising = (step: number) => (step < 300 ? 0.01 : 0.3);
const flat = () => 0.004;
const parent = { ...watched(flat), role: "parent" as const };

it.each([
  ["helped", watched(rising), parent],
  ["came-anyway", watched(rising), { ...watched(rising), role: "control" }],
  ["no-reference", watched(rising), null],
  ["did-not-come", watched(flat), parent],
  ["open", watched(rising, { to: 350, isActive: true }), parent],
  ["cannot-tell", watched(rising, { to: 350 }), parent],
  ["did-not-come", watched(rising, { to: 350, diverged: true }), parent],
  [
    "helped",
    watched(rising),
    { ...watched(flat, { to: 200, diverged: true }), role: "parent" },
  ],
] as const)("%s", (state, fork, reference) => {
  const outcome = outcomeOf(trial, 100, fork, reference);
  expect(outcome.state).toBe(state);
  expect(outcome.line).toMatch(/^[A-Z].*\.$/);
});

it("says since when, and what it is held against", () => {
  expect(outcomeOf(trial, 100, watched(rising), parent).line).toBe(
    "It helped: D(G(z)) has been above 0.1 since step 312, and is 0.3 at the end of the 400 steps; in the parent's own next steps it is 0.004.",
  );
});

describe("steps that count", () => {
  it("are those within the expectation only", () => {
    const late = watched((step) => (step > 500 ? 1 : 0));
    expect(shownBy(expects, late.points, 100, 600)).toMatchObject({
      came: false,
      value: 0,
      steps: 400,
    });
  });

  it("are no proof one by one", () => {
    const spike = watched((step) => (step === 500 ? 1 : 0));
    expect(shownBy(expects, spike.points, 100, 600).came).toBe(false);
  });

  it("may have no values", () => {
    const none = { steps: [], values: [] };
    expect(shownBy(expects, none, 100, 600)).toEqual({
      came: null,
      since: null,
      value: null,
      steps: 400,
    });
  });
});

it("remembers the newest of each fork, and not without end", () => {
  const one = (run: string, line: string): Tried => ({
    run,
    name: run,
    step: 100,
    finding: "d-wins",
    advice: "",
    outcome: { state: "open", line },
  });
  let tried: Tried[] = [];
  for (let i = 0; i < 60; i++) tried = remembered(tried, one(`r${i}`, ""));
  tried = remembered(tried, one("r59", "new"));
  expect(tried).toHaveLength(50);
  expect(tried.filter(({ run }) => run === "r59")).toEqual([one("r59", "new")]);
});
