/** A caller names the run: the same command starts it, goes on with it, and says when there is nothing left to do. */
import { readdir, truncate } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { jsonLines, runHere, temporaryHome } from "./command-line";

// Several trainings each, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });

const home = temporaryHome();
const library = () => join(home(), "library");
const command = (id: string, ...more: string[]) => [
  ...["train", "--run-id", id, "--preset", "jaketae-mlp"],
  ...["--dataset", "strokes", "--library", library(), "--json"],
  ...["--set", 'data.limit={"count":640,"pick":"first"}'],
  ...["--set", "checkpoints.everySteps=10", "--set", "engine.spinning=false"],
  ...more,
];

it("starts it, goes on with it to a new length, and is done when it is done", async () => {
  const first = await runHere(...command("seed-1", "--steps", "30"));
  expect(first.code).toBe(0);
  expect(jsonLines(first).at(-1)).toMatchObject({ run: "seed-1", steps: 30 });
  const again = await runHere(...command("seed-1", "--steps", "30"));
  expect(again).toMatchObject({ code: 0, error: "" });
  expect(jsonLines(again)).toEqual([
    { type: "finished", run: "seed-1", steps: 30 },
  ]);
  const longer = await runHere(...command("seed-1", "--steps", "40"));
  expect(jsonLines(longer).at(-1)).toMatchObject({
    type: "finished",
    run: "seed-1",
    steps: 40,
  });
});

it("unattended it takes the newest checkpoint that can be read, sets the rest aside, and says so", async () => {
  const folder = join(library(), "runs", "seed-1");
  await truncate(join(folder, "checkpoints/step-000040.safetensors"), 0);
  const outcome = await runHere(...command("seed-1", "--steps", "50"));
  expect(outcome.code).toBe(0);
  const [time] = await readdir(join(folder, "set-aside"));
  expect(jsonLines(outcome)).toContainEqual(
    expect.objectContaining({
      type: "notice",
      text: `step-000040.safetensors cannot be read as safetensors: it is empty. Resumed at step 30; steps 31 to 40 went to set-aside/${time}.`,
    }),
  );
  expect(jsonLines(outcome).at(-1)).toMatchObject({
    type: "finished",
    steps: 50,
  });
});

it("refuses to go on with other settings than it was trained with", async () => {
  const outcome = await runHere(
    ...command("seed-1", "--steps", "60", "--seed", "7"),
  );
  expect(outcome).toMatchObject({ code: 2, out: "" });
  expect(outcome.error).toContain(
    "was trained with other settings (Seed: 0, not 7)",
  );
});

it.each(["CON", "nul.txt", "com1", "a:b", "x.", "../x", "a b", "", "a\nb"])(
  "%j is no id, because not every system can have such a folder",
  async (id) => {
    const outcome = await runHere(...command(id, "--steps", "5"));
    expect(outcome).toMatchObject({ code: 2, out: "" });
    expect(outcome.error).toMatch(/^--run-id must/);
  },
);

it("an id that differs from another only by its capitals is refused", async () => {
  const outcome = await runHere(...command("SEED-1", "--steps", "5"));
  expect(outcome.code).toBe(2);
  expect(outcome.error).toContain(
    "There is a run seed-1 in this library already.",
  );
  expect(await readdir(join(library(), "runs"))).toEqual(["seed-1"]);
});
