/** Extractors and judgements on images that the test makes, by the real engine. */
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createOnnxEngine } from "../../src/main/engine/onnx";
import { RowProducts } from "../../src/main/engine/onnx/products";
import { Extractor } from "../../src/main/quality/extractor/extractor";
import { makeExtractor } from "../../src/main/quality/extractor/library";
import {
  comparedRows,
  pickPictures,
} from "../../src/main/quality/extractor/pictures";
import type { Pictures } from "../../src/main/quality/extractor/pictures";
import { compare } from "../../src/main/quality/judging/comparison";
import { realImagesOf } from "../../src/main/quality/judging/real-images";
import type { RealImages } from "../../src/main/quality/judging/real-images";
import { sideOf } from "../../src/main/quality/judging/side";
import type { Instruments } from "../../src/main/quality/judging/side";
import { allOf } from "../../src/main/quality/measures/rows";
import { dataSettings } from "../data/options";
import { idxImages } from "../data/idx-bytes";
import { writeBars } from "./bars";

const { signal } = new AbortController();
const engine = await createOnnxEngine();
let folder: string;
let source: string;
let real: RealImages;
const progress: number[] = [];

const work = () => ({
  library: join(folder, "library"),
  dataFolder: join(folder, "data"),
  dataHash: null,
  carried: null,
  signal,
  onProgress: ({ done }: { done: number }) => progress.push(done),
});
const bars = (changes = {}) => ({
  seed: 0,
  data: dataSettings(source, { size: 8, heldOut: 0.5, ...changes }),
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "judge-"));
  source = await writeBars(folder, 800);
  const found = await realImagesOf(bars(), engine, work());
  if (found.kind === "none") throw new Error(found.reason);
  real = found.real;
});
afterAll(() => rm(folder, { recursive: true }));

describe("an extractor", () => {
  it("learns the classes, on images that it did not see, and tells its progress", () => {
    expect(real.extractor).toMatchObject({ kind: "classifier", size: 8 });
    expect(real.extractor.accuracy).toBeGreaterThan(0.95);
    expect(progress.length).toBeGreaterThan(10);
  });

  it("is trained once a data set, whatever a run takes of it", async () => {
    progress.length = 0;
    const part = bars({ limit: { count: 40, pick: "first" }, classes: [0, 1] });
    const found = await realImagesOf(part, engine, work());
    expect(found).toMatchObject({
      kind: "images",
      real: { training: { count: 40 } },
    });
    if (found.kind === "images")
      expect(found.real.extractor.hash).toBe(real.extractor.hash);
    expect(await readdir(join(folder, "library/extractors"))).toHaveLength(1);
  });

  it("comes out the same from the same seed, and can be cancelled", async () => {
    const { training, heldOut } = real;
    const images = { training, heldOut };
    const again = await makeExtractor(images, engine, {
      signal,
      onProgress: () => undefined,
    });
    const { mean, accuracy } = real.extractor;
    expect([...again.mean]).toEqual([...mean]);
    expect(again.accuracy).toBe(accuracy);
    const cancelled = new AbortController();
    const onProgress = () => cancelled.abort(new Error("Enough."));
    await expect(
      makeExtractor(images, engine, { signal: cancelled.signal, onProgress }),
    ).rejects.toThrow("Enough.");
  });

  it("draws images again where there are no labels", async () => {
    const images = {
      training: { ...real.training, labels: null },
      heldOut: real.heldOut,
    };
    const made = await makeExtractor(images, engine, {
      signal,
      onProgress: () => undefined,
    });
    expect(made).toMatchObject({ kind: "autoencoder", classes: null });
    expect(made.accuracy).toBeGreaterThan(0.8);
  });
});

describe("a judgement", () => {
  let instruments: Instruments;
  let products: RowProducts;
  let extractor: Extractor;
  beforeAll(async () => {
    products = await RowProducts.open(1);
    extractor = await Extractor.open(engine, real.extractor);
    const { training } = real;
    instruments = {
      extractor,
      products: products.multiply,
      training: { rows: comparedRows(training), images: training.count },
    };
  });
  afterAll(async () => {
    await products.dispose();
    await extractor.dispose();
  });

  /** 200 pictures against 200 that were held out. */
  async function measures(
    pictures: Pictures,
    asked: Uint16Array | null = null,
  ) {
    const reference = pickPictures(real.heldOut, allOf(200));
    const [held, fake] = [
      await sideOf(reference, instruments, signal),
      await sideOf(pictures, instruments, signal),
    ];
    const comparison = await compare(held, fake, products.multiply, asked);
    return comparison(allOf(200), allOf(pictures.count));
  }

  it("finds other held-out images as good as can be", async () => {
    const others = allOf(400).slice(200);
    const found = await measures(pickPictures(real.heldOut, others));
    expect(found.precision).toBeGreaterThan(0.85);
    expect(found.recall).toBeGreaterThan(0.85);
    expect(found.classCoverage).toBeGreaterThan(0.8);
    expect(found.memorisation).toBeLessThan(0.05);
    expect(found.diversity).toBeCloseTo(1, 1);
    expect(Math.abs(found.kid)).toBeLessThan(0.5);
  });

  it("counts samples only for the class that they were asked for", async () => {
    const others = pickPictures(real.heldOut, allOf(400).slice(200));
    const own = others.labels ?? new Uint16Array(200);
    const right = await measures(others, own);
    expect(right.classCoverage).toBeGreaterThan(0.8);
    const next = own.map((label) => (label + 1) % 4);
    const wrong = await measures(others, next);
    expect(wrong.classCoverage).toBeLessThan(0.1);
    expect(wrong.precision).toBe(right.precision);
  });

  it("catches copies of training images", async () => {
    const found = await measures(pickPictures(real.training, allOf(200)));
    expect(found.memorisation).toBe(1);
    expect(found.authPct).toBe(0);
    expect(found.precision).toBeGreaterThan(0.85);
  });

  it("catches one image for all samples", async () => {
    const one = new Uint32Array(200).fill(7);
    const found = await measures(pickPictures(real.heldOut, one));
    expect(found).toMatchObject({ recall: 0, diversity: 0, duplicates: 1 });
    expect(found.classCoverage).toBeLessThan(0.4);
    expect(found.fd).toBeGreaterThan(20);
  });

  it("gives noise to no class", async () => {
    const { channels, size } = real.heldOut;
    const pixels = Uint8Array.from(
      { length: 200 * size * size },
      (_, i) => (i * 7919 * (i % 13)) % 256,
    );
    const found = await measures({ count: 200, channels, size, pixels });
    expect(found.classCoverage).toBeLessThan(0.1);
    expect(found.precision).toBeLessThan(0.1);
  });
});

describe("a run that cannot be judged", () => {
  it("says that nothing was held out", async () => {
    const found = await realImagesOf(bars({ heldOut: 0 }), engine, work());
    expect(found).toMatchObject({
      kind: "none",
      reason: expect.stringContaining("none are left to judge on") as string,
    });
  });

  it("says that it trained on the test part", async () => {
    const path = join(folder, "t10k-images-idx3-ubyte");
    await writeFile(
      path,
      idxImages(4, 8, 8, (i) => i % 256),
    );
    const data = dataSettings(path, { size: 8 });
    const found = await realImagesOf({ data, seed: 0 }, engine, work());
    expect(found).toMatchObject({
      kind: "none",
      reason: expect.stringContaining("trained on the test part") as string,
    });
  });

  it("says that its images have changed since", async () => {
    const found = await realImagesOf(bars(), engine, {
      ...work(),
      dataHash: "of other images",
    });
    expect(found).toMatchObject({
      kind: "none",
      reason: expect.stringContaining("no longer those") as string,
    });
  });
});
