/** `evaluate`, `doctor` and `tournament`: a run judged by measures, by its curves, and by other networks. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { measureKinds, measureNames } from "../../src/shared/quality";
import type { Tournament } from "../../src/shared/tournament/tournament";
import { writeBars } from "../quality/bars";
import { jsonLines, runHere } from "./command-line";

let home: string;
let source: string;
const at = () => ["--library", join(home, "library")];
const trainBars = (id: string) => [
  ...["train", "--preset", "jaketae-mlp", "--dataset", source, ...at()],
  ...["--set", "data.size=8", "--set", "data.heldOut=0.4"],
  ...["--set", "checkpoints.everySteps=20", "--steps", "40"],
  ...["--set", "checkpoints.keepLast=9", "--run-id", id, "--json"],
  ...["--set", "engine.spinning=false", "--set", "engine.threads=1"],
];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "evaluate-"));
  process.env.GAN_WORKBENCH_HOME = home;
  source = await writeBars(home, 800);
  const trained = await runHere(...trainBars("bars"));
  expect(trained.error).toBe("");
});
afterAll(async () => {
  delete process.env.GAN_WORKBENCH_HOME;
  await rm(home, { recursive: true });
});

it("prints every measure with its interval and floor or ceiling, for each saved step", async () => {
  const outcome = await runHere(
    ...["evaluate", "bars", "--step", "all", "--json", ...at()],
  );
  expect(outcome.code).toBe(0);
  const [first, last] = jsonLines(outcome);
  expect(first).toMatchObject({ runId: "bars", step: 20, samples: 160 });
  expect(Object.keys(last).sort()).toEqual(
    ["runId", "step", "extractor", "realSet", "samples", "measures"].sort(),
  );
  expect(last).toMatchObject({
    step: 40,
    extractor: { kind: "classifier", features: 64 },
    realSet: { count: 160, part: "own images" },
  });
  const measures = last.measures as Record<string, Record<string, number>>;
  expect(Object.keys(measures)).toEqual(measureNames);
  for (const name of measureNames) {
    const { value, low, high, reason, ...bound } = measures[name];
    if (name === "fdInfinity") expect(reason).toMatch(/too few/);
    else {
      expect(Object.keys(bound)).toEqual([measureKinds[name].bound]);
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
    }
  }
  const kept = join(home, "library/runs/bars/quality/step-000040.json");
  expect(JSON.parse(await readFile(kept, "utf8"))).toEqual(last);
});

it("measures the average of G, or its last weights where they are asked for", async () => {
  await runHere(
    ...trainBars("averaged"),
    ...["--set", 'improvements.average={"halfLife":10000,"rampUp":null}'],
  );
  const evaluated = async (...words: string[]) => {
    const outcome = await runHere(
      ...["evaluate", "averaged", "--json", ...words, ...at()],
    );
    return jsonLines(outcome)[0];
  };
  const average = await evaluated();
  const last = await evaluated("--weights", "last");
  expect(average).toMatchObject({ step: 40, weights: "average" });
  expect(last).toMatchObject({ step: 40, weights: "last" });
  // Without an average the same run has the same weights, and the same measures.
  const [plain] = jsonLines(
    await runHere("evaluate", "bars", "--json", ...at()),
  );
  expect(last.measures).toEqual(plain.measures);
  expect(average.measures).not.toEqual(last.measures);
});

it("says what cannot be evaluated, and what can", async () => {
  const absent = await runHere("evaluate", "bars", "--step", "30", ...at());
  expect(absent).toMatchObject({ code: 2 });
  expect(absent.error).toContain(
    "no checkpoint at step 30; it has those at 20, 40",
  );
  const few = await runHere("evaluate", "bars", "--samples", "3", ...at());
  expect(few.error).toContain("from 16 to 5000");
});

it("says what is happening in the run, and keeps it in the list", async () => {
  const [told] = jsonLines(await runHere("doctor", "bars", "--json", ...at()));
  expect(Object.keys(told)).toEqual(["runId", "verdict", "findings", "trial"]);
  const [finding] = told.findings as Record<string, unknown>[];
  expect(Object.keys(finding)).toEqual([
    "id",
    "from",
    "to",
    "evidence",
    "advice",
    "fork",
    "tried",
  ]);
  expect(finding.id).toBe(told.verdict);
  const { out } = await runHere("list", ...at());
  expect(out).toMatch(new RegExp(`bars +finished +${String(told.verdict)} `));
});

it("plays every D against every G of its saved steps", async () => {
  const outcome = await runHere(
    ...["tournament", "bars", "--checkpoints", "--json", ...at()],
  );
  expect(outcome).toMatchObject({ code: 0, error: "" });
  const [{ games, real, entrants, generators, images }] = jsonLines(
    outcome,
  ) as unknown as Tournament[];
  expect(entrants.map(({ step }) => step)).toEqual([20, 40]);
  expect(images).toBe(160);
  // The diagonal is what `evaluate` measures, on other halves.
  for (const game of games.flat()) expect(game).toHaveProperty("auc");
  expect(generators.map(({ entrant }) => entrant).sort()).toEqual([0, 1]);
  for (const game of real)
    expect("auc" in game && Math.abs(game.auc - 0.5)).toBeLessThan(0.1);
  const alone = await runHere("tournament", "bars", ...at());
  expect(alone).toMatchObject({ code: 2 });
  expect(alone.error).toContain("A tournament is of 2 to 40; these are 1.");
});
