import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { decodeImage } from "../../src/main/data/decode";
import { createFormer, luma } from "../../src/main/data/form";

const folder = join(import.meta.dirname, "../fixtures/images");
const cases = z
  .array(
    z.object({
      file: z.string(),
      size: z.number(),
      fit: z.enum(["crop", "pad"]),
      channels: z.union([z.literal(1), z.literal(3)]),
      expected: z.string(),
    }),
  )
  .parse(JSON.parse(readFileSync(join(folder, "resize.json"), "utf8")));

const load = (name: string) =>
  decodeImage(readFileSync(join(folder, "resize", name)), 256);

test.each(cases)(
  "$file to $size pixels ($fit, $channels channels) is Pillow's within one grey level",
  async ({ file, size, fit, channels, expected }) => {
    const source = await load(file);
    const former = createFormer(source.width, source.height, source.channels, {
      size,
      fit,
      channels,
    });
    const planes = new Uint8Array(former.length);
    former.write(source.data, 0, planes, 0);
    const wanted = await load(expected);
    let worst = 0;
    for (let pixel = 0; pixel < size * size; pixel++)
      for (let channel = 0; channel < channels; channel++) {
        const mine = planes[channel * size * size + pixel];
        const theirs =
          wanted.data[
            pixel * wanted.channels + (wanted.channels === 1 ? 0 : channel)
          ];
        worst = Math.max(worst, Math.abs(mine - theirs));
      }
    expect(worst).toBeLessThanOrEqual(1);
  },
);

test("grey becomes three equal channels", () => {
  const former = createFormer(2, 2, 1, { size: 2, fit: "crop", channels: 3 });
  const target = new Uint8Array(12);
  former.write(Uint8Array.of(1, 2, 3, 4), 0, target, 0);
  expect([...target]).toEqual([1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4]);
});

test("luma has Pillow's weights", () => {
  expect(luma(255, 0, 0)).toBe(76);
  expect(luma(0, 255, 0)).toBe(150);
  expect(luma(0, 0, 255)).toBe(29);
  expect(luma(255, 255, 255)).toBe(255);
});
