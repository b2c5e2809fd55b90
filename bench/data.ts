/**
 * How long data sets take to become ready, and how much memory they need.
 *
 *     npx tsx bench/data.ts [--images 50000] [--json]
 *
 * Draws the strokes; decodes a temporary folder of 64 x 64 colour JPEGs, once from the files and once from the cache;
 * loads the same as .npy; enlarges 60,000 images; fills batches. Memory is the process' largest resident size, so each
 * case runs in a process of its own.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import sharp from "sharp";
import { createBatchReader } from "../src/main/data/batches";
import { loadImages } from "../src/main/data/load";
import { Random } from "../src/shared/random";
import type { DataSettings } from "../src/shared/settings/settings";

interface Result {
  case: string;
  images: number;
  seconds: number;
  /** Of all threads: a steadier figure than the time, on a machine that others use too. */
  cpuSeconds: number;
  /** Largest resident size of the process, in MiB, and the images' own share of it. */
  peakMiB: number;
  pixelsMiB: number;
  /** The longest time in which nothing else could run, in ms. */
  longestStallMs: number;
}

const { values: options } = parseArgs({
  options: {
    images: { type: "string", default: "50000" },
    json: { type: "boolean", default: false },
    case: { type: "string" },
    folder: { type: "string" },
  },
});
const images = Number(options.images);

const grey: DataSettings = {
  source: "strokes",
  size: 28,
  channels: 1,
  range: "symmetric",
  fit: "crop",
  classes: null,
  limit: null,
  flip: false,
  heldOut: 0,
  strokesSeed: 0,
};
const colour: DataSettings = { ...grey, size: 64, channels: 3 };

type Case = (folder: string) => DataSettings;
const cases: Record<string, Case> = {
  "strokes, 28 x 28": () => grey,
  "strokes enlarged to 64 x 64": () => ({ ...grey, size: 64 }),
  "JPEG folder, first start": (folder) => ({
    ...colour,
    source: join(folder, "pictures"),
  }),
  "JPEG folder, second start": (folder) => ({
    ...colour,
    source: join(folder, "pictures"),
  }),
  "JPEG folder, 64 to 28 grey": (folder) => ({
    ...grey,
    source: join(folder, "pictures"),
  }),
  ".npy, colour": (folder) => ({
    ...colour,
    source: join(folder, "pictures.npy"),
  }),
};

if (options.case !== undefined) await measure(options.case);
else await measureAll();

async function measureAll(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "gan-workbench-bench-"));
  try {
    await makePictures(folder);
    const results = Object.keys(cases).map((name) =>
      measureApart(name, folder),
    );
    const batch = await measureBatches();
    if (options.json) console.log(JSON.stringify({ results, batch }));
    else print(results, batch);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** 500 different pictures, each many times. */
async function makePictures(folder: string): Promise<void> {
  const pictures = join(folder, "pictures");
  mkdirSync(pictures);
  const jpegs: Buffer[] = [];
  const raw: Buffer[] = [];
  for (let i = 0; i < 500; i++) {
    const pixels = smoothPicture(i);
    raw.push(pixels);
    jpegs.push(
      await sharp(pixels, { raw: { width: 64, height: 64, channels: 3 } })
        .jpeg({ quality: 90 })
        .toBuffer(),
    );
  }
  for (let i = 0; i < images; i++)
    writeFileSync(
      join(pictures, `${String(i).padStart(6, "0")}.jpg`),
      jpegs[i % jpegs.length],
    );
  await writeNpy(join(folder, "pictures.npy"), raw);
}

/** Waves and a little noise, about as hard to decode as a photograph. */
function smoothPicture(index: number): Buffer {
  const random = Random.fromSeed(index, "bench");
  const phase = 6 * random.uniform();
  return Buffer.from(
    Uint8Array.from({ length: 64 * 64 * 3 }, (_, at) => {
      const pixel = Math.floor(at / 3);
      const wave =
        Math.sin((pixel % 64) / 9 + phase) *
        Math.cos(pixel / 64 / 7 + (at % 3));
      return 128 + 90 * wave + 8 * random.normal();
    }),
  );
}

async function writeNpy(path: string, raw: readonly Buffer[]): Promise<void> {
  const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${images}, 64, 64, 3), }`;
  const header = Buffer.alloc(10 + 118, " ");
  header.write("\x93NUMPY\x01\x00", "latin1");
  header.writeUInt16LE(118, 8);
  header.write(`${text.padEnd(117)}\n`, 10, "latin1");
  const file = await open(path, "w");
  await file.write(header);
  for (let i = 0; i < images; i++) await file.write(raw[i % raw.length]);
  await file.close();
}

function measureApart(name: string, folder: string): Result {
  const output = execFileSync(
    process.execPath,
    [
      ...process.execArgv,
      fileURLToPath(import.meta.url),
      ...["--case", name, "--folder", folder, "--images", String(images)],
    ],
    { encoding: "utf8" },
  );
  return JSON.parse(output) as Result;
}

async function measure(name: string): Promise<void> {
  const folder = options.folder ?? "";
  const stall = watchStalls();
  const before = process.cpuUsage();
  const start = performance.now();
  const set = await loadImages(cases[name](folder), {
    dataFolder: join(folder, "data"),
    seed: 0,
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  const processor = process.cpuUsage(before);
  const result: Result = {
    case: name,
    images: set.count,
    seconds: (performance.now() - start) / 1000,
    cpuSeconds: (processor.user + processor.system) / 1e6,
    peakMiB: process.resourceUsage().maxRSS / 1024,
    pixelsMiB: set.pixels.length / 2 ** 20,
    longestStallMs: stall(),
  };
  console.log(JSON.stringify(result));
}

function watchStalls(): () => number {
  let last = performance.now();
  let longest = 0;
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const timer = setInterval(look, 1);
  return () => {
    look();
    clearInterval(timer);
    return longest;
  };
}

/** Microseconds for a batch of 64 digits: the median and the best of 20 blocks. */
async function measureBatches(): Promise<{ medianUs: number; bestUs: number }> {
  const set = await loadImages(grey, {
    dataFolder: tmpdir(),
    seed: 0,
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  const reader = createBatchReader(set, grey);
  const random = Random.fromSeed(1, "bench");
  const order = random.permutation(set.count);
  const target = new Float32Array(64 * 784);
  const times = Array.from({ length: 20 }, () => {
    const start = performance.now();
    for (let batch = 0; batch < 900; batch++)
      reader.fill(target, order.subarray(64 * batch, 64 * batch + 64), random);
    return ((performance.now() - start) / 900) * 1000;
  }).sort((a, b) => a - b);
  return { medianUs: times[10], bestUs: times[0] };
}

function print(
  results: readonly Result[],
  batch: { medianUs: number; bestUs: number },
): void {
  console.log(
    "| case | images | seconds | CPU seconds | peak memory | of it pixels | longest stall |",
  );
  console.log("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
  for (const result of results)
    console.log(
      `| ${result.case} | ${result.images.toLocaleString("en")} | ${result.seconds.toFixed(1)} | ${result.cpuSeconds.toFixed(1)} | ${result.peakMiB.toFixed(0)} MiB | ${result.pixelsMiB.toFixed(0)} MiB | ${result.longestStallMs.toFixed(0)} ms |`,
    );
  console.log(
    `\nA batch of 64 digits: ${batch.medianUs.toFixed(0)} us (median), ${batch.bestUs.toFixed(0)} us (best).`,
  );
}
