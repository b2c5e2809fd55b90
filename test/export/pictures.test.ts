/** Picture exports as Pillow, an independent reader, sees them. */
import { writeFileSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { planExport } from "../../src/main/export/plan";
import { saveExport } from "../../src/main/export/save";
import { exportRequestSchema } from "../../src/shared/contract/exports";
import type { ExportAsk } from "../../src/shared/contract/exports";
import { defaultLook } from "../../src/shared/contract/exports";
import { findPython } from "../python";
import type { Library } from "./library";
import { greyLevel, makeLibrary, tileSize } from "./library";
import { readFrames } from "./peer";

const python = findPython(["PIL"]);
const plain = { ...defaultLook, scale: 1 };

let library: Library;
let run: string;
let other: string;
let count = 0;

beforeAll(async () => {
  library = await makeLibrary();
  run = await library.add({ name: "First run" });
  other = await library.add({
    name: "Ünïcode ran",
    samples: [0, 10, 40],
  });
});
afterAll(() => library.remove());

async function save(ask: ExportAsk): Promise<string> {
  const request = exportRequestSchema.parse(ask);
  const path = join(library.folder, `out-${count++}`);
  await saveExport(request, path, library.job(), { force: false });
  return path;
}

describe.skipIf(!python.available)(
  `with Pillow${python.available ? "" : ` (skipped: ${python.reason})`}`,
  () => {
    const path = python.available ? python.path : "";

    test("a grid has every tile where it belongs, each pixel as saved", async () => {
      const [{ size, pixels }] = await readFrames(
        path,
        await save({ format: "png", run, step: 20, look: plain }),
      );
      expect(size).toEqual([3 * 10 + 2, 2 * 10 + 2]);
      const at = (x: number, y: number) => pixels?.[(y * size[0] + x) * 3];
      for (let tile = 0; tile < 6; tile++)
        for (let i = 0; i < tileSize * tileSize; i++) {
          const [x, y] = [i % tileSize, Math.floor(i / tileSize)];
          const left = 2 + (tile % 3) * 10 + x;
          const top = 2 + Math.floor(tile / 3) * 10 + y;
          expect(at(left, top)).toBe(greyLevel(20, tile, x, y));
        }
    });

    test("a grid obeys its look: tiles, rows, scale, padding and background", async () => {
      const [{ size, pixels }] = await readFrames(
        path,
        await save({
          format: "png",
          run,
          step: 0,
          look: {
            tiles: [5, 1],
            perRow: 1,
            padding: 3,
            scale: 2,
            resample: "nearest",
            labels: false,
            background: "#ff8000",
          },
        }),
      );
      expect(size).toEqual([22, 41]);
      expect(pixels?.slice(0, 3)).toEqual([255, 128, 0]);
      const at = (x: number, y: number) => pixels?.[(y * 22 + x) * 3];
      expect(at(3, 3)).toBe(greyLevel(0, 5, 0, 0));
      expect(at(4, 4)).toBe(greyLevel(0, 5, 0, 0));
      expect(at(3 + 15, 22 + 15)).toBe(greyLevel(0, 1, 7, 7));
    });

    test("labels and smooth scaling change the picture as planned", async () => {
      const ask: ExportAsk = {
        format: "png",
        run: other,
        look: { ...plain, scale: 3, resample: "smooth", labels: true },
      };
      const [{ size, pixels }] = await readFrames(path, await save(ask));
      const plan = await planExport(
        exportRequestSchema.parse(ask),
        library.job(),
      );
      expect(plan.size).toEqual({ width: size[0], height: size[1] });
      const words = pixels?.slice(0, size[0] * 13 * 3) ?? [];
      expect(words).toContain(255);
    });

    test("a GIF shows every saved step, and holds the last", async () => {
      const frames = await readFrames(
        path,
        await save({
          format: "gif",
          run,
          look: plain,
          framesPerSecond: 10,
          holdLast: 1.5,
          stamp: false,
        }),
      );
      expect(frames.map((frame) => frame.duration)).toEqual([
        100, 100, 100, 100, 1600,
      ]);
      expect(frames[0].loop).toBe(0);
      const [still] = await readFrames(
        path,
        await save({ format: "png", run, step: 30, look: plain }),
      );
      expect(frames[3].sha256).toBe(still.sha256);
    });

    test("a WebP animation is lossless and has the same times", async () => {
      const ask = {
        run,
        look: plain,
        framesPerSecond: 10,
        holdLast: 1.5,
        stamp: true,
      };
      const frames = await readFrames(
        path,
        await save({ format: "webp", ...ask }),
      );
      const gif = await readFrames(path, await save({ format: "gif", ...ask }));
      expect(frames.map((frame) => frame.sha256)).toEqual(
        gif.map((frame) => frame.sha256),
      );
      expect(frames.map((frame) => frame.duration)).toEqual([
        100, 100, 100, 100, 1600,
      ]);
      expect(frames[0].loop).toBe(0);
    });

    test("the stamped step is different in each frame", async () => {
      const frames = await readFrames(
        path,
        await save({ format: "gif", run, look: plain, stamp: true }),
      );
      const [bare] = await readFrames(
        path,
        await save({ format: "png", run, step: 0, look: plain }),
      );
      expect(frames[0].sha256).not.toBe(bare.sha256);
    });

    test("a contact sheet has a row for each of the chosen steps", async () => {
      const [{ size, pixels }] = await readFrames(
        path,
        await save({
          format: "sheet",
          run,
          rows: 3,
          look: { ...plain, tiles: [2, 4] },
        }),
      );
      expect(size).toEqual([2 * 10 + 2, 3 * 10 + 2]);
      const at = (x: number, y: number) => pixels?.[(y * size[0] + x) * 3];
      expect(at(2, 12)).toBe(greyLevel(20, 2, 0, 0));
      expect(at(12, 22)).toBe(greyLevel(40, 4, 0, 0));
    });

    test("a comparison sheet has runs across and steps down", async () => {
      const ask: ExportAsk = {
        format: "comparison",
        runs: [run, other],
        rows: 5,
        look: { ...plain, labels: true },
      };
      const [{ size }] = await readFrames(path, await save(ask));
      const plan = await planExport(
        exportRequestSchema.parse(ask),
        library.job(),
      );
      expect(plan.size).toEqual({ width: size[0], height: size[1] });
      expect(plan.images).toBe(10);
    });

    test("a chart comes as pixels too", async () => {
      const [{ size }] = await readFrames(
        path,
        await save({ format: "chart", runs: [run, other], smoothing: 0.9 }),
      );
      expect(size).toEqual([960, 480]);
    });
  },
);

test("tiles are one file each, in a folder a step", async () => {
  const folder = await save({ format: "tiles", run, step: "all", look: plain });
  expect(await readdir(folder)).toEqual(
    ["000000", "000010", "000020", "000030", "000040"].map(
      (step) => `step-${step}`,
    ),
  );
  expect(await readdir(join(folder, "step-000010"))).toEqual(
    [0, 1, 2, 3, 4, 5].map((tile) => `tile-${tile}.png`),
  );
});

test("a step that was not saved is told, and the nearest stands in", async () => {
  const request = exportRequestSchema.parse({ format: "png", run, step: 24 });
  const plan = await planExport(request, library.job());
  expect(plan.remarks).toEqual([
    "Step 24 was not saved as a grid; the nearest, step 20, is used instead.",
  ]);
  expect(plan.name).toBe("First-run-grid-step-000020.png");
});

test("a file that exists is not replaced unless asked to be", async () => {
  const request = exportRequestSchema.parse({ format: "png", run });
  const path = await save({ format: "png", run });
  const before = await readFile(path);
  const again = { ...request, look: plain } as typeof request;
  await expect(
    saveExport(again, path, library.job(), { force: false }),
  ).rejects.toThrow(/exists already/);
  expect(await readFile(path)).toEqual(before);
  await saveExport(again, path, library.job(), { force: true });
  expect(await readFile(path)).not.toEqual(before);
});

test("a file that appears while an export is made is not replaced either", async () => {
  const path = join(library.folder, "contested.gif");
  const advance = () => writeFileSync(path, "another's");
  const request = exportRequestSchema.parse({ format: "gif", run });
  const job = { ...library.job(), advance };
  await expect(
    saveExport(request, path, job, { force: false }),
  ).rejects.toThrow(/exists already/);
  expect(await readFile(path, "utf8")).toBe("another's");
});

test("a cancelled export leaves nothing behind", async () => {
  const controller = new AbortController();
  const job = library.job(controller.signal);
  const cancelling = {
    ...job,
    advance: () => {
      controller.abort(new Error("cancelled"));
    },
  };
  const before = await readdir(library.folder);
  const request = exportRequestSchema.parse({ format: "gif", run });
  await expect(
    saveExport(request, join(library.folder, "never.gif"), cancelling, {
      force: false,
    }),
  ).rejects.toThrow("cancelled");
  expect(await readdir(library.folder)).toEqual(before);
});
