/** One bad grid does not spoil an export: it is left out and named. */
import { truncate, writeFile } from "node:fs/promises";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { unzipSync } from "fflate";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { LeftOuts } from "../../src/main/export/job";
import { planExport } from "../../src/main/export/plan";
import { saveExport } from "../../src/main/export/save";
import { exportRequestSchema } from "../../src/shared/contract/exports";
import type { ExportAsk } from "../../src/shared/contract/exports";
import type { Library } from "./library";
import { makeLibrary } from "./library";

let library: Library;
let count = 0;

beforeAll(async () => {
  library = await makeLibrary();
});
afterAll(() => library.remove());

/** Saves it; gives the bytes and the names of what was left out. */
async function save(ask: ExportAsk) {
  const request = exportRequestSchema.parse(ask);
  const path = join(library.folder, `out-${count++}`);
  const left = new LeftOuts();
  const job = {
    ...library.job(),
    leaveOut: (file: Parameters<LeftOuts["add"]>[0]) => left.add(file),
  };
  const { remarks } = await planExport(request, job);
  await saveExport(request, path, job, { force: false });
  return {
    path,
    names: left.files.map(({ name }) => name).sort(),
    remarks,
  };
}

describe.each([
  ["empty", (path: string) => writeFile(path, "")],
  ["text", (path: string) => writeFile(path, "not a picture")],
  ["cut off", (path: string) => truncate(path, 100)],
  [
    "of another size",
    async (path: string) => {
      const black = { width: 9, height: 7, channels: 3, background: "#000" };
      const made = sharp({ create: { ...black, channels: 3 } });
      await writeFile(path, await made.png().toBuffer());
    },
  ],
])("a grid that is %s", (_, spoil) => {
  const bad = ["samples/step-000000.png", "samples/step-000040.png"];
  let run: string;

  beforeAll(async () => {
    run = await library.add({ name: "Spoilt" });
    for (const step of [0, 40])
      await spoil(library.store.samplePath(run, step));
  });

  test.each(["gif", "webp"] as const)("is no frame of a %s", async (format) => {
    const { path, names } = await save({ format, run, holdLast: 1 });
    expect(names).toEqual(bad);
    const { pages, delay } = await sharp(await readFile(path)).metadata();
    expect(pages).toBe(3);
    expect(delay?.at(-1)).toBeGreaterThan(1000);
  });

  test("is no row of a sheet", async () => {
    const { path, names } = await save({ format: "sheet", run });
    expect(names).toEqual(bad);
    const { height } = await sharp(await readFile(path)).metadata();
    expect(height).toBe(2 + 3 * (2 * 8 + 2));
  });

  test("is missing in a folder of grids, of tiles, in a report and on a comparison", async () => {
    const asks: ExportAsk[] = [
      { format: "png", run, step: "all" },
      { format: "tiles", run, step: "all" },
      { format: "comparison", runs: [run] },
    ];
    for (const ask of asks)
      expect((await save(ask)).names, ask.format).toEqual(bad);
    const { path } = await save({ format: "html", runs: [run] });
    expect((await readFile(path, "utf8")).match(/data:image/g)?.length).toBe(
      3 + 1,
    );
  });

  test("is named in the ZIP's manifest", async () => {
    const { path, names } = await save({ format: "zip", run });
    expect(names).toEqual(bad);
    const files = unzipSync(await readFile(path));
    const manifest = z
      .object({
        steps: z.array(z.number()),
        skipped: z.array(z.object({ name: z.string(), reason: z.string() })),
      })
      .parse(JSON.parse(Buffer.from(files["manifest.json"]).toString()));
    expect(manifest.steps).toEqual([10, 20, 30]);
    expect(manifest.skipped.map(({ name }) => name).sort()).toEqual(bad);
  });
});

test("a run without a readable grid is refused by name", async () => {
  const run = await library.add({ name: "Gone", samples: [0, 10] });
  for (const step of [0, 10])
    await writeFile(library.store.samplePath(run, step), "");
  await expect(save({ format: "gif", run })).rejects.toThrow(
    "None of the saved samples of Gone can be read",
  );
});

test("a chart of an imported run has its losses, and names its metrics where it has not those asked for", async () => {
  const log = join(library.folder, "dcgan.csv");
  await writeFile(log, "step,Loss_D,Loss_G,lr\n1,0.5,2,1\n2,0.25,3,1\n");
  const listing = await library.store.importFile(log);
  if (listing.kind === "damaged") throw new Error(listing.reason);
  const runs = [listing.record.id];
  const { path } = await save({ format: "svg", runs, axis: "wall" });
  const svg = await readFile(path, "utf8");
  expect(svg).toContain("D loss (Loss_D)");
  expect(svg).toContain("G loss (Loss_G)");
  expect(svg).toContain("Step (clock unknown)");
  await expect(
    save({ format: "svg", runs, tags: ["score/real"] }),
  ).rejects.toThrow(
    "they have loss/discriminator, loss/generator, lr. Choose some of those",
  );
});
