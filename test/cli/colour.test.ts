import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { presets } from "../../src/shared/settings/presets";
import { jsonLines, runHere } from "./command-line";

let home: string;
let pictures: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "command-line-colour-"));
  process.env.GAN_WORKBENCH_HOME = home;
  pictures = join(home, "pictures");
  const classes = { warm: ["red", "orange"], cold: ["blue", "teal"] };
  for (const [name, colours] of Object.entries(classes)) {
    await mkdir(join(pictures, name), { recursive: true });
    for (const background of colours)
      await sharp({
        create: { width: 40, height: 40, channels: 3, background },
      })
        .png()
        .toFile(join(pictures, name, `${background}.png`));
  }
});
afterAll(async () => {
  delete process.env.GAN_WORKBENCH_HOME;
  await rm(home, { recursive: true });
});

/** One step on the pictures; gives the channels and the width of the sample grid, and what went to standard error. */
async function trainOn(preset: string, ...sets: string[]) {
  const library = join(home, "library");
  const outcome = await runHere(
    ...["train", "--preset", preset, "--dataset", pictures, "--json"],
    ...["--library", library, "--steps", "1", "--engine", "onnx"],
    ...["batchSize=4", "sampling.count=4", "sampling.grid.padding=0", ...sets]
      .map((set) => ["--set", set])
      .flat(),
  );
  if (outcome.code !== 0) return { error: outcome.error };
  const run = String(jsonLines(outcome).at(-1)?.run);
  const grid = join(library, "runs", run, "samples", "step-000001.png");
  const { channels, width } = await sharp(grid).metadata();
  return { error: "", channels, cells: width };
}

describe("a folder of colour pictures", () => {
  it.each(presets)("trains $id in colour", async ({ id }) => {
    expect(await trainOn(id, "data.channels=3")).toMatchObject({
      error: "",
      channels: 3,
    });
  });

  it("trains a preset that expects grey in grey", async () => {
    expect(await trainOn("jaketae-mlp")).toMatchObject({ channels: 1 });
  });

  it("changes the networks with the size", async () => {
    const grid = await trainOn("jaketae-mlp", "data.size=32");
    expect(grid).toMatchObject({ error: "", cells: 4 * 32 });
  });

  it("leaves networks alone that fit, and says what cannot fit", async () => {
    const own = await trainOn(
      "jaketae-mlp",
      "data.channels=3",
      "generator.layers.4.units=5",
      "discriminator.layers.0.units=7",
    );
    expect(own).toMatchObject({ error: "", channels: 3 });
    const impossible = await trainOn("jrtechs-dcgan", "data.size=28");
    expect(impossible.error).toMatch(/^\S*layers\.\d+: .*\.\n$/);
  });
});
