/**
 * `npm run quality:table -- --dataset PATH [--minutes N] [--seeds N] [--steps N] [--state FOLDER]`: trains every preset
 * with several seeds, measures its last step, and writes the table in docs/quality.md. What is in the state folder's
 * library is not trained again, so that it goes on where the time ran out the last time.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { formatValue } from "../src/shared/format-value";
import { measureKinds, stampOf } from "../src/shared/quality";
import type { MeasureName, Quality } from "../src/shared/quality";
import { presets } from "../src/shared/settings/presets";
import { createStore } from "../src/main/runs/store";
import { runCommandLine } from "../src/main/cli/program";

const { values: options } = parseArgs({
  options: {
    dataset: { type: "string", default: "mnist" },
    minutes: { type: "string", default: "110" },
    seeds: { type: "string", default: "3" },
    steps: { type: "string", default: "5000" },
    state: { type: "string", default: "quality-table.local" },
  },
});
const end = Date.now() + Number(options.minutes) * 60_000;
const library = join(resolve(options.state), "library");
const columns = [
  "fd",
  "kid",
  "precision",
  "recall",
  "coverage",
  "memorisation",
] as const satisfies MeasureName[];

/** Student's t, two-sided, 95 %, by degrees of freedom. */
const student = [NaN, 12.71, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306];

const store = await createStore(library);
const found = new Map<string, Quality[]>();
// One seed of each preset before the second of any, so that all come equally far.
for (let seed = 1; seed <= Number(options.seeds); seed++)
  for (const { id } of presets) {
    const quality = await measured(id, seed);
    if (quality) found.set(id, [...(found.get(id) ?? []), quality]);
  }
await writeTable();

/** The last step's measurement; null where there is no time left to make it. */
async function measured(preset: string, seed: number): Promise<Quality | null> {
  const run = `table-${preset}-${seed}`;
  const kept = await evaluated(run);
  if (kept) return kept;
  if (Date.now() > end) return null;
  console.log(`Training ${run}`);
  await command(
    ...["train", "--preset", preset, "--dataset", options.dataset],
    ...["--seed", String(seed), "--steps", options.steps, "--run-id", run],
  );
  return evaluated(run);
}

async function evaluated(run: string): Promise<Quality | null> {
  const [kept] = await store.qualities(run);
  if (kept) return kept;
  const text = await command("evaluate", run, "--json");
  const line = text.trim().split("\n").at(-1) ?? "";
  return line.startsWith("{") ? (JSON.parse(line) as Quality) : null;
}

async function command(...args: string[]): Promise<string> {
  let text = "";
  const out = { write: (part: string) => (text += part) };
  const error = { write: () => undefined };
  const more = ["--library", library];
  await runCommandLine([...args, ...more], { out, error, ask: null });
  return text;
}

async function writeTable(): Promise<void> {
  const rows = presets.flatMap(({ id }) => {
    const all = found.get(id);
    return all ? [row(id, all)] : [];
  });
  const [first] = [...found.values()].flat();
  const head = [
    "preset",
    "seeds",
    ...columns.map((name) => measureKinds[name].title),
  ];
  const lines = [
    head,
    head.map(() => "---"),
    ["real images", "", ...columns.map((name) => bound(first, name))],
    ...rows,
  ].map((cells) => `| ${cells.join(" | ")} |`);
  const caption = `After ${Number(options.steps).toLocaleString("en")} steps; mean over seeds, and the half width of its 95 % interval. ${stampOf(first)}`;
  const file = resolve(import.meta.dirname, "../docs/quality.md");
  const page = await readFile(file, "utf8");
  const table = `<!-- table -->\n\n${caption}\n\n${lines.join("\n")}\n\n<!-- /table -->`;
  await writeFile(
    file,
    page.replace(/<!-- table -->[\s\S]*<!-- \/table -->/, () => table),
  );
}

function row(preset: string, all: readonly Quality[]): string[] {
  return [
    preset,
    String(all.length),
    ...columns.map((name) => {
      const values = all.flatMap(({ measures: { [name]: one } }) =>
        "value" in one ? [one.value] : [],
      );
      if (values.length === 0) return "–";
      const mean = values.reduce((sum, it) => sum + it, 0) / values.length;
      const squares = values.reduce((sum, it) => sum + (it - mean) ** 2, 0);
      const deviation = Math.sqrt(squares / (values.length - 1));
      const half =
        (student[values.length - 1] * deviation) / Math.sqrt(values.length);
      return Number.isFinite(half)
        ? `${formatValue(mean)} ± ${formatValue(half)}`
        : formatValue(mean);
    }),
  ];
}

function bound({ measures }: Quality, name: MeasureName): string {
  const measure = measures[name];
  if ("floor" in measure) return formatValue(measure.floor);
  return "ceiling" in measure ? formatValue(measure.ceiling) : "–";
}
