/** The built-in data set: handwritten digits from our own strokes, so that training needs no file and no network. */
import { Random } from "../../../shared/random";
import { createFormer } from "../form";
import { LookTally } from "../look";
import { Pace } from "../pace";
import type { ImageSource } from "../source";
import { drawDigit } from "./digit";
import { Pen } from "./pen";

const side = 28;
/** As many as MNIST has, to train on and to judge on. */
const counts = { train: 60_000, test: 10_000 };
/** Each part draws from streams of its own. */
const streams = { train: "strokes", test: "strokes-test" };
/** Raised whenever the same seed draws other digits. */
const version = 1;

/** Digits in ten equal classes, and more of them to judge on. Image `i` depends on the seed and `i` only. */
export function openStrokes(seed: number): ImageSource {
  return {
    ...createPart(seed, "train"),
    testPart: {
      count: () => Promise.resolve(counts.test),
      open: () => Promise.resolve(createPart(seed, "test")),
    },
  };
}

function createPart(seed: number, part: "train" | "test"): ImageSource {
  const count = counts[part];
  return {
    title: "Strokes",
    count,
    classes: Array.from({ length: 10 }, (_, digit) => String(digit)),
    labels: Uint16Array.from({ length: count }, (_, index) => index % 10),
    warnings: [],
    testPart: null,
    isTestPart: part === "test",
    signature: (indices) =>
      Promise.resolve(`${streams[part]} ${version} ${seed} ${indices.join()}`),
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
      const tally = new LookTally();
      for (let i = 0; i < indices.length; i++) {
        const random = Random.fromSeed(seed, `${streams[part]}.${indices[i]}`);
        pen.clear();
        drawDigit(indices[i] % 10, random, pen);
        pen.print(canvas, 0, 255 - random.below(20));
        tally.add(square, canvas, 0, canvas.length);
        former.write(canvas, 0, pixels, i * former.length);
        if (pace.due()) await pace.breathe(i + 1);
      }
      pace.tell(indices.length);
      const { look } = tally;
      return { pixels, kept: null, skipped: [], look, notes: [] };
    },
  };
}

const square = { height: side, width: side, channels: 1 } as const;
