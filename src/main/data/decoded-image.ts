/** What a decoder gives: 8 bits, grey or RGB. */
export interface DecodedImage {
  /** `[height, width, channels]`. */
  data: Uint8Array;
  width: number;
  height: number;
  channels: 1 | 3;
}
