/** The part of gifenc that `gif.ts` uses; the package has no types of its own. */
declare module "gifenc" {
  type Palette = number[][];
  export interface Encoder {
    writeHeader(): void;
    writeFrame(
      index: Uint8Array,
      width: number,
      height: number,
      options: {
        palette?: Palette;
        first?: boolean;
        /** Milliseconds. */
        delay?: number;
        /** 0 is for ever. */
        repeat?: number;
      },
    ): void;
    finish(): void;
    /** A copy of what was written since `reset`. */
    bytes(): Uint8Array;
    reset(): void;
  }
  export interface Gifenc {
    GIFEncoder(options: { auto: boolean }): Encoder;
    quantize(rgba: Uint8Array, colors: number): Palette;
    applyPalette(rgba: Uint8Array, palette: Palette): Uint8Array;
  }
}
