/**
 * `npm run torture -- ROUNDS [SEED]`: kills a training process with SIGKILL at random moments and examines what is left.
 * Four of five rounds go on with the run of the round before, so that a run survives many deaths; at the end one such
 * run is brought to an end and compared, bit for bit, with a run that was never killed.
 */
import type { Column } from "../src/shared/curves/column";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createStore } from "../src/main/runs/store";
import { decodeMetrics } from "../src/shared/contract/files";
import { Random } from "../src/shared/random";
import { commandLine, missingBuild, tortureRound } from "./torture/round";

const rounds = Number(process.argv[2] ?? 20);
const seed = Number(process.argv[3] ?? 1);
const library = await mkdtemp(join(tmpdir(), "gan-workbench-torture-"));
const missing = missingBuild();
if (missing !== null || !Number.isInteger(rounds) || rounds < 1) {
  console.error(
    missing ?? "How many rounds? For example: npm run torture -- 20",
  );
  process.exit(2);
}

const random = Random.fromSeed(seed, "torture");
let run: string | null = null;
let problems = 0;
let mostLost = 0;
let deaths = 0;
for (let round = 1; round <= rounds; round++) {
  const killed = await tortureRound(library, run, {
    afterMs: random.below(1500),
    fromFirstStep: random.uniform() < 0.85,
  });
  deaths++;
  problems += killed.problems.length;
  mostLost = Math.max(mostLost, killed.told - killed.kept);
  console.log(
    `${round}/${rounds} ${killed.run ?? "before its first step"}: told ${killed.told}, kept ${killed.kept}, checkpoint ${killed.newestCheckpoint}`,
  );
  for (const problem of killed.problems) console.error(`  ${problem}`);
  run = killed.run;
  // Not at the end, so that there is a run to compare.
  if (round < rounds && random.uniform() < 0.2) {
    run = null;
    await rm(join(library, "runs"), { recursive: true, force: true });
  }
}
if (run !== null) problems += await compareWithWhole(run);
await rm(library, { recursive: true, force: true });
console.log(
  `${deaths} kills, ${problems} problems, at most ${Math.max(0, mostLost)} steps lost.`,
);
process.exit(problems > 0 ? 1 : 0);

/** Ends the run some steps later, trains one of the same length without a death, and counts what differs. */
async function compareWithWhole(survivor: string): Promise<number> {
  const store = await createStore(library);
  const listing = await store.get(survivor);
  if (listing.kind === "damaged" || !listing.record.settings) return 1;
  const { settings, progress } = listing.record;
  const steps = progress.step + 60;
  runToEnd(["resume", survivor, "--steps", String(steps)]);
  runToEnd([
    ...["train", "--preset", settings.preset, "--dataset", "strokes"],
    ...["--set", `data.limit=${JSON.stringify(settings.data.limit)}`],
    ...["--set", "engine.spinning=false", "--name", "whole"],
    ...["--set", "checkpoints.everySteps=50", "--steps", String(steps)],
  ]);
  const whole = (await store.list()).find(
    (other) => other.kind === "run" && other.record.name === "whole",
  );
  if (whole?.kind !== "run") return 1;
  const different = await differences(survivor, whole.record.id, store);
  await store.close();
  for (const text of different) console.error(`  ${text}`);
  if (different.length === 0)
    console.log(
      `The run that was killed again and again equals one of ${steps} steps that never was, bit for bit.`,
    );
  return different.length;
}

async function differences(
  a: string,
  b: string,
  store: Awaited<ReturnType<typeof createStore>>,
): Promise<string[]> {
  const [one, other] = await Promise.all(
    [a, b].map(async (id) => ({
      checkpoint: await store.readCheckpoint(id, "last"),
      curves: decodeMetrics((await store.metrics(id, 0)).buffer),
    })),
  );
  const different: string[] = [];
  for (const [name, { data }] of one.checkpoint.state)
    if (!isEqual(data, other.checkpoint.state.get(name)?.data))
      different.push(`The tensor ${name} differs.`);
  one.curves.forEach(({ tags, values }, group) => {
    tags.forEach((tag, index) => {
      if (!isEqual(values[index], other.curves[group]?.values[index]))
        different.push(`The curve ${tag} differs.`);
    });
  });
  return different;
}

function isEqual(a: Column, b: Column | undefined): boolean {
  return (
    b?.length === a.length && a.every((value, at) => Object.is(value, b[at]))
  );
}

function runToEnd(words: string[]): void {
  const { status, stderr } = spawnSync(
    process.execPath,
    [commandLine, ...words, "--library", library, "--json"],
    { encoding: "utf8", maxBuffer: 1 << 28 },
  );
  if (status !== 0) throw new Error(`${words.join(" ")}: ${stderr}`);
}
