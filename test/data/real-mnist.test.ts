import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { loadImages } from "../../src/main/data/load";
import { noSharedData, sharedData } from "../shared-data";
import { dataSettings, loadOptions } from "./options";

const mnist = sharedData("mnist");
const fashion = sharedData("fashion-mnist");

test.skipIf(!mnist)(
  `the 10,000 real test digits are read byte by byte (${mnist ?? noSharedData})`,
  async () => {
    const folder = mnist ?? "";
    const set = await loadImages(dataSettings(folder), loadOptions());
    const bytes = gunzipSync(
      readFileSync(join(folder, "t10k-images-idx3-ubyte.gz")),
    );
    expect(set.count).toBe(10_000);
    expect(Buffer.compare(set.pixels, bytes.subarray(16))).toBe(0);
    expect([...(set.labels ?? [])].slice(0, 10)).toEqual([
      7, 2, 1, 0, 4, 1, 4, 9, 5, 9,
    ]);
  },
);

test.skipIf(!fashion)(
  `3,615 real Fashion-MNIST images are read (${fashion ?? noSharedData})`,
  async () => {
    const set = await loadImages(dataSettings(fashion ?? ""), loadOptions());
    expect(set.count).toBe(3615);
    expect(set.identity.classes).toHaveLength(10);
  },
);
