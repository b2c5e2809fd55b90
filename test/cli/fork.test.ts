/** `fork --at`: from which checkpoint a new run begins, and what is refused before there is one. */
import { readdir, readFile, rm, truncate } from "node:fs/promises";
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

it("--at 0 begins as the run did, with its first weights and draws, and is taken up again from there", async () => {
  const fork = (...options: string[]) =>
    runHere("fork", parent, "--at", "0", ...options, ...at(), "--json");
  const outcome = await fork("--steps", "10");
  expect(outcome).toMatchObject({ code: 0, error: "" });
  const child = String(jsonLines(outcome).at(-1)?.run);
  const record = await readFile(join(runs, child, "run.json"), "utf8");
  expect(JSON.parse(record)).toMatchObject({
    parent: { run: parent, step: 0 },
    progress: { step: 10 },
  });
  expect(await tensorsOf(child, 10)).toEqual(await tensorsOf(parent, 10));
  // Where its checkpoints are gone it starts over, as its parent would.
  await rm(join(runs, child, "checkpoints"), { recursive: true });
  const again = await runHere(
    ...["resume", child, "--at", "0", "--steps", "20", ...at(), "--json"],
  );
  expect(again.code, again.error).toBe(0);
  expect(await tensorsOf(child, 20)).toEqual(await tensorsOf(parent, 20));

  const changed = await fork("--steps", "10", "--set", "learningRate=0.01");
  const other = String(jsonLines(changed).at(-1)?.run);
  expect(await tensorsOf(other, 10)).not.toEqual(await tensorsOf(parent, 10));
});

it("a fork, which begins at a step of another run, has no step 0", async () => {
  const outcome = await runHere(
    ...["fork", parent, "--at", "20", "--steps", "22", ...at(), "--json"],
  );
  const child = String(jsonLines(outcome).at(-1)?.run);
  const before = await readdir(runs);
  const refused = await runHere("fork", child, "--at", "0", ...at());
  expect(refused).toMatchObject({ code: 2, out: "" });
  expect(refused.error).toContain("is a fork and begins at step 20");
  expect(await readdir(runs)).toEqual(before);
});

/** The bytes behind the header of a checkpoint. */
async function tensorsOf(run: string, step: number): Promise<Buffer> {
  const name = `step-${String(step).padStart(6, "0")}.safetensors`;
  const bytes = await readFile(join(runs, run, "checkpoints", name));
  return bytes.subarray(8 + Number(bytes.readBigUInt64LE()));
}

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
