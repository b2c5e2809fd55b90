/** What images are before they are resized: their size, their channels and how often each grey level occurs. */
import { z } from "zod";

export const lookSchema = z.object({
  /** In pixels; null where the images differ. */
  height: z.int().nullable(),
  width: z.int().nullable(),
  /** 3 where any of them has colours; grey pictures are often saved with three equal channels. */
  channels: z.union([z.literal(1), z.literal(3)]),
  /** 256 counts, over all channels. */
  levels: z.array(z.number()).length(256),
});
export type Look = z.infer<typeof lookSchema>;

/** One image as it was read. */
interface Pictured {
  height: number;
  width: number;
  channels: 1 | 3;
}

/** Adds up images as they are read. */
export class LookTally {
  private readonly levels = new Float64Array(256);
  private height: number | null | undefined;
  private width: number | null | undefined;
  private channels: 1 | 3 = 1;

  /** `size` is the image's own; `pixels` from `from` on are `[height, width, channels]` of what was decoded of it. */
  add(size: Pictured, pixels: Uint8Array, from: number, length: number): void {
    this.height = same(this.height, size.height);
    this.width = same(this.width, size.width);
    if (this.channels === 1 && size.channels === 3)
      this.channels = hasColours(pixels, from, length) ? 3 : 1;
    for (let at = from; at < from + length; at++) this.levels[pixels[at]]++;
  }

  get look(): Look {
    return {
      height: this.height ?? null,
      width: this.width ?? null,
      channels: this.channels,
      levels: [...this.levels],
    };
  }
}

/** Of interleaved red, green and blue; a picture in colours has one soon. */
function hasColours(pixels: Uint8Array, from: number, length: number): boolean {
  for (let at = from; at < from + length; at += 3)
    if (pixels[at] !== pixels[at + 1] || pixels[at] !== pixels[at + 2])
      return true;
  return false;
}

function same(before: number | null | undefined, now: number): number | null {
  return before === undefined || before === now ? now : null;
}

/** In grey levels 0 ... 255; `levels` is how many different ones there are. */
export interface LevelRange {
  min: number;
  max: number;
  mean: number;
  levels: number;
}

export function levelRange({ levels }: Pick<Look, "levels">): LevelRange {
  const total = levels.reduce((sum, count) => sum + count, 0);
  const sum = levels.reduce((all, count, level) => all + count * level, 0);
  return {
    min: levels.findIndex((count) => count > 0),
    max: levels.findLastIndex((count) => count > 0),
    mean: sum / total,
    levels: levels.filter((count) => count > 0).length,
  };
}

/** Fewer of the 256 levels than this, from the darkest to the brightest, are a sliver. */
const sliver = 64;
/** So many of the values may lie outside of it at either end: single pixels say nothing about a set. */
const strays = 1e-4;

/** A sentence for each thing about the images that spoils a training if it is not meant. */
export function lookWarnings(look: Look): string[] {
  const { min, max, levels } = levelRange(look);
  const warnings: string[] = [];
  if (levels === 1)
    warnings.push(
      `Every pixel has the grey level ${min}, so there is nothing to learn.`,
    );
  else if (levels === 2)
    warnings.push(
      `The images use only two of 256 grey levels, ${min} and ${max}: black and white without any grey.`,
    );
  const [low, high] = bulk(look);
  if (levels > 1 && high - low + 1 < sliver)
    warnings.push(
      `Nearly all pixels lie between the grey levels ${low} and ${high} of 0 ... 255, so the images have hardly any contrast; if that is not meant, scale them before saving.`,
    );
  if (look.height === null || look.width === null)
    warnings.push(
      "The images differ in size; each is made square and resized.",
    );
  return warnings;
}

/** The levels between which all but a few strays lie. */
function bulk({ levels }: Look): [number, number] {
  const total = levels.reduce((sum, count) => sum + count, 0);
  const edge = (order: readonly number[]) => {
    let passed = 0;
    return order.findIndex((count) => (passed += count) > strays * total);
  };
  return [edge(levels), 255 - edge([...levels].reverse())];
}
