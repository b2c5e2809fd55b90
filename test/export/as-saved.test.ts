/**
 * Pictures keep the padding and the pad value of their run. The saved grid is torchvision's make_grid to the last bit
 * (`test/runs/grid.test.ts`), so that what equals it does too.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { unzipSync } from "fflate";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { saveExport } from "../../src/main/export/save";
import {
  defaultLook,
  exportRequestSchema,
} from "../../src/shared/contract/exports";
import type { ExportAsk } from "../../src/shared/contract/exports";
import * as l from "../../src/shared/settings/presets/layers";
import type { Library } from "./library";
import { makeLibrary, smallSettings } from "./library";

const look = { ...defaultLook, scale: 1 };
let library: Library;
let run: string;
let count = 0;

beforeAll(async () => {
  library = await makeLibrary();
  const grid = { ...l.grid(4, true, 0.3), padding: 3 };
  run = await library.add({
    name: "Padded",
    settings: {
      ...smallSettings,
      sampling: { ...smallSettings.sampling, grid },
    },
  });
});
afterAll(() => library.remove());

async function save(ask: ExportAsk): Promise<Buffer> {
  const path = join(library.folder, `out-${count++}`);
  const request = exportRequestSchema.parse(ask);
  await saveExport(request, path, library.job(), { force: false });
  return readFile(path);
}

/** One grey level a pixel. */
async function levels(picture: Uint8Array): Promise<number[]> {
  const { data, info } = await sharp(picture)
    .toColourspace("srgb")
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const pixels = Array.from({ length: info.width * info.height }, (_, pixel) =>
    data.subarray(pixel * info.channels, (pixel + 1) * info.channels),
  );
  expect(pixels.every((one) => one.every((level) => level === one[0]))).toBe(
    true,
  );
  return [info.width, info.height, ...pixels.map(([level]) => level)];
}

const saved = async (step: number) =>
  levels(await readFile(library.store.samplePath(run, step)));

test("a grid of an exported PNG is the saved one, pixel for pixel", async () => {
  const grid = await saved(20);
  expect(grid).toContain(77);
  expect(
    await levels(await save({ format: "png", run, step: 20, look })),
  ).toEqual(grid);
});

test.each(["gif", "webp"] as const)(
  "a frame of a %s is too",
  async (format) => {
    const bytes = await save({ format, run, look, stamp: false, frames: 1 });
    expect(await levels(bytes)).toEqual(await saved(40));
  },
);

test("so are the grids in a ZIP", async () => {
  const files = unzipSync(await save({ format: "zip", run, look }));
  expect(await levels(files["grids/step-000010.png"])).toEqual(await saved(10));
});

test("a sheet has the run's padding and pad value, unless others are asked for", async () => {
  const sheet = await levels(await save({ format: "sheet", run, look }));
  expect(sheet.slice(0, 3)).toEqual([3 + 4 * 11, 3 + 5 * 11, 77]);
  const other = { ...look, padding: 1, background: "#000000" };
  const asked = await levels(await save({ format: "sheet", run, look: other }));
  expect(asked.slice(0, 3)).toEqual([1 + 4 * 9, 1 + 5 * 9, 0]);
});
