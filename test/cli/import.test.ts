import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jsonLines, runHere } from "./command-line";

let folder: string;
let log: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gan-import-"));
  log = join(folder, "log.csv");
  await writeFile(log, "epoch,batch,d_loss\n0,0,0.5\n0,1,x\n1,0,0.25\n");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const importLog = (...args: string[]) =>
  runHere("import", log, "--library", join(folder, "library"), ...args);

test("import says what was decided and what was left out", async () => {
  const { code, out, error } = await importLog();
  expect(code).toBe(0);
  expect(out.trim()).toMatch(/log-csv/);
  expect(error.trim().split("\n")).toEqual([
    "batch starts again 1 time: steps are counted on.",
    '1 cell of "d_loss" is not a number and was left out: the first is "x" in line 3.',
  ]);
});

test("import --json has the same remarks", async () => {
  const [line] = jsonLines(await importLog("--json"));
  expect(line).toMatchObject({ type: "imported" });
  expect(line.remarks).toHaveLength(2);
});

test("--step-column chooses the steps, and refuses what is no column", async () => {
  const { error } = await importLog("--step-column", "row number");
  expect(error).not.toContain("counted on");
  const refused = await importLog("--step-column", "iteration");
  expect(refused.code).toBe(2);
  expect(refused.error).toContain('no column of numbers called "iteration"');
});
