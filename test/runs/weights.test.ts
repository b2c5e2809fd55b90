/** A checkpoint of a real training in the hands of PyTorch: the tutorials' own classes load it and see the same. */
import { spawnSync } from "node:child_process";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createEngine } from "../../src/main/engine";
import type { Engine } from "../../src/main/engine/engine";
import { checkpointFile } from "../../src/main/runs/folder/layout";
import { volume } from "../../src/shared/layers";
import { findPreset } from "../../src/shared/settings/presets";
import { Random } from "../../src/shared/random";
import type { TrainingSettings } from "../../src/shared/settings/settings";
import { findPython, pythonEnvironment } from "../python";
import { noiseImages, trainAll } from "../trainer/runs";
import { temporaryFolder, temporaryStore } from "./library";

const presets = ["jaketae-mlp", "jrtechs-gan", "jrtechs-dcgan"];
const count = 8;
const python = findPython(["torch", "safetensors"]);

test.skipIf(!python.available)(
  `PyTorch makes the same samples and scores from a checkpoint, to 1e-5 (${python.available ? presets.join(", ") : python.reason})`,
  async () => {
    if (!python.available) return;
    const engine = await createEngine("onnx");
    const folder = await temporaryFolder();
    const ours = new Map<string, { images: Float32Array; scores: number[] }>();
    for (const id of presets)
      ours.set(id, await trainAndSample(engine, id, folder));
    const script = fileURLToPath(
      new URL("../reference/load_weights.py", import.meta.url),
    );
    const { status, stderr } = spawnSync(
      python.path,
      [script, folder, ...presets],
      { encoding: "utf8", env: pythonEnvironment() },
    );
    expect(status, stderr).toBe(0);
    for (const [id, { images, scores }] of ours) {
      expect(
        largestDifference(images, await floats(join(folder, `${id}.images`))),
        id,
      ).toBeLessThan(1e-5);
      expect(
        largestDifference(scores, await floats(join(folder, `${id}.scores`))),
        id,
      ).toBeLessThan(1e-5);
    }
  },
  120_000,
);

/** Two real steps, recorded; then eight samples and their scores from what the checkpoint holds. */
async function trainAndSample(engine: Engine, id: string, folder: string) {
  const settings = shortened(id);
  const store = await temporaryStore();
  const recorder = await store.create({
    settings,
    name: null,
    environment: null,
    parent: null,
  });
  const images = noiseImages(32, settings.data.size);
  const { events } = await trainAll(settings, images, engine);
  for (const event of events) await recorder.handle(event);
  await recorder.close();
  const { state, position } = await store.readCheckpoint(recorder.id, "last");
  await copyFile(
    checkpointFile(store.folder(recorder.id), position.step),
    join(folder, `${id}.safetensors`),
  );
  const latents = new Float32Array(count * volume(settings.generator.input));
  Random.fromSeed(3, "latents").fillNormal(latents);
  await writeFile(join(folder, `${id}.latents`), latents);
  const session = await engine.createSession(settings, state, settings.engine);
  try {
    const made = await session.generate(latents, count, "evaluation");
    const logits = await session.discriminate(made, count, "evaluation");
    return { images: made, scores: Array.from(logits, sigmoid) };
  } finally {
    await session.dispose();
  }
}

function shortened(id: string): TrainingSettings {
  const preset = findPreset(id);
  if (!preset) throw new Error(`There is no preset ${id}.`);
  return {
    ...preset.settings,
    schedule: {
      ...preset.settings.schedule,
      batchSize: 8,
      length: { unit: "steps", count: 2 },
    },
    sampling: { ...preset.settings.sampling, cadences: [] },
  };
}

async function floats(path: string): Promise<Float32Array> {
  const bytes = await readFile(path);
  return new Float32Array(new Uint8Array(bytes).buffer);
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

function largestDifference(
  a: Float32Array | number[],
  b: Float32Array,
): number {
  expect(a.length).toBe(b.length);
  return b.reduce(
    (most, value, at) => Math.max(most, Math.abs(value - a[at])),
    0,
  );
}
