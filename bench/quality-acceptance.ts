/**
 * `npm run quality:acceptance -- PART... --dataset PATH [--preset ID] [--minutes N] [--state FOLDER]`: what must be true
 * of the measures on real digits. The parts:
 *
 *   learning  a run at 5,000 steps against itself at 200, by every measure
 *   repeats   pairs of sample sets of one checkpoint, 100 of them: how often each measure tells them apart
 *   copying   a fork of it that goes on with 100 images only: is it reported as copying?
 *   speed     seconds of `evaluate` with 5,000 samples, with and without the extractor (on an idle machine)
 *   beside    how much slower a training is while its checkpoints are judged without a pause (on an idle machine)
 *
 * Whatever is trained or measured stays in the state folder, so that the next call goes on.
 */
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { formatValue } from "../src/shared/format-value";
import { areApart, boundOf, measureKinds } from "../src/shared/quality";
import { measureNames } from "../src/shared/quality";
import type { Measure, MeasureName, Quality } from "../src/shared/quality";
import { untilStep } from "../src/shared/settings/length";
import { findPreset } from "../src/shared/settings/presets";
import type { TrainingSettings } from "../src/shared/settings/settings";
import { KeptRuns } from "./kept-runs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    dataset: { type: "string", default: "mnist" },
    preset: { type: "string", default: "jaketae-mlp" },
    minutes: { type: "string", default: "Infinity" },
    state: { type: "string", default: "quality-acceptance.local" },
  },
});
const end = Date.now() + Number(options.minutes) * 60_000;
const state = resolve(options.state);
const run = `acceptance-${options.preset}`;
const [early, late] = [200, 5000];
/** After the checkpoint that is forked. */
const copyingSteps = 20_000;
/** Pairs of sample sets, and how many samples each has. */
const repeatedPairs = 100;
const repeatedSamples = 1000;
/** Pairs of trainings, one alone and one that is judged meanwhile, and how many seconds each has. */
const turns = 3;
const turnSeconds = 12;

const parts: Record<string, (runs: KeptRuns) => Promise<void>> = {
  learning,
  repeats,
  copying,
  speed,
  beside,
};

for (const part of positionals.length > 0 ? positionals : Object.keys(parts)) {
  if (!Object.hasOwn(parts, part)) throw new Error(`There is no part ${part}.`);
  const runs = await KeptRuns.open(state);
  try {
    await parts[part](runs);
  } finally {
    await runs.close();
  }
}

function settings(): TrainingSettings {
  const preset = findPreset(options.preset);
  if (!preset) throw new Error(`There is no preset ${options.preset}.`);
  const { dataset } = options;
  const source = existsSync(dataset) ? resolve(dataset) : dataset;
  const { data, checkpoints } = preset.settings;
  return {
    ...preset.settings,
    data: { ...data, source },
    checkpoints: { ...checkpoints, keepLast: 1000 },
  };
}

/** Trains up to a step and keeps its checkpoint; false where the time was up before. */
async function reach(
  runs: KeptRuns,
  id: string,
  to: TrainingSettings,
): Promise<boolean> {
  const { count } = to.schedule.length;
  const before = await runs.find(id);
  if (before?.checkpoints.includes(count)) return true;
  const left = (end - Date.now()) / 1000;
  if (left <= 0) return false;
  const { progress } = await runs.train(id, to, left);
  console.log(`${id}: ${progress.step} of ${count} steps`);
  return progress.step === count;
}

async function reachBoth(runs: KeptRuns): Promise<boolean> {
  return (
    (await reach(runs, run, untilStep(settings(), early))) &&
    (await reach(runs, run, untilStep(settings(), late)))
  );
}

async function learning(runs: KeptRuns): Promise<void> {
  if (!(await reachBoth(runs))) return;
  const before = await runs.judge(run, early);
  const after = await runs.judge(run, late);
  console.log(`learning: ${options.preset}, ${after.samples} samples`);
  for (const name of measureNames) {
    const [a, b] = [before.measures[name], after.measures[name]];
    console.log(
      `  ${measureKinds[name].title}: ${told(a)} at ${early}, ${told(b)} at ${late}, real images ${formatValue(boundOf(b))}: ${verdict(name, a, b)}`,
    );
  }
}

function told(measure: Measure): string {
  if ("reason" in measure) return "none";
  const { value, low, high } = measure;
  return `${formatValue(value)} (${formatValue(low)} to ${formatValue(high)})`;
}

function verdict(name: MeasureName, a: Measure, b: Measure): string {
  if ("reason" in a || "reason" in b || !areApart(a, b))
    return "not distinguishable";
  const { better } = measureKinds[name];
  if (better === "bound")
    return distance(b) < distance(a) ? "nearer" : "farther";
  return (better === "lower") === b.value < a.value ? "better" : "worse";
}

function distance(measure: Measure): number {
  return "value" in measure
    ? Math.abs(measure.value - (boundOf(measure) ?? NaN))
    : NaN;
}

async function repeats(runs: KeptRuns): Promise<void> {
  if (!(await reachBoth(runs))) return;
  const file = join(state, "repeats.json");
  const known = JSON.parse(
    await readFile(file, "utf8").catch(() => "[]"),
  ) as Quality["measures"][];
  while (known.length < 2 * repeatedPairs && Date.now() < end) {
    const seed = known.length + 1;
    const { measures } = await runs.judge(run, late, {
      samples: repeatedSamples,
      seed,
    });
    known.push(measures);
    await writeFile(file, JSON.stringify(known));
  }
  const pairs = known.length >> 1;
  console.log(`repeats: ${pairs} pairs of ${repeatedSamples} samples`);
  for (const name of measureNames) {
    const apart = Array.from({ length: pairs }, (_, i) =>
      areApart(known[2 * i][name], known[2 * i + 1][name]),
    ).filter((one) => one).length;
    console.log(
      `  ${measureKinds[name].title}: not distinguishable in ${pairs - apart} of ${pairs}`,
    );
  }
}

async function copying(runs: KeptRuns): Promise<void> {
  if (!(await reachBoth(runs))) return;
  const name = `${run}-100-images`;
  const { data, ...rest } = settings();
  const few = untilStep(
    { ...rest, data: { ...data, limit: { count: 100, pick: "first" } } },
    late + copyingSteps,
  );
  const known = (await runs.find(name))?.record.id;
  const left = Math.max(30, (end - Date.now()) / 1000);
  const fork = known ?? (await runs.fork({ run, step: late }, few, name, left));
  if (!(await reach(runs, fork, few))) return;
  for (const [id, step] of [
    [run, late],
    [fork, late + copyingSteps],
  ] as const) {
    const { measures, samples } = await runs.judge(id, step);
    console.log(`copying: ${id}, step ${step}, ${samples} samples`);
    for (const one of ["memorisation", "authPct", "dTrain"] as const)
      console.log(
        `  ${measureKinds[one].title}: ${told(measures[one])}, real images ${formatValue(boundOf(measures[one]))}`,
      );
  }
}

async function speed(runs: KeptRuns): Promise<void> {
  if (!(await reachBoth(runs))) return;
  const time = async () => {
    const began = performance.now();
    await runs.judge(run, late, { seed: 7 });
    return ((performance.now() - began) / 1000).toFixed(1);
  };
  await rm(join(state, "library", "extractors"), { recursive: true });
  console.log(`speed: ${await time()} s with the extractor's training`);
  console.log(`speed: ${await time()} s, ${await time()} s once it is there`);
}

async function beside(runs: KeptRuns): Promise<void> {
  if (!(await reachBoth(runs))) return;
  const speeds: number[][] = [[], []];
  for (let turn = 0; turn < turns; turn++)
    for (const [way, share] of [0, Infinity].entries())
      speeds[way].push(await stepsPerSecond(share));
  const [alone, judged] = speeds.map(
    (all) => all.toSorted((a, b) => a - b)[all.length >> 1],
  );
  const slower = 1 - judged / alone;
  console.log(
    `beside: ${alone.toFixed(1)} steps a second alone, ${judged.toFixed(1)} while judged without a pause: ${(100 * slower).toFixed(1)} % slower, which is ${(5 * slower).toFixed(2)} % at the twentieth of the time that judging may take`,
  );
}

/** Of a training whose checkpoints, one each second or so, may be judged for a share of the time. */
async function stepsPerSecond(judgingShare: number): Promise<number> {
  const runs = await KeptRuns.open(state, judgingShare);
  try {
    const id = `beside-${Date.now()}`;
    const checkpoints = {
      everySteps: 200,
      everyMinutes: null,
      keepLast: 1,
      keepBest: false,
    };
    await runs.train(
      id,
      { ...untilStep(settings(), 1_000_000), checkpoints },
      turnSeconds,
    );
    const [{ steps, times }] = await runs.curves(id);
    const last = steps.length - 1;
    return (steps[last] - steps[0]) / (times[last] - times[0]);
  } finally {
    await runs.close();
  }
}
