/** How much a compressed file may grow, whatever its format: written once, for ZIP and gzip alike. */

/** Deflate's densest is about 1000; what people train on and what runs record stay far below this. */
const mostRatio = 200;
/** Below this a file may be as dense as it likes. */
const harmlessBytes = 100e6;

/** Why a file of `packed` bytes that grows to `unpacked` is refused, as a clause; null where it is not. */
export function whyBomb(packed: number, unpacked: number): string | null {
  if (unpacked <= harmlessBytes || unpacked <= mostRatio * packed) return null;
  return `it would grow to ${Math.round(unpacked / 1e6)} MB, ${Math.round(unpacked / packed)} times its size, as a decompression bomb does`;
}
