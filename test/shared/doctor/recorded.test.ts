/**
 * The doctor on the curves and measurements of real trainings, as `npm run calibrate-doctor` recorded them. The table in
 * docs/doctor.md is of the seeds that no threshold was set on; here all count.
 */
import { describe, expect, it } from "vitest";
import {
  casesOf,
  kinds,
  testSeeds,
  tuningSeeds,
} from "../../../tools/doctor/faults";
import { hashOf, readRecords } from "../../../tools/doctor/records";
import {
  isHealthy,
  isRight,
  isSound,
  judged,
} from "../../../tools/doctor/table";

const records = readRecords();
const runs = casesOf(kinds, [...tuningSeeds, ...testSeeds])
  .filter((one) => records.get(one.id)?.settings === hashOf(one))
  .map((one) => judged(one, records));
const sound = runs.filter(isHealthy);
const made = runs.filter((one) => !isSound(one));

it("has enough of both", () => {
  expect(sound.length).toBeGreaterThanOrEqual(30);
  expect(made.length).toBeGreaterThanOrEqual(100);
});

it("accuses at most one in twenty sound runs", () => {
  const accused = sound.filter((one) => !isRight(one)).map(({ id }) => id);
  expect(accused.length, accused.join(", ")).toBeLessThanOrEqual(
    sound.length / 20,
  );
});

describe("a fault at its two stronger strengths", () => {
  it.each([...new Set(made.map(({ fault }) => fault.name))])("%s", (name) => {
    const strong = made.filter(
      ({ fault, strength }) => fault.name === name && strength > 0,
    );
    const missed = strong.filter((one) => !isRight(one)).map(({ id }) => id);
    expect(missed.length, missed.join(", ")).toBeLessThanOrEqual(
      strong.length / 10,
    );
  });
});
