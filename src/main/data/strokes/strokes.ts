/** The built-in data set: handwritten digits from our own strokes, so that training needs no file and no network. */
import { Random } from "../../../shared/random";
import { createFormer } from "../form";
import { Pace } from "../pace";
import type { ImageSource } from "../source";
import { drawDigit } from "./digit";
import { Pen } from "./pen";

const count = 60_000;
const side = 28;

/** 60,000 digits in ten equal classes. Image `i` depends on the seed and `i` only. */
export function createStrokes(seed: number): ImageSource {
  return {
    title: "Strokes",
    count,
    classes: Array.from({ length: 10 }, (_, digit) => String(digit)),
    labels: Uint16Array.from({ length: count }, (_, index) => index % 10),
    signature: () => Promise.resolve(null),
    async read(indices, form, options) {
      const pace = new Pace(
        "Drawing strokes",
        indices.length,
        "images",
        options,
      );
      const former = createFormer(side, side, 1, form);
      const pixels = new Uint8Array(indices.length * former.length);
      const canvas = new Uint8Array(side * side);
      const pen = new Pen(side);
      for (let i = 0; i < indices.length; i++) {
        const random = Random.fromSeed(seed, `strokes.${indices[i]}`);
        pen.clear();
        drawDigit(indices[i] % 10, random, pen);
        pen.print(canvas, 0, 255 - random.below(20));
        former.write(canvas, 0, pixels, i * former.length);
        if (pace.due()) await pace.breathe(i + 1);
      }
      pace.tell(indices.length);
      return { pixels, kept: null, skipped: [] };
    },
  };
}
