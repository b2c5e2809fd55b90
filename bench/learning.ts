/**
 * What each improvement brings and costs: `npm run learning [-- --minutes 170 --folder DIR --seeds 3 --only digits
 * --digits MNIST --steps 300 --costs --records DIR]`.
 *
 * Trains every variation with every seed through the command line, evaluates its saved steps, and keeps each answer among
 * the records beside this file: what is there is not done again, and a run that the time cut off goes on where its
 * library still lies in the folder. Then it writes the tables that `docs/learning.md` holds to `learning.md` in the folder.
 * `--costs` measures what a step costs first, which needs a quiet machine.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { costTable } from "./learning/cost";
import { makePictures } from "./learning/pictures";
import { variations } from "./learning/variations";
import type { Variation } from "./learning/variations";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "170" },
    folder: { type: "string", default: join(tmpdir(), "gan-learning") },
    seeds: { type: "string", default: "3" },
    only: { type: "string", default: "" },
    digits: { type: "string", default: "mnist" },
    steps: { type: "string" },
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
const chosen = variations.filter(({ id }) => id.startsWith(values.only));

const measure = z.object({
  value: z.number(),
  low: z.number().optional(),
  high: z.number().optional(),
  floor: z.number().optional(),
  ceiling: z.number().optional(),
});
const answerSchema = z.object({
  step: z.int(),
  measures: z.record(
    z.string(),
    z.union([measure, z.object({ reason: z.string() })]),
  ),
});
type Answer = z.infer<typeof answerSchema>;

await mkdir(folder, { recursive: true });
const pictures = await makePictures(join(folder, "pictures"));
await mkdir(records, { recursive: true });
const costs = values.costs ? await costTable(400) : [];
const results = new Map<string, Answer[][]>();
for (const seed of seeds)
  for (const variation of chosen) {
    if (Date.now() > deadline) break;
    const answers = await kept(
      `${variation.id}-${seed}.json`,
      z.array(answerSchema),
      () => trainAndEvaluate(variation, seed),
    );
    if (answers)
      results.set(variation.id, [
        ...(results.get(variation.id) ?? []),
        answers,
      ]);
  }
await writeFile(
  join(folder, "learning.md"),
  [...costs, "", ...qualityTable(), ""].join("\n"),
);
console.log(`The tables are in ${join(folder, "learning.md")}.`);

/** What a file holds, or what `make` gives, which is then kept; null where the time was over. */
async function kept<T>(
  name: string,
  schema: z.ZodType<T>,
  make: () => Promise<T | null>,
): Promise<T | null> {
  const file = join(records, name);
  if (existsSync(file))
    return schema.parse(JSON.parse(await readFile(file, "utf8")));
  console.log(name.replace(".json", ""));
  const made = await make();
  if (made !== null)
    await writeFile(file, JSON.stringify(made, null, 1) + "\n");
  return made;
}

async function trainAndEvaluate(
  { id, options, data, steps }: Variation,
  seed: number,
): Promise<Answer[] | null> {
  const run = `${id}-${seed}`;
  const length = values.steps ?? String(steps);
  const images =
    data === "digits"
      ? [
          ...["--dataset", values.digits],
          ...["--set", 'data.limit={"count":1000,"pick":"random"}'],
        ]
      : ["--dataset", pictures];
  const trained = await gan("train", [
    ...options,
    ...images,
    ...["--run-id", run, "--seed", String(seed), "--steps", length],
    ...["--set", `checkpoints.everySteps=${Math.ceil(Number(length) / 3)}`],
    ...["--set", "checkpoints.keepLast=4"],
  ]);
  if (trained === null) return null;
  const text = await gan("evaluate", [run, "--step", "all", "--json"]);
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

/** The best saved step of each seed by each measure, then mean and spread over the seeds. */
function qualityTable(): string[] {
  const rows = chosen.flatMap(({ id, title }) => {
    const runs = results.get(id);
    if (!runs) return [];
    const best = (name: string, pick: (...all: number[]) => number) =>
      spread(runs.map((answers) => pick(...valuesOf(answers, name))));
    return [
      `| ${title} | ${best("coverage", Math.max)} | ${best("fdInfinity", Math.min)} | ${best("classCoverage", Math.max)} | ${runs.length} |`,
    ];
  });
  return [
    "| run | coverage | FD-infinity | class coverage | seeds |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
  ];
}

function valuesOf(answers: readonly Answer[], name: string): number[] {
  return answers.flatMap(({ measures }) => {
    const found = measures[name];
    return "value" in found && typeof found.value === "number"
      ? [found.value]
      : [];
  });
}

/** `0.71 ± 0.02`, the standard deviation. */
function spread(numbers: readonly number[]): string {
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  const variance =
    numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length;
  return `${mean.toFixed(3)} ± ${Math.sqrt(variance).toFixed(3)}`;
}
