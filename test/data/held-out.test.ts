/** The images that a run is judged on are not those that it trains on, in every kind of data set. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import sharp from "sharp";
import type { LoadedImages } from "../../src/main/data/image-set";
import { loadHeldOut, loadImages } from "../../src/main/data/load";
import { reportOn } from "../../src/main/data/report";
import { checkSettings } from "../../src/shared/settings/check";
import { heldOutConflict } from "../../src/shared/settings/data";
import { findPreset, presets } from "../../src/shared/settings/presets";
import { settingsSchema } from "../../src/shared/settings/settings";
import type { DataSettings } from "../../src/shared/settings/settings";
import { idxImages, idxLabels } from "./idx-bytes";
import * as array from "./npy-bytes";
import { dataSettings, loadOptions, temporaryFolder } from "./options";

function folderOf(files: Readonly<Record<string, Buffer>>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** `count` different images of 4 x 4: the first two pixels are its number. */
const numbered = (count: number) =>
  Array.from({ length: 16 * count }, (_, at) => {
    const image = Math.floor(at / 16);
    return [image & 255, image >> 8, 40, 250][at % 16] ?? 90;
  });

function arrayOf(count: number): string {
  const content = array.bytes([count, 4, 4], numbered(count));
  return join(folderOf({ "a.npy": content }), "a.npy");
}

/** As many bytes as an image has, as text. */
function imagesIn({ pixels, count }: LoadedImages): string[] {
  const length = pixels.length / count;
  return Array.from({ length: count }, (_, index) =>
    Buffer.from(pixels.subarray(index * length, (index + 1) * length)).toString(
      "base64",
    ),
  );
}

async function both(source: string, changes: Partial<DataSettings> = {}) {
  const data = dataSettings(source, { size: 4, heldOut: 0.1, ...changes });
  const options = loadOptions();
  const trained = await loadImages(data, options);
  const held = await loadHeldOut(data, options);
  if (held.kind === "none") throw new Error(held.reason);
  return { trained, held: held.images };
}

function expectDisjoint(trained: LoadedImages, held: LoadedImages): void {
  const seen = new Set(imagesIn(trained));
  expect(imagesIn(held).filter((image) => seen.has(image))).toEqual([]);
}

test("a tenth of an array is held out, and nothing is lost", async () => {
  const { trained, held } = await both(arrayOf(600));
  expect([trained.count, held.count]).toEqual([540, 60]);
  expectDisjoint(trained, held);
  expect(new Set([...imagesIn(trained), ...imagesIn(held)]).size).toBe(600);
  expect(trained.identity.heldOut).toEqual({ count: 60, from: "own images" });
});

test("of a folder of pictures too, and its classes keep their numbers", async () => {
  const files: Record<string, Buffer> = {};
  for (let i = 0; i < 120; i++)
    files[`${i % 2 ? "odd" : "even"}/${i}.png`] = await sharp(
      Buffer.alloc(16, i),
      { raw: { width: 4, height: 4, channels: 1 } },
    )
      .png()
      .toBuffer();
  const { trained, held } = await both(folderOf(files));
  expect([trained.count, held.count]).toEqual([88, 32]);
  expectDisjoint(trained, held);
  expect(held.identity.classes).toEqual(["even", "odd"]);
  held.labels?.forEach((label, index) => {
    expect(held.pixels[16 * index] % 2).toBe(label);
  });
});

test.each([
  [99, 0],
  [100, 32],
  [320, 32],
  [1000, 100],
])("of %i images %i are held out", async (count, expected) => {
  const { identity } = await loadImages(
    dataSettings(arrayOf(count), { size: 4, heldOut: 0.1 }),
    loadOptions(),
  );
  expect(identity.heldOut?.count ?? 0).toBe(expected);
  expect(identity.count).toBe(count - expected);
});

test("whatever a fork changes, it trains on nothing that its parent held out", async () => {
  const source = arrayOf(400);
  const { held } = await both(source);
  for (const changes of [
    { limit: { count: 380, pick: "random" as const } },
    { limit: { count: 50, pick: "first" as const } },
  ])
    for (const seed of [1, 2]) {
      const fork = await loadImages(
        dataSettings(source, { size: 4, heldOut: 0.1, ...changes }),
        loadOptions({ seed }),
      );
      expectDisjoint(fork, held);
    }
});

test("a set with a test part trains on all the rest and is judged on that part", async () => {
  const folder = folderOf({
    "train-images-idx3-ubyte": idxImages(200, 4, 4, (at) => numbered(200)[at]),
    "train-labels-idx1-ubyte": idxLabels(
      Array.from({ length: 200 }, (_, i) => i % 3),
    ),
    "t10k-images-idx3-ubyte": idxImages(40, 4, 4, (at) => 255 - (at % 77)),
    "t10k-labels-idx1-ubyte": idxLabels(
      Array.from({ length: 40 }, (_, i) => i % 2),
    ),
  });
  const { trained, held } = await both(folder);
  expect([trained.count, held.count]).toEqual([200, 40]);
  expect(held.identity.classes).toEqual(["0", "1", "2"]);
  expect(trained.identity).toMatchObject({
    heldOut: { count: 40, from: "test part" },
    trainedOnTestPart: false,
  });
  const onTest = await loadImages(
    dataSettings(join(folder, "t10k-images-idx3-ubyte"), { size: 4 }),
    loadOptions(),
  );
  expect(onTest.identity.trainedOnTestPart).toBe(true);
});

test("the folder called test is what a folder of pictures is judged on", async () => {
  const flat = (level: number) =>
    sharp(Buffer.alloc(16, level), {
      raw: { width: 4, height: 4, channels: 1 },
    })
      .png()
      .toBuffer();
  const files: Record<string, Buffer> = {
    "train/a/1.png": await flat(1),
    "train/b/2.png": await flat(2),
    "val/a/3.png": await flat(3),
  };
  for (let i = 0; i < 32; i++)
    files[`test/${i % 2 ? "b" : "a"}/${i}.png`] = await flat(100 + i);
  const folder = folderOf(files);
  const { trained, held } = await both(folder);
  expect([trained.count, held.count]).toEqual([2, 32]);
  expect(trained.warnings).toContain(
    `val (1 image) in ${folder} is left out: train is trained on and test kept for judging.`,
  );
  expect([...new Set(held.labels)].sort()).toEqual([0, 1]);
  const own = await loadImages(
    dataSettings(join(folder, "test"), { size: 4 }),
    loadOptions(),
  );
  expect(own.identity.trainedOnTestPart).toBe(true);
});

test("Keras's x_test is what its x_train is judged on", async () => {
  const path = join(temporaryFolder(), "a.npz");
  await array.zipOf(path, {
    "x_train.npy": array.bytes([50, 4, 4], numbered(50)),
    "x_test.npy": array.bytes([40, 4, 4], numbered(90).slice(16 * 50)),
    "y_train.npy": array.integers([50], numbered(50).slice(0, 50)),
    "y_test.npy": array.integers([40], numbered(50).slice(0, 40)),
  });
  const { trained, held } = await both(path);
  expect([trained.count, held.count]).toEqual([50, 40]);
  expectDisjoint(trained, held);
  expect(held.labels).not.toBeNull();
});

test.each([
  ["X", "X_test"],
  ["images", "test_images"],
])("images called %s are judged on those called %s", async (own, other) => {
  const path = join(temporaryFolder(), "a.npz");
  await array.zipOf(path, {
    [`${other}.npy`]: array.bytes([40, 4, 4], numbered(90).slice(16 * 50)),
    [`${own}.npy`]: array.bytes([50, 4, 4], numbered(50)),
  });
  const { trained, held } = await both(path);
  expect([trained.count, held.count]).toEqual([50, 40]);
});

test("MedMNIST's test images are what its training images are judged on, and those for validation are left out", async () => {
  const path = join(temporaryFolder(), "a.npz");
  await array.zipOf(path, {
    "train_images.npy": array.bytes([50, 4, 4], numbered(50)),
    "train_labels.npy": array.integers([50, 1], numbered(50).slice(0, 50)),
    "val_images.npy": array.bytes([36, 4, 4], numbered(36)),
    "val_labels.npy": array.integers([36, 1], numbered(36).slice(0, 36)),
    "test_images.npy": array.bytes([40, 4, 4], numbered(90).slice(16 * 50)),
    "test_labels.npy": array.integers([40, 1], numbered(50).slice(0, 40)),
  });
  const { trained, held } = await both(path);
  expect([trained.count, held.count]).toEqual([50, 40]);
  expect(held.labels).not.toBeNull();
  expect(trained.warnings).toContain(
    `val_images (36, 4, 4), val_labels (36, 1) in ${path} are left out.`,
  );
});

test("strokes draw others to be judged on, of the chosen classes", async () => {
  const limit = { count: 500, pick: "first" as const };
  const { trained, held } = await both("strokes", { size: 28, limit });
  expect([trained.count, held.count]).toEqual([500, 10_000]);
  expectDisjoint(trained, held);
  const threes = await both("strokes", { size: 28, limit, classes: [3] });
  expect(threes.held.count).toBe(1000);
  expect([...new Set(threes.held.labels)]).toEqual([3]);
});

test.each([
  [
    "all are trained on",
    arrayOf,
    200,
    0,
    /All images of a\.npy are trained on/,
  ],
  ["there are few", arrayOf, 60, 0.1, /a\.npy has 60 images, too few to hold/],
])(
  "where %s nothing is judged, and why",
  async (_, make, count, heldOut, why) => {
    const data = dataSettings(make(count), { size: 4, heldOut });
    const none = await loadHeldOut(data, loadOptions());
    expect(none.kind === "none" && none.reason).toMatch(why);
  },
);

test("few held-out images of the chosen classes say nothing", async () => {
  const path = join(temporaryFolder(), "a.npz");
  await array.zipOf(path, {
    "images.npy": array.bytes([100, 4, 4], numbered(100)),
    "labels.npy": array.integers(
      [100],
      Array.from({ length: 100 }, (_, i) => i % 10),
    ),
  });
  const data = dataSettings(path, { size: 4, heldOut: 0.1, classes: [1] });
  const none = await loadHeldOut(data, loadOptions());
  expect(none.kind === "none" && none.reason).toMatch(
    /^Only \d+ images of the/,
  );
});

test("the report counts all images and says how many are held out", async () => {
  expect(await reportOn(arrayOf(1000), loadOptions())).toMatchObject({
    images: 1000,
    heldOut: 100,
  });
});

test("new runs hold out a tenth; settings of before held out nothing and drew strokes with their seed", () => {
  for (const { settings } of presets) {
    expect(settings.data).toMatchObject({ heldOut: 0.1, strokesSeed: 0 });
    const { heldOut, strokesSeed, ...data } = settings.data;
    expect([heldOut, strokesSeed]).toEqual([0.1, 0]);
    const old = settingsSchema.parse({ ...settings, data });
    expect(old.data).toMatchObject({ heldOut: 0, strokesSeed: null });
    expect(checkSettings(old)).toEqual(checkSettings(settings));
  }
});

test("what goes on from a run keeps what that held out", () => {
  const data = findPreset("jaketae-mlp")?.settings.data ?? dataSettings("x");
  expect(heldOutConflict(data, { ...data, flip: true })).toBeNull();
  expect(heldOutConflict(data, { ...data, source: "/y" })).toBeNull();
  expect(heldOutConflict({ ...data, heldOut: 0 }, data)).toMatch(
    /held out nothing of mnist, so .* \(data\.heldOut=0\); start a new run/,
  );
});
