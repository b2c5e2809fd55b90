/** `fork --at`: from which checkpoint a new run begins, and what is refused before there is one. */
import { readdir, readFile, truncate } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { jsonLines, runHere, temporaryHome, trainHere } from "./command-line";

const home = temporaryHome();
let runs: string;
let parent: string;
const at = () => ["--library", join(home(), "library")];

beforeAll(async () => {
  parent = await trainHere(join(home(), "library"));
  runs = join(home(), "library", "runs");
}, 120_000);

it("begins at the checkpoint that is named, trains to the length that is asked for, and leaves the parent as it was", async () => {
  const before = await readFile(join(runs, parent, "run.json"), "utf8");
  const outcome = await runHere(
    ...["fork", parent, "--at", "20", "--steps", "25", ...at()],
    ...["--name", "Child", "--set", "seed=7", "--json"],
  );
  expect(outcome).toMatchObject({ code: 0, error: "" });
  const last = jsonLines(outcome).at(-1);
  expect(last).toMatchObject({ type: "finished", steps: 25 });
  const child = String(last?.run);
  const record = JSON.parse(
    await readFile(join(runs, child, "run.json"), "utf8"),
  ) as unknown;
  expect(record).toMatchObject({
    name: "Child",
    parent: { run: parent, step: 20 },
    progress: { step: 25 },
    settings: { seed: 7 },
  });
  expect(await readdir(join(runs, child, "checkpoints"))).toEqual([
    "step-000020.safetensors",
    "step-000025.safetensors",
  ]);
  expect(await readFile(join(runs, parent, "run.json"), "utf8")).toBe(before);
});

it("a step without a checkpoint, and --at beside --finding, are refused before a run is made", async () => {
  const before = await readdir(runs);
  const missing = await runHere("fork", parent, "--at", "15", ...at());
  expect(missing).toMatchObject({ code: 2, out: "" });
  expect(missing.error).toContain(
    `has no checkpoint at step 15; it has 10, 20, 30.`,
  );
  for (const step of ["-1", "2.5", "last", ""]) {
    const wrong = await runHere("fork", parent, "--at", step, ...at());
    expect(wrong, step).toMatchObject({ code: 2, out: "" });
  }
  const both = await runHere(
    ...["fork", parent, "--at", "20", "--finding", "d-wins", ...at()],
  );
  expect(both).toMatchObject({ code: 2, out: "" });
  expect(await readdir(runs)).toEqual(before);
});

it("a damaged checkpoint is refused by name, and an older one is taken where --at says so", async () => {
  const file = "step-000030.safetensors";
  await truncate(join(runs, parent, "checkpoints", file), 2000);
  const before = await readdir(runs);
  const refused = await runHere("fork", parent, "--steps", "40", ...at());
  expect(refused).toMatchObject({ code: 2, out: "" });
  expect(refused.error).toContain(file);
  expect(await readdir(runs)).toEqual(before);
  const outcome = await runHere(
    ...["fork", parent, "--at", "20", "--steps", "22", ...at(), "--json"],
  );
  expect(outcome.code).toBe(0);
  expect(jsonLines(outcome).at(-1)).toMatchObject({ steps: 22 });
});
