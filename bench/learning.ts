/**
 * What each improvement brings and costs: `npm run learning [-- --minutes 170 --folder DIR --seeds 3 --only digits,pictures
 * --digits MNIST --steps 300 --threads 1 --costs --records DIR]`.
 *
 * Trains every variation with every seed through the command line, evaluates its saved steps, and keeps each answer among
 * the records beside this file: what is there is not done again, and a run that the time cut off goes on where its
 * library still lies in the folder; `--minutes 0` trains nothing. Then it writes the tables that `docs/learning.md` holds to `learning.md` in the folder.
 * `--costs` measures what a step costs first, which needs a quiet machine.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { jsonLines } from "./json-lines";
import { costTable } from "./learning/cost";
import { makePictures } from "./learning/pictures";
import { variations } from "./learning/variations";
import type { WeightChoice } from "../src/shared/run";
import { answerSchema, qualityTable } from "./learning/quality-table";
import type { Answer, SeedAnswers } from "./learning/quality-table";
import type { Variation } from "./learning/variations";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "170" },
    folder: { type: "string", default: join(tmpdir(), "gan-learning") },
    seeds: { type: "string", default: "3" },
    only: { type: "string", default: "" },
    digits: { type: "string", default: "mnist" },
    steps: { type: "string" },
    /** Of each training; otherwise all cores. One leaves the others to another call. */
    threads: { type: "string" },
    costs: { type: "boolean", default: false },
    records: {
      type: "string",
      default: join(import.meta.dirname, "learning/records"),
    },
  },
});
const command = join(import.meta.dirname, "../bin/gan-workbench.mjs");
const deadline = Date.now() + Number(values.minutes) * 60_000;
const { folder, records } = values;
const seeds = Array.from({ length: Number(values.seeds) }, (_, seed) => seed);
const only = values.only.split(",");
const chosen = variations.filter(({ id }) =>
  only.some((prefix) => id.startsWith(prefix)),
);

await mkdir(folder, { recursive: true });
/** Half of them are held out: 300 are trained on, and measures hold 150 against 150. */
const pictures = await makePictures(join(folder, "pictures"), 600);
await mkdir(records, { recursive: true });
const costs = values.costs ? await costTable(400) : [];
const results = new Map<string, SeedAnswers[]>();
for (const seed of seeds)
  for (const variation of chosen) {
    await note(variation.id, seed, () =>
      trainAndEvaluate(variation, seed, "average"),
    );
    if (variation.last)
      await note(variation.last.id, seed, () =>
        trainAndEvaluate(variation, seed, "last"),
      );
  }
await writeFile(
  join(folder, "learning.md"),
  [...costs, "", ...tableOf("digits"), "", ...tableOf("pictures"), ""].join(
    "\n",
  ),
);
console.log(`The tables are in ${join(folder, "learning.md")}.`);

function tableOf(data: Variation["data"]): string[] {
  const rows = chosen
    .filter((one) => one.data === data)
    .flatMap(({ last, ...one }) => [...(last ? [last] : []), one]);
  return qualityTable(rows, results);
}

/** Keeps what a variation gives with a seed, or gave before. */
async function note(
  id: string,
  seed: number,
  make: () => Promise<Answer[] | null>,
): Promise<void> {
  const answers = await keptOrMade(join(records, `${id}-${seed}.json`), make);
  if (answers) results.set(id, [...(results.get(id) ?? []), { seed, answers }]);
}

/** What a file holds, or what `make` gives, which is then kept, a step a line; null where the time was over. */
async function keptOrMade(
  file: string,
  make: () => Promise<Answer[] | null>,
): Promise<Answer[] | null> {
  if (existsSync(file))
    return z
      .array(answerSchema)
      .parse(JSON.parse(await readFile(file, "utf8")));
  if (Date.now() > deadline) return null;
  console.log(basename(file, ".json"));
  const made = await make();
  if (made === null) return null;
  await writeFile(file, jsonLines(made));
  return made;
}

/** Trains it unless it has, and evaluates its saved steps: the average of G where it keeps one, or its last weights. */
async function trainAndEvaluate(
  { id, options, data, steps }: Variation,
  seed: number,
  weights: WeightChoice,
): Promise<Answer[] | null> {
  const run = `${id}-${seed}`;
  const length = values.steps ?? String(steps);
  const images =
    data === "digits"
      ? [
          ...["--dataset", values.digits],
          ...["--set", 'data.limit={"count":1000,"pick":"random"}'],
        ]
      : ["--dataset", pictures, "--set", "data.heldOut=0.5"];
  const trained = await gan("train", [
    ...options,
    ...images,
    ...["--run-id", run, "--seed", String(seed), "--steps", length],
    ...["--set", `checkpoints.everySteps=${Math.ceil(Number(length) / 3)}`],
    ...["--set", "checkpoints.keepLast=4"],
    ...["--set", "checkpoints.everyMinutes=null"],
    ...(values.threads ? ["--set", `engine.threads=${values.threads}`] : []),
  ]);
  if (trained === null) return null;
  const text = await gan("evaluate", [
    ...[run, "--step", "all", "--weights", weights, "--json"],
  ]);
  return text === null ? null : z.array(answerSchema).parse(parts(text));
}

/** One JSON value after the other. */
function parts(text: string): unknown[] {
  return text
    .trim()
    .split(/\n(?=\{)/)
    .map((part): unknown => JSON.parse(part));
}

/** Its output; null where the time ended it, which keeps what was trained. */
async function gan(
  name: string,
  options: readonly string[],
): Promise<string | null> {
  const library = join(folder, "library");
  const child = spawn(
    process.execPath,
    [command, name, ...options, "--library", library],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  let output = "";
  child.stdout.on("data", (bytes: Buffer) => (output += bytes.toString()));
  const timer = setTimeout(
    () => child.kill("SIGINT"),
    Math.max(0, deadline - Date.now()),
  );
  const code = await new Promise((resolve) => child.once("close", resolve));
  clearTimeout(timer);
  if (Date.now() > deadline) return null;
  if (code !== 0) throw new Error(`${name} ended with ${String(code)}.`);
  return output;
}
