/** Bradley-Terry skills, against SciPy (`test/reference/bradley_terry.py`). */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { fitSkills } from "../../src/shared/tournament/bradley-terry";
import type { Pairing, Skill } from "../../src/shared/tournament/bradley-terry";

const path = resolve(import.meta.dirname, "../fixtures/bradley-terry.json");
const cases = JSON.parse(readFileSync(path, "utf8")) as {
  players: number;
  pairings: Pairing[];
  skills: Skill[];
}[];

it.each(cases)("fits $players players as SciPy does", (one) => {
  const skills = fitSkills(one.players, one.pairings);
  skills.forEach((skill, i) => {
    for (const part of ["value", "low", "high"] as const)
      expect(skill[part]).toBeCloseTo(one.skills[i][part], 4);
  });
});

it("keeps skills finite where somebody has won every game", () => {
  const [best, worst] = fitSkills(2, [
    { first: 0, second: 1, games: 50, wins: 50 },
  ]);
  expect(best.value - worst.value).toBeCloseTo(Math.log(50.5 / 0.5), 6);
});
