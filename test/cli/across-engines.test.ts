/**
 * A run begun on one engine and resumed on another by the command line, both ways, as a user would: its metrics are those
 * of a run that never left the processor.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { engineStatus } from "../../src/main/engine";
import type { EngineId } from "../../src/shared/settings/settings";
import { stepMetrics } from "../../src/shared/metrics";
import { bePatient } from "../engine/patience";
import { prepareSoftwareGpu } from "../engine/software-gpu";
import { jsonLines, runHere, temporaryHome } from "./command-line";

bePatient();

const engines: EngineId[] = ["onnx"];
if ((await prepareSoftwareGpu()) === null) engines.push("webgpu");
if ((await engineStatus("tfjs")).available) engines.push("tfjs");
const ways = engines.flatMap((from) =>
  engines.filter((to) => to !== from).map((to) => ({ from, to })),
);
const note = ways.length > 0 ? "" : " (skipped: there is only onnx here)";

/** Rounding grows from step to step. */
const tolerance = 1e-3;
const home = temporaryHome();
const at = () => ["--library", join(home(), "library")];

/** Small, because a GPU in software takes long for everything. */
async function train(engine: EngineId, steps: number): Promise<string> {
  const trained = await runHere(
    ...["train", "--preset", "wiseodd-mlp", "--dataset", "strokes", ...at()],
    ...["--set", 'data.limit={"count":64,"pick":"first"}', "--json"],
    ...["--set", "data.size=8", "--set", "schedule.batchSize=8"],
    ...["--set", "sampling.cadences=[]"],
    ...["--seed", "7", "--engine", engine, "--steps", String(steps)],
  );
  expect(trained).toMatchObject({ code: 0 });
  return String(jsonLines(trained).at(-1)?.run);
}

async function metricsOf(run: string): Promise<string[][]> {
  const out = join(home(), `${run}.csv`);
  const written = await runHere(
    ...["export", run, "--format", "csv", "--out", out, ...at()],
  );
  expect(written).toMatchObject({ code: 0 });
  const [heading, ...rows] = (await readFile(out, "utf8"))
    .trimEnd()
    .split("\r\n")
    .map((line) => line.split(","));
  const columns = stepMetrics.map((metric) => heading.indexOf(metric));
  return rows.map((row) => columns.map((column) => row[column] ?? ""));
}

describe.skipIf(ways.length === 0)(`checkpoints move${note}`, () => {
  let expected: string[][];
  beforeAll(async () => {
    expected = await metricsOf(await train("onnx", 20));
    expect(expected).toHaveLength(20);
  });

  it.each(ways)("from $from to $to", async ({ from, to }) => {
    const run = await train(from, 10);
    const resumed = await runHere(
      ...["resume", run, ...at(), "--engine", to, "--steps", "20"],
      ...["--yes", "--json"],
    );
    expect(resumed.code, resumed.error).toBe(0);
    const shown = await runHere("show", run, "--json", ...at());
    expect(JSON.parse(shown.out)).toMatchObject({
      record: { state: "finished", environment: { engine: to } },
    });
    const actual = await metricsOf(run);
    expect(actual).toHaveLength(expected.length);
    expected.forEach((row, step) =>
      row.forEach((cell, i) => {
        const where = `${stepMetrics[i]} of step ${step + 1}`;
        if (cell === "") return expect(actual[step][i], where).toBe("");
        const allowed = tolerance * Math.max(1, Math.abs(Number(cell)));
        const apart = Math.abs(Number(actual[step][i]) - Number(cell));
        expect(apart, where).toBeLessThan(allowed);
      }),
    );
  });
});
