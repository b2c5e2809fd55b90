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

/** Map rows from image rows. */
export function convolveLarge(
  emit: Emitter,
  c: Convolution,
  [image, weight]: string[],
  output: string,
): void {
  const other = fromOtherSide(c);
  if (!other)
    return new LargeKernelLowering(emit, c).convolve(image, weight, output);
  const turned = turnedWeight(emit, weight, c);
  new LargeKernelLowering(emit, other).spread(image, turned, output);
}

/** Image rows from map rows. */
export function spreadLarge(
  emit: Emitter,
  c: Convolution,
  [map, weight]: string[],
  output: string,
): void {
  const other = fromOtherSide(c);
  if (!other)
    return new LargeKernelLowering(emit, c).spread(map, weight, output);
  const turned = turnedWeight(emit, weight, c);
  new LargeKernelLowering(emit, other).convolve(map, turned, output);
}

/** The weights' gradient from image rows and map rows. */
export function correlateLarge(
  emit: Emitter,
  c: Convolution,
  [image, map]: string[],
  output: string,
): void {
  const other = fromOtherSide(c);
  if (!other)
    return new LargeKernelLowering(emit, c).correlate(image, map, output);
  const turned = emit.fresh();
  new LargeKernelLowering(emit, other).correlate(map, image, turned);
  emit.node("Identity", [turnedWeight(emit, turned, other)], output);
}

/**
 * A convolution of stride 1 read from its map to its image is one too, with the kernel turned round. It is taken so
 * where its patches are then much smaller; null elsewhere.
 */
function fromOtherSide(c: Convolution): Convolution | null {
  if (c.stride !== 1 || c.padding >= c.kernel) return null;
  const here = c.mapHeight * c.mapWidth * c.channels;
  const there = c.height * c.width * c.filters;
  if (2 * there > here) return null;
  return {
    ...c,
    height: c.mapHeight,
    width: c.mapWidth,
    channels: c.filters,
    mapHeight: c.height,
    mapWidth: c.width,
    filters: c.channels,
    padding: c.kernel - 1 - c.padding,
  };
}

/** Whether a map's side is so short that the kernel is laid down once for each place on it, not the map for each tap. */
function isShort(extent: number, { kernel, stride }: Convolution): boolean {
  return 2 * extent * stride <= kernel;
}

/** `[channels, kernel * kernel * filters]` from the weights of `c`, the kernel turned by half a circle. */
function turnedWeight(emit: Emitter, weight: string, c: Convolution): string {
  const size = [c.filters, c.kernel, c.kernel, c.channels];
  // Far beyond the first, so that the first is included.
  const bounds = [
    [-1, -1],
    [-size[1] - 1, -size[1] - 1],
    [1, 2],
    [-1, -1],
  ].map((it) => emit.indices(it));
  const back = emit.node("Slice", [emit.reshape(weight, size), ...bounds]);
  const swapped = emit.node("Transpose", [back], undefined, {
    perm: { type: "ints", value: [3, 1, 2, 0] },
  });
  return emit.reshape(swapped, [c.channels, c.kernel * c.kernel * c.filters]);
}

/** One convolution on its way into ONNX. Inside, an image is `[height, images, width, channels]`: rows are contiguous. */
class LargeKernelLowering {
  private readonly chunks: readonly Chunk[];
  /** Whether the products of all kernel rows fit in memory, and are laid down by rows of the map. */
  private readonly fewRows: boolean;

  constructor(
    private readonly emit: Emitter,
    private readonly c: Convolution,
  ) {
    const width = c.mapWidth * c.kernel * c.channels;
    const columns = c.mapHeight * c.kernel * width;
    this.fewRows = isShort(c.mapHeight, c) && columns <= 4 * mostFloats;
    const rows = (c.height + 2 * c.padding) * width;
    const floats = this.fewRows ? Math.max(columns, rows) : rows;
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
    const parts = this.chunks.map((chunk) => {
      const rows = this.mapRows(map, chunk);
      const tall = this.fewRows
        ? this.tallByMapRows(rows, weight, chunk)
        : this.tallByKernelRows(rows, weight, chunk);
      return this.imageBack(this.foldedColumns(tall, chunk), chunk);
    });
    join(this.emit, parts, output);
  }

  /** `[height, images, map width, kernel * channels]`: what lies on each row of the image. */
  private tallByKernelRows(
    rows: string,
    weight: string,
    { images }: Chunk,
  ): string {
    const { c, emit } = this;
    const size = [c.mapHeight, images, c.mapWidth, c.kernel * c.channels];
    const terms = this.weightRows(weight).map((it) =>
      emit.reshape(this.gemm([rows, it]), size),
    );
    return this.cut(this.inStrides(terms, 0, size), 0, size, c.height);
  }

  /** The same for maps of few rows, each of which is laid down whole. */
  private tallByMapRows(rows: string, weight: string, { images }: Chunk) {
    const { c, emit } = this;
    const row = [c.kernel, images, c.mapWidth, c.kernel * c.channels];
    const apart = [c.mapHeight, images, c.mapWidth, c.kernel, row[3]];
    const all = emit.reshape(this.gemm([rows, weight]), apart);
    const terms = this.ranges(c.mapHeight).map((y) => {
      const one = this.slice(all, 0, y, y + 1);
      const turned = emit.node("Transpose", [one], undefined, {
        perm: { type: "ints", value: [3, 1, 2, 0, 4] },
      });
      return emit.reshape(turned, row);
    });
    return this.cut(this.placed(terms, 0, row, c.stride), 0, row, c.height);
  }

  /** The image, `[height, images, width, channels]`. */
  private foldedColumns(tall: string, { images }: Chunk): string {
    const { c, emit } = this;
    if (isShort(c.mapWidth, c)) {
      const column = [c.height, images, c.kernel, c.channels];
      const terms = this.ranges(c.mapWidth).map((x) =>
        emit.reshape(this.slice(tall, 2, x, x + 1), column),
      );
      const whole = this.placed(terms, 2, column, c.stride);
      return this.cut(whole, 2, column, c.width);
    }
    const column = [c.height, images, c.mapWidth, c.channels];
    const terms = this.ranges(c.kernel).map((x) =>
      this.slice(tall, 3, x * c.channels, (x + 1) * c.channels),
    );
    return this.cut(this.inStrides(terms, 2, column), 2, column, c.width);
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

  /** Terms that lie `step` pixels further each along an axis, added up; `shape` becomes that of the sum. */
  private placed(
    terms: string[],
    axis: 0 | 2,
    shape: number[],
    step: number,
  ): string {
    const room = (terms.length - 1) * step;
    shape[axis] += room;
    return this.added(
      terms.map((term, i) =>
        this.padAxis(term, axis, i * step, room - i * step),
      ),
    );
  }

  /**
   * Terms that lie a pixel further each along an axis, every one of values `stride` pixels apart, added up: first those
   * that fall on the same pixels of a stride. `shape` becomes that of the sum.
   */
  private inStrides(terms: string[], axis: 0 | 2, shape: number[]): string {
    const { c, emit } = this;
    const blocks = shape[axis] + Math.ceil(c.kernel / c.stride) - 1;
    const phases = this.ranges(Math.min(c.stride, c.kernel)).map((phase) => {
      const own = terms.filter((_, i) => i % c.stride === phase);
      const size = [...shape];
      const sum = this.placed(own, axis, size, 1);
      return this.padAxis(sum, axis, 0, blocks - size[axis]);
    });
    const apart = [...shape];
    apart.splice(axis, 1, blocks, 1);
    shape[axis] = blocks * c.stride;
    if (c.stride === 1) return phases[0];
    const parts = phases.map((phase) => emit.reshape(phase, apart));
    const after = apart.map((_, i) =>
      i === axis + 1 ? c.stride - phases.length : 0,
    );
    const none = apart.map(() => 0);
    const joined = this.pad(this.concat(parts, axis + 1), none, after);
    return emit.reshape(joined, shape);
  }

  /** The image's part of an axis, without the padding; pixels that nothing reaches are zero. */
  private cut(
    value: string,
    axis: 0 | 2,
    shape: readonly number[],
    extent: number,
  ): string {
    const { padding } = this.c;
    const missing = Math.max(0, padding + extent - shape[axis]);
    const long = this.padAxis(value, axis, 0, missing);
    return this.slice(long, axis, padding, padding + extent);
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
