/**
 * Makes a picture for each preset that is no tutorial's, in docs/images: `npm run preset-pictures [-- --library DIR] [PRESET ...]`. Each preset that is no
 * tutorial's is trained for some minutes; called again with the same library, it goes on where it was cut off.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import sharp from "sharp";
import { makePictures } from "../bench/learning/pictures";

/** How long each is trained, and on what; null is the folder of small pictures that is made here. */
const trainings: Record<string, { steps: number; data: string | null }> = {
  cgan: { steps: 20_000, data: "strokes" },
  "wgan-gp": { steps: 4000, data: "strokes" },
  "small-data-64": { steps: 500, data: null },
};

const root = join(import.meta.dirname, "..");
const { values, positionals } = parseArgs({
  options: { library: { type: "string" } },
  allowPositionals: true,
});
const home = await mkdtemp(join(tmpdir(), "gan-workbench-presets-"));
const library = values.library ?? join(home, "library");
try {
  for (const preset of positionals.length > 0
    ? positionals
    : Object.keys(trainings)) {
    await train(preset);
    await takePicture(preset);
  }
} finally {
  await rm(home, { recursive: true, force: true });
}

async function train(preset: string): Promise<void> {
  const { steps, data } = trainings[preset];
  const source = data ?? (await makePictures(join(library, "pictures")));
  const child = spawn(
    process.execPath,
    [
      join(root, "bin/gan-workbench.mjs"),
      ...["train", "--run-id", preset, "--preset", preset],
      ...["--dataset", source, "--steps", String(steps)],
      ...["--library", library],
    ],
    {
      env: { ...process.env, GAN_WORKBENCH_HOME: home },
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  const code = await new Promise((resolve) => child.once("exit", resolve));
  if (code !== 0) throw new Error(`Training ended with ${String(code)}.`);
}

/** The last grid: of the average, where there is one. */
async function takePicture(preset: string): Promise<void> {
  const run = join(library, "runs", preset);
  const average = join(run, "samples-average");
  const folder = existsSync(average) ? average : join(run, "samples");
  const [last] = (await readdir(folder)).sort().reverse();
  const target = `docs/images/preset-${preset}.png`;
  await sharp(join(folder, last))
    .png({ palette: true, effort: 10 })
    .toFile(join(root, target));
  console.log(target);
}
