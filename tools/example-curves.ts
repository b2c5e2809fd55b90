/**
 * Makes the curves and samples that the guide explains, from real runs on the drawn digits:
 * `npm run build && npx tsx tools/example-curves.ts [--library DIR]`. Without a library it trains the four runs first, which
 * takes a few minutes. Every value is of the step beside it: the steps are thinned, the values are as they were logged.
 */
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { csvParse } from "d3-dsv";
import { format } from "prettier";
import sharp from "sharp";

const root = join(import.meta.dirname, "..");
const folder = join(root, "src/renderer/views/guide");
/** Pixels a side of the first four by four of their tiles. */
const corner = 4 * 30 + 2;
const most = 240;

/** By the name that the view knows. */
const runs: Record<string, string> = {
  healthy: "--preset jaketae-mlp --seed 1 --steps 10000",
  wins: "--preset jaketae-mlp --seed 1 --steps 800 --set optimizers.discriminator.learningRate=0.002",
  collapse:
    "--preset jaketae-mlp --seed 1 --steps 2500 --set optimizers.discriminator.learningRate=0.00002",
  explodes:
    "--preset jaketae-mlp --seed 1 --steps 300 --set optimizers.generator.learningRate=1 --set optimizers.discriminator.learningRate=1",
};

const columns = {
  dLoss: "loss/discriminator",
  gLoss: "loss/generator",
  real: "score/real",
  fake: "score/fake",
};

const { values } = parseArgs({ options: { library: { type: "string" } } });
const home = await mkdtemp(join(tmpdir(), "gan-workbench-examples-"));
const library = values.library ?? join(home, "library");
try {
  const curves: Record<string, unknown> = {};
  for (const [name, options] of Object.entries(runs)) {
    if (!values.library) train(name, options);
    curves[name] = await curvesOf(name);
    await saveSamples(name);
  }
  const target = join(folder, "example-curves.json");
  await writeFile(
    target,
    await format(JSON.stringify(curves), { parser: "json" }),
  );
} finally {
  await rm(home, { recursive: true, force: true });
}

function train(name: string, options: string): void {
  const data = ["--dataset", "strokes", "--name", name];
  try {
    command(["train", ...options.split(" "), ...data]);
  } catch (error) {
    // A run that diverges ends so; its curves are what is wanted.
    console.error(`${name}: ${String(error)}`);
  }
}

async function curvesOf(name: string): Promise<Record<string, unknown>> {
  const path = join(home, `${name}.csv`);
  command(["export", name, "--format", "csv", "--out", path]);
  const rows = csvParse(await readFile(path, "utf8"));
  const stride = Math.max(1, Math.floor(rows.length / most));
  const kept = rows.filter(
    (_, row) => row % stride === 0 || row === rows.length - 1,
  );
  const column = (title: string) => kept.map((row) => numberOf(row[title]));
  return {
    steps: kept.map(({ step }) => Number(step)),
    ...Object.fromEntries(
      Object.entries(columns).map(([key, title]) => [key, column(title)]),
    ),
  };
}

/** Of its last step. */
async function saveSamples(name: string): Promise<void> {
  const path = join(home, `${name}.png`);
  command(["export", name, "--format", "png", "--scale", "1", "--out", path]);
  const box = { left: 0, top: 0, width: corner, height: corner };
  await sharp(path)
    .extract(box)
    .toFile(join(folder, `example-${name}.png`));
}

/** In four digits; null, as JSON has it, where the value is none. */
function numberOf(text: string): number | null {
  const value = Number(text);
  return text !== "" && Number.isFinite(value)
    ? Number(value.toPrecision(4))
    : null;
}

function command(options: readonly string[]): void {
  const program = join(root, "bin/gan-workbench.mjs");
  execFileSync(process.execPath, [program, ...options, "--library", library], {
    env: { ...process.env, GAN_WORKBENCH_HOME: home },
    stdio: ["ignore", "ignore", "inherit"],
  });
}
