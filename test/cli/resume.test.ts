/** `resume` and `repair` of runs whose files are not what they should be. */
import { readFile, readdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { jsonLines, runHere, temporaryHome, trainHere } from "./command-line";

const home = temporaryHome();
let folder: string;
let run: string;
const at = () => ["--library", join(home(), "library")];
const checkpointFile = (step: number) =>
  join(folder, `checkpoints/step-0000${step}.safetensors`);

beforeAll(async () => {
  run = await trainHere(join(home(), "library"));
  folder = join(home(), "library", "runs", run);
}, 120_000);

it("a damaged newest checkpoint is refused with what is still there, --yes or not", async () => {
  await truncate(checkpointFile(30), 2000);
  const before = await readdir(folder, { recursive: true });
  for (const more of [[], ["--yes"]]) {
    const outcome = await runHere(
      "resume",
      run,
      ...at(),
      "--steps",
      "40",
      ...more,
    );
    expect(outcome).toMatchObject({ code: 2, out: "" });
    expect(outcome.error).toMatch(
      /^step-000030\.safetensors cannot be read .*say where to resume instead \(--at\): at step 20, 10 or 0, and what was trained after that is set aside\.\n$/,
    );
  }
  expect(await readdir(folder, { recursive: true })).toEqual(before);
});

it("--at says where to go on, and what comes after it is kept aside", async () => {
  const missing = await runHere("resume", run, ...at(), "--at", "15");
  expect(missing).toMatchObject({ code: 2, out: "" });
  expect(missing.error).toContain("has no checkpoint at step 15");
  const outcome = await runHere("resume", run, ...at(), "--at", "20", "--json");
  expect(outcome).toMatchObject({ code: 0, error: "" });
  expect(jsonLines(outcome).at(-1)).toMatchObject({
    type: "finished",
    steps: 30,
  });
  const aside = await readdir(join(folder, "set-aside"));
  expect(aside).toHaveLength(1);
  expect(await readdir(join(folder, "set-aside", aside[0]))).toEqual(
    expect.arrayContaining(["checkpoints", "run.json"]),
  );
  const record = JSON.parse(
    await readFile(join(folder, "run.json"), "utf8"),
  ) as { events: unknown };
  expect(record.events).toMatchObject([
    {
      type: "resumed",
      step: 20,
      text: `Resumed at step 20; steps 21 to 30 went to set-aside/${aside[0]}.`,
    },
  ]);
});

it("a damaged record is repaired, and its run can be resumed", async () => {
  await writeFile(join(folder, "run.json"), "{");
  const refused = await runHere("resume", run, ...at(), "--steps", "40");
  expect(refused.code).toBe(2);
  expect(refused.error).toContain("`gan-workbench repair` makes it again.");
  const repaired = await runHere("repair", run, ...at(), "--json");
  expect(jsonLines(repaired)).toEqual([{ type: "repaired", run }]);
  const again = await runHere("repair", run, ...at());
  expect(again.out).toContain("nothing was changed");
  const resumed = await runHere(
    "resume",
    run,
    ...at(),
    "--steps",
    "40",
    "--json",
  );
  expect(jsonLines(resumed).at(-1)).toMatchObject({
    type: "finished",
    steps: 40,
  });
});
