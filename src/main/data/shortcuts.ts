/**
 * What only real images have, so that D can tell them by that alone and need not look at what they show: pixels that are
 * the same in every image, few grey levels, blocks of JPEG. Looked for in the images as D sees them.
 */
import type { ImageSet } from "./image-set";

/** Fewer images prove nothing. */
const fewestImages = 32;
/** G's tanh or sigmoid reaches the ends of the range, so that a black border is none. */
const ends = { low: 8, high: 247 };
/** A generator gives every level between two. */
const fewLevels = 8;
const narrow = 64;
/** So many of the pixels say nothing about a set. */
const strays = 1e-4;
/** From this size on photographs are kept as JPEG, in blocks of 8 x 8. */
const smallestPhoto = 32;
const block = 8;
/** How much larger the steps at the edges of blocks are than at the next steepest place. */
const blockContrast = 1.3;
/** Enough to see any of it. */
const looked = 2000;

type Pixels = Pick<ImageSet, "count" | "channels" | "size" | "pixels">;

/** A sentence for each. */
export function findShortcuts(images: Pixels): string[] {
  if (images.count < fewestImages) return [];
  return [fixedPixels(images), levels(images), blocks(images)].filter(
    (sentence) => sentence !== null,
  );
}

function fixedPixels({ count, channels, size, pixels }: Pixels): string | null {
  const area = channels * size * size;
  const plane = size * size;
  let fixed = Array.from({ length: area }, (_, at) => at).filter(
    (at) => pixels[at] > ends.low && pixels[at] < ends.high,
  );
  for (let image = 1; image < count && fixed.length > 0; image++)
    fixed = fixed.filter((at) => pixels[image * area + at] === pixels[at]);
  const places = new Set(fixed.map((at) => at % plane));
  const level = pixels[fixed[fixed.length - 1]];
  // An image that is the same everywhere is another matter, and said elsewhere.
  if (places.size === 0 || places.size === plane) return null;
  const where = placesInWords([...places], size);
  return `All images have exactly the same value (grey level ${level}) ${where}: D can tell real images by that alone, because G only ever comes near it. Crop or repaint them.`;
}

/** "at row 28, column 28", "in a border", "at 12 pixels". */
function placesInWords(places: readonly number[], size: number): string {
  const [first] = places;
  if (places.length === 1)
    return `at row ${Math.floor(first / size) + 1}, column ${(first % size) + 1}`;
  const isEdge = places.every((at) => {
    const [row, column] = [Math.floor(at / size), at % size];
    const away = Math.min(row, column, size - 1 - row, size - 1 - column);
    return away < size / 4;
  });
  return isEdge
    ? `at ${places.length} pixels of their border`
    : `at ${places.length} pixels`;
}

function levels({ pixels }: Pixels): string | null {
  const counts = countLevels(pixels);
  const used = [...counts.keys()].filter(
    (level) => counts[level] > strays * pixels.length,
  );
  // A sliver of the range is another matter, and said elsewhere.
  const isWide = used[used.length - 1] - used[0] >= narrow;
  return isWide && used.length <= fewLevels
    ? `The images have only ${used.length} different values, and G gives all between them: D can tell real images by that alone. Blur or resample them a little.`
    : null;
}

/** How often each occurs. Neighbours are often equal, and a count waits for the one before it in the same place: hence four. */
function countLevels(pixels: Uint8Array): Uint32Array {
  const counts = new Uint32Array(4 * 256);
  const whole = pixels.length - (pixels.length % 4);
  for (let at = 0; at < whole; at += 4) {
    counts[pixels[at]]++;
    counts[256 + pixels[at + 1]]++;
    counts[512 + pixels[at + 2]]++;
    counts[768 + pixels[at + 3]]++;
  }
  for (let at = whole; at < pixels.length; at++) counts[pixels[at]]++;
  return counts
    .subarray(0, 256)
    .map(
      (count, level) =>
        count + counts[256 + level] + counts[512 + level] + counts[768 + level],
    );
}

/**
 * Whether steps between neighbours are largest at every eighth, where JPEG's blocks meet. Each edge is held to the seven
 * steps around it, so that what all images show in their middle is none.
 */
function blocks({ count, channels, size, pixels }: Pixels): string | null {
  if (size < smallestPhoto) return null;
  const sums = new Float64Array(block);
  const first = block - 3;
  const end = size - ((size - first) % block);
  const rows = Math.min(count, looked) * channels * size;
  for (let row = 0; row < rows; row++)
    for (let column = first; column < end; column++) {
      const at = row * size + column;
      sums[column % block] += Math.abs(pixels[at] - pixels[at - 1]);
    }
  const [edge, ...others] = sums;
  return edge > blockContrast * Math.max(...others)
    ? "The images show the 8 x 8 blocks of strong JPEG compression, which D can tell real images by. Make them smaller than they were saved, or save them again with less compression."
    : null;
}
