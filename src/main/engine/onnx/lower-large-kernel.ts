/**
 * Convolutions with large kernels as ONNX nodes: a row of the kernel at a time. Patches of one kernel row are cut from the
 * whole image by slices, so memory and the number of nodes grow with the kernel's side and not with its area.
 */
import type { Chunk } from "./tuning/chunks";
import { chunks, join } from "./tuning/chunks";
import type { Convolution } from "../../graph/convolution";
import type { Emitter } from "./emitter";

/** Gathering each place of a kernel apart is faster up to so many places along an axis that reach one pixel. */
const longestReach = 5;
/** Indices of all patches, or floats of one image's: 64 MB. */
const mostFloats = 2 ** 24;

/** Whether a convolution is to be taken by kernel rows. */
export function isLargeKernel(c: Convolution): boolean {
  const indices = c.mapHeight * c.mapWidth * c.kernel * c.kernel;
  return (
    Math.ceil(c.kernel / c.stride) > longestReach ||
    c.batch * indices > mostFloats ||
    indices * c.channels > mostFloats
  );
}

/** One convolution on its way into ONNX. Inside, an image is `[height, images, width, channels]`: rows are contiguous. */
export class LargeKernelLowering {
  private readonly chunks: readonly Chunk[];

  constructor(
    private readonly emit: Emitter,
    private readonly c: Convolution,
  ) {
    const height = c.height + 2 * c.padding;
    const floats = height * c.mapWidth * c.kernel * c.channels;
    this.chunks = chunks(c.batch, floats, mostFloats);
  }

  /** Map rows from image rows. */
  convolve(image: string, weight: string, output: string): void {
    const weights = this.weightRows(weight);
    const parts = this.chunks.map((chunk) => {
      const patches = this.patchRows(
        this.rowPatches(image, chunk, "convolve"),
        chunk,
      );
      return this.mapBack(this.chained(patches, weights), chunk);
    });
    join(this.emit, parts, output);
  }

  /** The weights' gradient from image rows and map rows. */
  correlate(image: string, map: string, output: string): void {
    const parts = this.chunks.map((chunk) => {
      const rows = this.mapRows(map, chunk);
      const patches = this.patchRows(
        this.rowPatches(image, chunk, "correlate"),
        chunk,
      );
      return this.concat(
        patches.map((patch) => this.gemm([rows, patch], "transA")),
        1,
      );
    });
    this.emit.node("Identity", [this.added(parts)], output);
  }

  /** Image rows from map rows: what the kernel's places put on each pixel, added up row by row and then by columns. */
  spread(map: string, weight: string, output: string): void {
    const { c, emit } = this;
    const weights = this.weightRows(weight);
    const parts = this.chunks.map((chunk) => {
      const rows = this.mapRows(map, chunk);
      const { images } = chunk;
      const size = [c.mapHeight, images, c.mapWidth, c.kernel * c.channels];
      const tall = this.overlaid(
        weights.map((it) => emit.reshape(this.gemm([rows, it]), size)),
        0,
        [c.height, images, c.mapWidth, c.kernel * c.channels],
      );
      const columns = this.ranges(c.kernel).map((x) =>
        this.slice(tall, 3, x * c.channels, (x + 1) * c.channels),
      );
      const size2 = [c.height, images, c.width, c.channels];
      return this.imageBack(this.overlaid(columns, 2, size2), chunk);
    });
    join(emit, parts, output);
  }

  /** `[filters, kernel * channels]` for each row of the kernel. */
  private weightRows(weight: string): string[] {
    const { c } = this;
    const floats = c.kernel * c.channels;
    return this.ranges(c.kernel).map((y) =>
      this.slice(weight, 1, y * floats, (y + 1) * floats),
    );
  }

  /**
   * `[padded height, images, map width, kernel * channels]`: the patches of single rows. ONNX Runtime computes equal
   * values once and keeps them, which here would be all patches: so each purpose begins with a shape of its own.
   */
  private rowPatches(
    image: string,
    chunk: Chunk,
    purpose: "convolve" | "correlate",
  ): string {
    const { c, emit } = this;
    const rows = this.rowsOf(image, chunk, c.height * c.width);
    const size = [chunk.images, c.height, c.width, c.channels];
    const shape = emit.constant(`to ${purpose} ${size.join()}`, [4], () =>
      BigInt64Array.from(size, BigInt),
    );
    const apart = emit.node("Reshape", [rows, shape]);
    const turned = this.turned(apart);
    const margin = [c.padding, 0, c.padding, 0];
    const padded = this.pad(turned, margin, margin);
    const columns = this.ranges(c.kernel).map((x) =>
      this.slice(padded, 2, x, x + (c.mapWidth - 1) * c.stride + 1, c.stride),
    );
    return this.concat(columns, 3);
  }

  /** For each row of the kernel, what it meets: `[map rows, kernel * channels]`. */
  private patchRows(patches: string, { images }: Chunk): string[] {
    const { c, emit } = this;
    const size = [c.mapHeight * images * c.mapWidth, c.kernel * c.channels];
    return this.ranges(c.kernel).map((y) => {
      const to = y + (c.mapHeight - 1) * c.stride + 1;
      return emit.reshape(this.slice(patches, 0, y, to, c.stride), size);
    });
  }

  /** The sum of each patch's product with its weights, in one chain of Gemm. */
  private chained(patches: string[], weights: string[]): string {
    let sum: string[] = [];
    patches.forEach((patch, i) => {
      sum = [this.gemm([patch, weights[i], ...sum], "transB")];
    });
    return sum[0];
  }

  /**
   * Values that lie a pixel further each, every one of them `stride` pixels apart, added up along an axis and cut to the
   * image, whose size is `shape`. Those that fall on the same pixels of a stride are added first.
   */
  private overlaid(values: string[], axis: 0 | 2, shape: number[]): string {
    const { c, emit } = this;
    const extent = axis === 0 ? c.mapHeight : c.mapWidth;
    const blocks = extent + Math.ceil(c.kernel / c.stride) - 1;
    const phases = this.ranges(Math.min(c.stride, c.kernel)).map((phase) => {
      const terms = values.filter((_, i) => i % c.stride === phase);
      const shifted = terms.map((term, i) =>
        this.padAxis(term, axis, i, blocks - extent - i),
      );
      return this.added(shifted);
    });
    const full = [...shape];
    full[axis] = blocks * c.stride;
    const whole =
      c.stride === 1 ? phases[0] : this.interleaved(phases, axis, full, blocks);
    const missing = Math.max(0, c.padding + shape[axis] - full[axis]);
    const long = this.padAxis(whole, axis, 0, missing);
    const cut = this.slice(long, axis, c.padding, c.padding + shape[axis]);
    return emit.reshape(cut, shape);
  }

  /** One value of each phase in turn along an axis; phases that no kernel position reaches are zero. */
  private interleaved(
    phases: string[],
    axis: 0 | 2,
    full: number[],
    blocks: number,
  ): string {
    const { c, emit } = this;
    const apart = full.flatMap((extent, i) =>
      i === axis ? [blocks, 1] : extent,
    );
    const parts = phases.map((phase) => emit.reshape(phase, apart));
    const joined = this.concat(parts, axis + 1);
    const rest = c.stride - phases.length;
    const after = apart.map((_, i) => (i === axis + 1 ? rest : 0));
    const none = apart.map(() => 0);
    const filled = rest > 0 ? this.pad(joined, none, after) : joined;
    return emit.reshape(filled, full);
  }

  private mapRows(map: string, chunk: Chunk): string {
    const { c, emit } = this;
    const rows = this.rowsOf(map, chunk, c.mapHeight * c.mapWidth);
    const size = [chunk.images, c.mapHeight, c.mapWidth, c.filters];
    const flat = [chunk.images * c.mapHeight * c.mapWidth, c.filters];
    return emit.reshape(this.turned(emit.reshape(rows, size)), flat);
  }

  private mapBack(rows: string, { images }: Chunk): string {
    const { c, emit } = this;
    const size = [c.mapHeight, images, c.mapWidth, c.filters];
    const flat = [images * c.mapHeight * c.mapWidth, c.filters];
    return emit.reshape(this.turned(emit.reshape(rows, size)), flat);
  }

  private imageBack(image: string, { images }: Chunk): string {
    const { c, emit } = this;
    const flat = [images * c.height * c.width, c.channels];
    return emit.reshape(this.turned(image), flat);
  }

  private rowsOf(rows: string, { first, images }: Chunk, pixels: number) {
    if (images === this.c.batch) return rows;
    return this.slice(rows, 0, first * pixels, (first + images) * pixels);
  }

  /** Swaps images and their rows. */
  private turned(value: string): string {
    return this.emit.node("Transpose", [value], undefined, {
      perm: { type: "ints", value: [1, 0, 2, 3] },
    });
  }

  private slice(
    value: string,
    axis: number,
    from: number,
    to: number,
    step = 1,
  ): string {
    const bounds = [from, to, axis, step].map((it) => this.emit.indices([it]));
    return this.emit.node("Slice", [value, ...bounds]);
  }

  private padAxis(value: string, axis: number, before: number, after: number) {
    if (before === 0 && after === 0) return value;
    const margin = (extent: number) =>
      this.ranges(4).map((i) => (i === axis ? extent : 0));
    return this.pad(value, margin(before), margin(after));
  }

  private pad(value: string, before: number[], after: number[]): string {
    if ([...before, ...after].every((it) => it === 0)) return value;
    return this.emit.node("Pad", [
      value,
      this.emit.indices([...before, ...after]),
    ]);
  }

  private concat(parts: string[], axis: number): string {
    if (parts.length === 1) return parts[0];
    return this.emit.node("Concat", parts, undefined, {
      axis: { type: "int", value: axis },
    });
  }

  /** In a chain, so that only two terms need be there at a time. */
  private added(terms: string[]): string {
    return terms.reduce((sum, term) => this.emit.node("Add", [sum, term]));
  }

  private gemm(inputs: string[], transposed?: "transA" | "transB"): string {
    return this.emit.node(
      "Gemm",
      inputs,
      undefined,
      transposed ? { [transposed]: { type: "int", value: 1 } } : {},
    );
  }

  private ranges(count: number): number[] {
    return Array.from({ length: count }, (_, i) => i);
  }
}
