import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { decodeImage } from "../../src/main/data/decode";
import type { DecodedImage } from "../../src/main/data/decoded-image";

const folder = join(import.meta.dirname, "../fixtures/images");
const cases = z
  .array(
    z.object({
      file: z.string(),
      expected: z.string(),
      width: z.number(),
      height: z.number(),
      tolerance: z.number(),
      why: z.string(),
    }),
  )
  .parse(JSON.parse(readFileSync(join(folder, "decode.json"), "utf8")));

const fixture = (name: string) => readFileSync(join(folder, "decode", name));

test.each(cases)(
  "$file has Pillow's pixels within $tolerance ($why)",
  async ({ file, expected, width, height, tolerance }) => {
    const image = await decodeImage(fixture(file), 64);
    expect([image.width, image.height]).toEqual([width, height]);
    expect(largestDifference(image, fixture(expected))).toBeLessThanOrEqual(
      tolerance,
    );
  },
);

const bad: [string, Buffer, RegExp][] = [
  ["nothing", Buffer.alloc(0), /it is empty/],
  ["text", Buffer.from("<html>"), /it is not a PNG/],
  [
    "a drawing in SVG",
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
    /it is not a PNG/,
  ],
  ["half a PNG", fixture("colour.png").subarray(0, 200), /^it is cut off$/],
  ["half a JPEG", fixture("colour.jpg").subarray(0, 700), /^it is cut off$/],
  ["half a WebP", fixture("lossless.webp").subarray(0, 99), /^it is cut off$/],
  ["half a TIFF", fixture("lzw.tiff").subarray(0, 99), /^it is cut off$/],
  [
    "a PNG with a changed byte",
    changed("colour.png", 80, 7),
    /^it is damaged \(the checksum of its IDAT is wrong\)$/,
  ],
  ["half a BMP", fixture("colour.bmp").subarray(0, 300), /it is cut off/],
  ["a BMP's first bytes", fixture("colour.bmp").subarray(0, 20), /it is cut/],
  ["a JPEG within a BMP", changed("grey.bmp", 30, 4), /BMP compression/],
  [
    "half a run-length BMP",
    fixture("runs-8.bmp").subarray(0, 1100),
    /it is cut off/,
  ],
];

test.each(bad)("%s gives a short reason", async (_, bytes, reason) => {
  await expect(decodeImage(bytes, 64)).rejects.toThrow(reason);
});

test("a BMP of absurd size is refused before its pixels are made", async () => {
  const bytes = changed("colour.bmp", 18, 0x7fffffff);
  await expect(decodeImage(bytes, 64)).rejects.toThrow(/too many pixels/);
});

test("a PNG bomb is refused before its pixels are made", async () => {
  // 30,000 x 30,000 in the header of an otherwise small file.
  const bytes = Buffer.from(fixture("colour.png"));
  bytes.writeUInt32BE(30_000, 16);
  bytes.writeUInt32BE(30_000, 20);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  await expect(decodeImage(bytes, 64)).rejects.toThrow(/too many pixels/);
});

function changed(name: string, at: number, value: number): Buffer {
  const bytes = Buffer.from(fixture(name));
  bytes.writeInt32LE(value, at);
  return bytes;
}

/** Grey counts as three equal channels. */
function largestDifference(image: DecodedImage, rgb: Buffer): number {
  const { data, channels } = image;
  let worst = data.length * (3 / channels) === rgb.length ? 0 : Infinity;
  for (let i = 0; i < rgb.length; i++) {
    const value = channels === 3 ? data[i] : data[Math.floor(i / 3)];
    worst = Math.max(worst, Math.abs(value - rgb[i]));
  }
  return worst;
}

/** As PNG's chunks carry it. */
function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++)
      crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
