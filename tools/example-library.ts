/**
 * Makes the runs that the application opens as examples, `examples/*.ganrun`: the three architectures of the fourth
 * tutorial, trained on the drawn digits with its own settings, only shorter, from seed 1.
 * `npm run example-library [-- --library DIR]`; without a library that has them it trains them first, which takes minutes.
 *
 * They carry curves and grids, not their networks: with those they would be ten times as large.
 */
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { disk } from "../src/main/disk/file-layer";
import { exportBundle } from "../src/main/runs/folder/bundle";
import { checkpointsFolder } from "../src/main/runs/folder/layout";
import { changeRecord } from "../src/main/runs/folder/record";
import { createStore } from "../src/main/runs/store";
import type { RunRecord } from "../src/shared/run";

const root = join(import.meta.dirname, "..");
const target = join(root, "examples");
const mostBytes = 3e6;

interface Example {
  id: string;
  name: string;
  preset: string;
  options: string[];
  notes: string;
}

const examples: Example[] = [
  {
    id: "example-gan",
    name: "GAN on drawn digits",
    preset: "jrtechs-gan",
    options: ["--steps", "1600", "--set", "sampling.cadences.0.every=100"],
    notes:
      "A generator and a discriminator of dense layers, as the tutorial trains them. Its tiles become clear early, and few shapes come again and again: look along a row of the gallery.",
  },
  {
    id: "example-dcgan",
    name: "DCGAN on drawn digits",
    preset: "jrtechs-dcgan",
    options: ["--steps", "220", "--set", "sampling.cadences.0.every=50"],
    notes:
      "The same digits by convolutions: few steps, each of which takes much longer, and strokes without noise from the start. Compare its grids with the GAN's at the same step.",
  },
  {
    id: "example-wgan",
    name: "WGAN on drawn digits",
    preset: "jrtechs-wgan",
    options: ["--steps", "4000", "--set", "sampling.cadences.0.every=250"],
    notes:
      "A critic in place of the discriminator: what it says is a distance and no probability. Its tiles are softer than the GAN's, and more of the digits are there.",
  },
];

const { values } = parseArgs({ options: { library: { type: "string" } } });
const home = await mkdtemp(join(tmpdir(), "gan-workbench-examples-"));
const library = values.library ?? join(home, "library");
try {
  if (!values.library) for (const example of examples) train(example);
  await mkdir(target, { recursive: true });
  for (const example of examples) await bundle(example);
} finally {
  await rm(home, { recursive: true, force: true });
}
let all = 0;
for (const name of await readdir(target))
  all += (await stat(join(target, name))).size;
console.log(`The examples take ${(all / 1e6).toFixed(2)} MB.`);
if (all > mostBytes) throw new Error("That is more than 3 MB.");

function train({ id, preset, options }: Example): void {
  const words = ["--preset", preset, "--dataset", "strokes", "--seed", "1"];
  const place = ["--run-id", id, "--library", library];
  const program = join(root, "bin/gan-workbench.mjs");
  execFileSync(
    process.execPath,
    [program, "train", ...words, ...options, ...place],
    { stdio: "inherit" },
  );
}

async function bundle({ id, name, notes }: Example): Promise<void> {
  const store = await createStore(library, { make: false });
  const folder = store.folder(id);
  await rm(checkpointsFolder(folder), { recursive: true, force: true });
  await changeRecord(disk, folder, (record): RunRecord => ({
    ...record,
    name,
    notes,
    tags: ["example"],
    example: true,
    progress: { ...record.progress, saved: null },
  }));
  await exportBundle(disk, folder, join(target, `${id}.ganrun`), {
    force: true,
  });
  await store.close();
}
