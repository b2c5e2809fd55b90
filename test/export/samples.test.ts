/** New samples of a generator as files: what NumPy makes of the same latent vectors and weights (`samples.py`). */
import { spawnSync } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { captionOf } from "../../src/main/export/caption";
import { readRun } from "../../src/main/export/job";
import { planExport } from "../../src/main/export/plan";
import { saveExport } from "../../src/main/export/save";
import {
  defaultLook,
  exportRequestSchema,
} from "../../src/shared/contract/exports";
import type { ExportAsk } from "../../src/shared/contract/exports";
import { findPython, pythonEnvironment } from "../python";
import type { Library } from "./library";
import { makeLibrary } from "./library";

const python = findPython(["numpy", "PIL", "safetensors"]);
let library: Library;
let run: string;

beforeAll(async () => {
  library = await makeLibrary();
  run = await library.add({ name: "Sampled" });
});
afterAll(() => library.remove());

async function save(ask: ExportAsk, name: string): Promise<string> {
  const path = join(library.folder, name);
  const request = exportRequestSchema.parse(ask);
  await saveExport(request, path, library.job(), { force: false });
  return path;
}

test.skipIf(!python.available)(
  `any number of samples come with the latent vectors that make them${python.available ? "" : ` (skipped: ${python.reason})`}`,
  async () => {
    const samples = { format: "samples", run, seed: 7 } as const;
    const npz = await save({ ...samples, count: 230, as: "npz" }, "many.npz");
    const folder = await save({ ...samples, count: 12, as: "folder" }, "few");
    const weights = await save(
      { format: "safetensors", run },
      "weights.safetensors",
    );
    const { stdout, stderr } = spawnSync(
      python.available ? python.path : "",
      [join(import.meta.dirname, "samples.py"), npz, weights, folder],
      { encoding: "utf8", env: pythonEnvironment() },
    );
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual({
      images: ["uint8", 230, 8, 8, 1],
      latents: ["float32", 230, 4],
      seed: 7,
      step: 40,
      // Rounding at the border of a grey level.
      difference: expect.closeTo(0, -0.5) as number,
      names: ["000000.png", "000011.png", 12],
      same: true,
      sameLatents: true,
    });
  },
);

test("the same of several runs is one folder, each under its own name", async () => {
  const twin = await library.add({ name: "Sampled" });
  const one = {
    format: "png",
    look: { ...defaultLook, labels: true },
  } as const;
  const caption = ["seed", "loss/generator"];
  const requests = [run, twin].map((id) => ({
    ...one,
    look: { ...one.look, caption },
    run: id,
  }));
  const folder = await save({ format: "many", requests }, "both");
  const name = "Sampled-grid-step-000040.png";
  expect((await readdir(folder)).sort()).toEqual(
    [name, `${twin}-${name}`].sort(),
  );
  const record = await readRun(library.store, run);
  expect(captionOf(record, requests[0].look)).toMatch(
    /^Sampled {2}Seed \d+ {2}G loss 2\.4613$/,
  );
});

test("the nearest checkpoint stands in, and is named", async () => {
  const request = exportRequestSchema.parse({
    format: "samples",
    run,
    at: 1000,
    count: 5,
  });
  const plan = await planExport(request, library.job());
  expect(plan).toMatchObject({
    name: "Sampled-samples.zip",
    images: 5,
    remarks: [
      "Step 1000 was not saved as a checkpoint; the nearest, step 40, is used instead.",
    ],
  });
});
