/** What a decoder gives: 8 bits, grey or RGB. */
export interface DecodedImage {
  /** `[height, width, channels]`. */
  data: Uint8Array;
  width: number;
  height: number;
  channels: 1 | 3;
  /** Where a large picture was shrunk on the way in: what it was before. */
  original?: { width: number; height: number; channels: 1 | 3 };
}
