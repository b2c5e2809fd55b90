/** A source whose decoded images, all of one size, are in memory already: what IDX and NumPy files become. */
import { createFormer } from "./form";
import { Pace } from "./pace";
import type { ImageSource } from "./source";

export interface PixelArray {
  title: string;
  /** `[count, height, width, channels]`. */
  pixels: Uint8Array;
  count: number;
  height: number;
  width: number;
  channels: 1 | 3;
  labels: Uint16Array | null;
  classes: string[] | null;
}

export function createPixelArraySource(array: PixelArray): ImageSource {
  const { title, count, height, width, channels, labels, classes } = array;
  return {
    title,
    count,
    labels,
    classes,
    signature: () => Promise.resolve(null),
    async read(indices, form, options) {
      const pace = new Pace(
        `Reading ${title}`,
        indices.length,
        "images",
        options,
      );
      const former = createFormer(width, height, channels, form);
      const stride = height * width * channels;
      const pixels = new Uint8Array(indices.length * former.length);
      for (let i = 0; i < indices.length; i++) {
        former.write(
          array.pixels,
          indices[i] * stride,
          pixels,
          i * former.length,
        );
        if (pace.due()) await pace.breathe(i + 1);
      }
      pace.tell(indices.length);
      return { pixels, kept: null, skipped: [] };
    },
  };
}

/** `0` ... as many names as the labels need. */
export function numberedClasses(labels: Uint16Array): string[] {
  const highest = labels.reduce((most, label) => Math.max(most, label), 0);
  return Array.from({ length: highest + 1 }, (_, label) => String(label));
}
