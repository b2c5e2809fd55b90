import { readFileSync } from "node:fs";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { encodePng, makeGrid } from "../../src/main/runs/recording/grid";

interface Case {
  name: string;
  count: number;
  channels: 1 | 3;
  size: number;
  pixels: string;
  options: {
    nrow: number;
    padding: number;
    normalize: boolean;
    pad_value: number;
  };
  width: number;
  height: number;
  rgb: string;
}

const path = new URL("../fixtures/runs/grids.json", import.meta.url);
const cases = JSON.parse(readFileSync(path, "utf8")) as Case[];

describe("a grid is torchvision's in every pixel", () => {
  test.each(cases)("$name", async (fixture) => {
    const bytes = Buffer.from(fixture.pixels, "base64");
    const { nrow, padding, normalize, pad_value } = fixture.options;
    const picture = makeGrid(
      {
        ...fixture,
        pixels: new Float32Array(Uint8Array.from(bytes).buffer),
      },
      { perRow: nrow, padding, normalize, padValue: pad_value },
      fixture.name.startsWith("unit") || fixture.name.startsWith("one")
        ? "unit"
        : "symmetric",
    );
    const png = await encodePng(picture);
    const decoded = await sharp(png).toColourspace("srgb").raw().toBuffer();
    expect([picture.width, picture.height]).toEqual([
      fixture.width,
      fixture.height,
    ]);
    expect(decoded.equals(Buffer.from(fixture.rgb, "base64"))).toBe(true);
  });
});

test("a value that is no number is black", () => {
  const { bytes } = makeGrid(
    { count: 1, channels: 1, size: 1, pixels: Float32Array.of(NaN) },
    { perRow: 1, padding: 0, normalize: false, padValue: 1 },
    "unit",
  );
  expect([...bytes]).toEqual([0]);
});
