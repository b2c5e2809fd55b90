/** A small helping of `npm run torture`, which kills as often as you like. */
import { expect, test } from "vitest";
import { Random } from "../../src/shared/random";
import { missingBuild, tortureRound } from "../../tools/torture/round";
import { temporaryFolder } from "./library";

const missing = missingBuild();

test.skipIf(missing !== null).each([1, 2, 3, 4])(
  `a training process that is killed five times leaves a sound run each time, and goes on with it (seed %i${missing ? `; ${missing}` : ""})`,
  async (seed) => {
    const random = Random.fromSeed(seed, "torture test");
    const library = await temporaryFolder();
    let run: string | null = null;
    for (let round = 0; round < 5; round++) {
      const killed = await tortureRound(library, run, {
        afterMs: random.below(700),
        fromFirstStep: random.uniform() < 0.7,
      });
      expect(killed.problems).toEqual([]);
      run = killed.run;
    }
  },
  120_000,
);
