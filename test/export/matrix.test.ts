/** The picture matrix: every cell is the run's own grid, and what was never trained is said. */
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runHere } from "../cli/command-line";
import { saveExport } from "../../src/main/export/save";
import { exportRequestSchema } from "../../src/shared/contract/exports";
import type { ExportAsk } from "../../src/shared/contract/exports";
import { defaultLook } from "../../src/shared/contract/exports";
import type { Library } from "./library";
import { greyLevel, makeLibrary, smallSettings, tileSize } from "./library";

let library: Library;
let runs: string[];

const settings = (batchSize: number, rate: number, seed = 0) => ({
  ...smallSettings,
  seed,
  schedule: { ...smallSettings.schedule, batchSize },
  optimizers: {
    ...smallSettings.optimizers,
    generator: {
      ...smallSettings.optimizers.generator,
      learningRate: rate,
    },
  },
});

beforeAll(async () => {
  library = await makeLibrary();
  runs = [];
  for (const [batch, rate, seed] of [
    [16, 1e-3, 0],
    [16, 1e-4, 0],
    [8, 1e-4, 0],
    [8, 1e-4, 5],
  ])
    runs.push(
      await library.add({
        name: `batch ${batch} rate ${rate} seed ${seed}`,
        settings: settings(batch, rate, seed),
        // The seed's own steps tell it from the other.
        samples: seed === 5 ? [0, 7] : undefined,
      }),
    );
});
afterAll(() => library.remove());

async function save(ask: ExportAsk, name: string) {
  const path = join(library.folder, name);
  const job = library.job();
  await saveExport(exportRequestSchema.parse(ask), path, job, { force: true });
  return { path, job };
}

const look = { ...defaultLook, scale: 1, tiles: [0], padding: 0 };
const matrix = { format: "matrix", look } as const;

/** Of one tile a cell: where the cells begin, as the sheet lays them out. */
const left = 2 * 6 - 1 + 8 + 6;
const top = 2 * (7 + 6) + 6;
const across = 6 * 6 - 1 + 8 + 6;
const down = 7 + 8 + 6;

/** The gray level of a pixel of tile 0 in a cell. */
async function levelAt(path: string, column: number, row: number, x: number) {
  const { data, info } = await sharp(path)
    .raw()
    .toBuffer({ resolveWithObject: true });
  const at = (top + row * down) * info.width + left + column * across + x;
  return data[at * info.channels];
}

test("rows and columns are the two settings, and each cell shows its run", async () => {
  const { path, job } = await save({ ...matrix, runs, step: 30 }, "m.png");
  for (const [column, row] of [
    [0, 0],
    [0, 1],
    [1, 1],
  ])
    for (let x = 0; x < tileSize; x++)
      expect(await levelAt(path, column, row, x)).toBe(greyLevel(30, 0, x, 0));
  // Batch 8 at the larger rate was never trained.
  expect(await levelAt(path, 1, 0, 0)).toBe(0);
  expect(job.advanced).toBe(3);
});

test("another seed stands in the cells that have it", async () => {
  const { path } = await save({ ...matrix, runs, ofSeed: 5 }, "seed.png");
  expect(await levelAt(path, 0, 0, 3)).toBe(greyLevel(7, 0, 3, 0));
  expect(await levelAt(path, 0, 1, 3)).toBe(greyLevel(40, 0, 3, 0));
});

test("the animation has a frame a step", async () => {
  const { path } = await save(
    { format: "matrix-gif", runs, look, holdLast: 1, framesPerSecond: 10 },
    "m.gif",
  );
  const { pages, delay } = await sharp(path, { pages: -1 }).metadata();
  expect(pages).toBe(5);
  expect(delay).toEqual([100, 100, 100, 100, 1100]);
});

test("an axis that does not vary, and runs that do not differ, are refused", async () => {
  await expect(
    save({ ...matrix, runs, across: "log.template" }, "no.png"),
  ).rejects.toThrow("--across log.template does not vary between these runs");
  await expect(
    save({ ...matrix, runs: runs.slice(2) }, "same.png"),
  ).rejects.toThrow("do not differ");
});

test("the command line chooses axes, the seed and the value that else varies", async () => {
  const rate = settings(16, 1e-3);
  const other = {
    ...rate,
    optimizers: {
      ...rate.optimizers,
      discriminator: { ...rate.optimizers.discriminator, learningRate: 5e-4 },
    },
  };
  const held = await library.add({
    name: "another D rate",
    settings: other,
    samples: [0, 9],
  });
  const place = ["--library", library.store.library];
  const write = async (name: string, ...options: string[]) => {
    const out = join(library.folder, name);
    const { code, error } = await runHere(
      ...["export", ...runs, held, "--format", "matrix", "--out", out],
      ...["--scale", "1", "--tiles", "0", "--padding", "0"],
      ...options,
      ...place,
    );
    return { code, error, out };
  };
  const axes = (across: string, down: string) => [
    ...["--across", across, "--down", down],
  ];
  const rates = "generator.learningRate";
  const first = await write("a.png", ...axes(rates, "batchSize"));
  expect(first.error).toBe("");
  const second = await write("b.png", ...axes("batchSize", rates));
  expect(second.error).toBe("");
  const last = greyLevel(40, 0, 3, 0);
  expect(await levelAt(first.out, 0, 1, 3)).toBe(last);
  // Batch 8 at the larger rate was never trained.
  expect(await levelAt(first.out, 1, 0, 0)).toBe(0);
  // The rates, as headings of the rows, are wider than the sizes of batches.
  const width = async (path: string) => (await sharp(path).metadata()).width;
  expect(await width(second.out)).toBeGreaterThan(await width(first.out));

  const at = ["--held", "discriminator.learningRate=5e-4"];
  const third = await write("c.png", ...axes(rates, "batchSize"), ...at);
  expect(third.error).toBe("");
  expect(await levelAt(third.out, 1, 1, 3)).toBe(greyLevel(9, 0, 3, 0));
  expect(await levelAt(first.out, 1, 1, 3)).toBe(greyLevel(40, 0, 3, 0));
  const fourth = await write(
    "d.png",
    ...axes(rates, "batchSize"),
    ...["--of-seed", "5"],
  );
  expect(await levelAt(fourth.out, 0, 0, 3)).toBe(greyLevel(7, 0, 3, 0));

  for (const [wrong, sentence] of [
    ["discriminator.learningRate=7", "none of these runs has it; they have"],
    ["template=x", "--held template does not vary between these runs"],
  ]) {
    const refused = await write("never.png", "--held", wrong);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.error).toContain(sentence);
  }
});
