/**
 * `npm run calibrate-doctor -- --digits FOLDER [--minutes N] [--tuning] [--only NAME,...] [--seeds N,...]`: trains runs with known faults and
 * sound ones, and writes how often the doctor names the fault into docs/doctor.md. Each run becomes a line of
 * `test/fixtures/doctor/calibration.jsonl` as soon as it is measured and is never trained again, so that it can be stopped and
 * started at any time. `--digits` is a folder with MNIST's IDX files, or `mnist`; without it only strokes are trained.
 */
import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { borderedStrokes } from "./doctor/bordered";
import {
  casesOf,
  kinds,
  settingsOf,
  testSeeds,
  tuningSeeds,
} from "./doctor/faults";
import type { Case } from "./doctor/faults";
import { append, hashOf, lineOf, readRecords } from "./doctor/records";
import { judged, printTable, writeTable } from "./doctor/table";
import { Trainer } from "./doctor/train";

const { values: options } = parseArgs({
  options: {
    digits: { type: "string" },
    minutes: { type: "string", default: "60" },
    tuning: { type: "boolean", default: false },
    only: { type: "string" },
    /** Some of them, as on a second machine. */
    seeds: { type: "string" },
    folder: { type: "string", default: "calibration" },
    /** Trains nothing. */
    table: { type: "boolean", default: false },
  },
});

const records = readRecords();
const only = options.only?.split(",");
const chosen = kinds.filter(({ name }) => !only || only.includes(name));
const asked = options.seeds?.split(",").map(Number);
const seeds = (options.tuning ? tuningSeeds : testSeeds).filter(
  (seed) => !asked || asked.includes(seed),
);
// One seed of everything before the second of anything.
const cases = seeds.flatMap((seed) => casesOf(chosen, [seed]));
const left = cases.filter((one) => !isDone(one));
if (!options.table) await train();
const found = cases.filter(isDone).map((one) => judged(one, records));
printTable(found);
if (!options.tuning && !only && !asked) await writeTable(found);
process.exit(0);

function isDone(one: Case): boolean {
  return records.get(one.id)?.settings === hashOf(one);
}

async function train(): Promise<void> {
  const folder = resolve(options.folder);
  await mkdir(folder, { recursive: true });
  const trainer = new Trainer(folder);
  const until = Date.now() + Number(options.minutes) * 60_000;
  for (const one of left) {
    if (Date.now() > until) break;
    const source = await sourceOf(one);
    if (!source) continue;
    const began = process.cpuUsage();
    const run = await trainer.record(one.id, settingsOf(one, source));
    const line = lineOf(one, run);
    append(line);
    records.set(one.id, line);
    const { user } = process.cpuUsage(began);
    const { verdict, line: sentence } = judged(one, records);
    console.log(
      `${one.id} (${(user / 1e6).toFixed(1)} s): ${verdict}: ${sentence}`,
    );
  }
  const rest = left.filter((one) => !isDone(one)).length;
  if (rest > 0)
    console.log(`${rest} runs are left; the same command trains them.`);
}

/** Undefined where it was not given. */
async function sourceOf(one: Case): Promise<string | undefined> {
  switch (one.fault.images) {
    case "strokes":
      return "strokes";
    case "digits":
      return options.digits;
    case "bordered":
      return borderedStrokes(
        settingsOf(one, "strokes").data,
        resolve(options.folder),
      );
  }
}
