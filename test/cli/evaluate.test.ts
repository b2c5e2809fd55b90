/** `evaluate`: a run's saved steps judged by the thread, kept with the run. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { measureKinds, measureNames } from "../../src/shared/quality";
import { writeBars } from "../quality/bars";
import { jsonLines, runHere } from "./command-line";

let home: string;
const at = () => ["--library", join(home, "library")];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "evaluate-"));
  process.env.GAN_WORKBENCH_HOME = home;
  const source = await writeBars(home, 800);
  const trained = await runHere(
    ...["train", "--preset", "jaketae-mlp", "--dataset", source, ...at()],
    ...["--set", "data.size=8", "--set", "data.heldOut=0.4"],
    ...["--set", "checkpoints.everySteps=20", "--steps", "40"],
    ...["--set", "checkpoints.keepLast=9", "--run-id", "bars", "--json"],
    ...["--set", "engine.spinning=false", "--set", "engine.threads=1"],
  );
  expect(trained.error).toBe("");
}, 60_000);
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
}, 60_000);

it("says what cannot be evaluated, and what can", async () => {
  const absent = await runHere("evaluate", "bars", "--step", "30", ...at());
  expect(absent).toMatchObject({ code: 2 });
  expect(absent.error).toContain(
    "no checkpoint at step 30; it has those at 20, 40",
  );
  const few = await runHere("evaluate", "bars", "--samples", "3", ...at());
  expect(few.error).toContain("from 16 to 5000");
});
