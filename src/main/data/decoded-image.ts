/** What a decoder gives: 8 bits, grey or RGB. */
export interface DecodedImage {
  /** `[height, width, channels]`. */
  data: Uint8Array;
  width: number;
  height: number;
  channels: 1 | 3;
  /** Pages or frames in the file, of which this is the first; absent: 1. */
  pages?: number;
  /** Where a large picture was shrunk on the way in: what it was before. */
  original?: { width: number; height: number; channels: 1 | 3 };
}
