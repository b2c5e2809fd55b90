/** What gives real images away, on images made for it. */
import { describe, expect, it } from "vitest";
import { findShortcuts } from "../../src/main/data/shortcuts";
import { Random } from "../../src/shared/random";

const size = 16;
const count = 64;

/** Random levels, then changed in place. */
function images(
  paint: (level: number, row: number, column: number) => number = (level) =>
    level,
  { side = size, channels = 1 as 1 | 3 } = {},
) {
  const random = Random.fromSeed(1, "shortcuts");
  const pixels = new Uint8Array(count * channels * side * side);
  for (let at = 0; at < pixels.length; at++)
    pixels[at] = paint(
      random.below(256),
      Math.floor(at / side) % side,
      at % side,
    );
  return { count, channels, size: side, pixels };
}

describe("nothing is said of", () => {
  it.each([
    ["images without any", images()],
    ["a black border", images((it, row) => (row === 0 ? 0 : it))],
    ["a white border", images((it, row) => (row === 0 ? 255 : it))],
    ["one image everywhere", images(() => 128)],
    ["too few to tell", { ...images((it, row) => (row ? it : 128)), count: 8 }],
    ["photographs", images((it) => it, { side: 64, channels: 3 })],
    [
      "what stands in the middle of all images",
      images(
        (it, _, column) => it * Math.max(0, 1 - Math.abs(column - 15.5) / 12),
        { side: 32 },
      ),
    ],
  ])("%s", (_, set) => {
    expect(findShortcuts(set)).toEqual([]);
  });
});

it.each([
  [
    "a grey border",
    images((it, row, column) => (row === 0 || column === 0 ? 128 : it)),
    /grey level 128\) at 31 pixels of their border/,
  ],
  [
    "one pixel of a watermark",
    images((it, row, column) => (row === 15 && column === 15 ? 200 : it)),
    /grey level 200\) at row 16, column 16/,
  ],
  [
    "two levels",
    images((it) => (it > 127 ? 255 : 0)),
    /only 2 different values/,
  ],
  [
    "blocks",
    images(
      (it, row, column) =>
        (it % 8) + 90 * ((Math.floor(row / 8) + Math.floor(column / 8)) % 2),
      { side: 64 },
    ),
    /8 x 8 blocks of strong JPEG/,
  ],
])("says %s", (_, set, sentence) => {
  const found = findShortcuts(set);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(sentence);
});
