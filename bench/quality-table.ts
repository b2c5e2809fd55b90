/**
 * `npm run quality:table -- --dataset PATH [--minutes N] [--seeds N] [--steps N] [--convolution-steps N] [--threads N]
 * [--only PRESET,...] [--state FOLDER]`: trains every tutorial's preset with several seeds, measures the last step, and
 * writes the tables in docs/quality.md. One seed of each preset comes before the second of any. What was measured is kept
 * in docs/quality-table.json, and runs that are not done in the state folder's library, so that the next call goes on.
 * `-- page` only writes the tables again.
 */
import { readFile, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { untilStep } from "../src/shared/settings/length";
import { tutorials } from "../src/shared/settings/presets";
import type { Preset, TrainingSettings } from "../src/shared/settings/settings";
import { KeptRuns } from "./kept-runs";
import { readMeasured, writeMeasured } from "./quality-table/measured";
import { tablesOf } from "./quality-table/tables";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    dataset: { type: "string", default: "mnist" },
    minutes: { type: "string", default: "110" },
    seeds: { type: "string", default: "3" },
    steps: { type: "string", default: "5000" },
    "convolution-steps": { type: "string", default: "500" },
    /** Of each training; otherwise all cores. One leaves the others to other work. */
    threads: { type: "string" },
    /** Of these presets alone: "wiseodd-mlp,jaketae-mlp". */
    only: { type: "string" },
    state: { type: "string", default: "quality-table.local" },
  },
});
const end = Date.now() + Number(options.minutes) * 60_000;
const measured = await readMeasured();
const only = options.only?.split(",");
const presets = tutorials.filter(({ id }) => only?.includes(id) ?? true);
if (positionals[0] !== "page") await measureAll();
await writeTables();

async function measureAll(): Promise<void> {
  const runs = await KeptRuns.open(resolve(options.state));
  try {
    for (let seed = 1; seed <= Number(options.seeds); seed++)
      for (const preset of presets) await measure(runs, preset, seed);
  } finally {
    await runs.close();
  }
}

/** Does nothing where it is done already, or the time is up before it is. */
async function measure(
  runs: KeptRuns,
  preset: Preset,
  seed: number,
): Promise<void> {
  const settings = settingsOf(preset, seed);
  const { count: steps } = settings.schedule.length;
  const run = `table-${preset.id}-${seed}`;
  const isDone = measured.some(
    (known) => known.runId === run && known.step === steps,
  );
  const left = (end - Date.now()) / 1000;
  if (isDone || left <= 0) return;
  const before = (await runs.find(run))?.record.progress.step ?? 0;
  const { progress } =
    before < steps
      ? await runs.train(run, settings, left)
      : { progress: { step: before } };
  console.log(`${run}: ${progress.step} of ${steps} steps`);
  if (progress.step < steps) return;
  const quality = await runs.judge(run, steps);
  measured.push(quality);
  await writeMeasured(measured);
}

function settingsOf({ settings }: Preset, seed: number): TrainingSettings {
  const convolves = settings.discriminator.layers.some(
    ({ type }) => type === "conv",
  );
  const { dataset } = options;
  const source = existsSync(dataset) ? resolve(dataset) : dataset;
  const threads = options.threads ? Number(options.threads) : null;
  return untilStep(
    {
      ...settings,
      seed,
      data: { ...settings.data, source },
      engine: { ...settings.engine, threads },
    },
    Number(convolves ? options["convolution-steps"] : options.steps),
  );
}

async function writeTables(): Promise<void> {
  const file = join(import.meta.dirname, "../docs/quality.md");
  const page = await readFile(file, "utf8");
  const tables = tablesOf(measured);
  await writeFile(
    file,
    page.replace(
      /<!-- table -->[\s\S]*<!-- \/table -->/,
      () => `<!-- table -->\n\n${tables}\n\n<!-- /table -->`,
    ),
  );
}
