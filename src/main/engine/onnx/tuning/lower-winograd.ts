/**
 * Convolutions by `winograd.ts` as ONNX nodes. A transform is a product with a small matrix over the leading axis, once
 * for each axis of the image: ONNX Runtime's kernels do that as fast as a single addition. Between the transforms stand
 * products of matrices, one for each pair of evaluation points.
 */
import type { Shape } from "../../../../shared/layers";
import { volume } from "../../../../shared/layers";
import type { Chunk } from "./chunks";
import { addUp, chunks, join } from "./chunks";
import type { Convolution } from "../../../graph/convolution";
import type { Emitter } from "../emitter";
import type { Matrix, Tiling, Transforms } from "./winograd";
import { acrossTiles, taps, transformsOf, transposed } from "./winograd";
import {
  axisOrder,
  inverse,
  pixelOrder,
  tapOrder,
  tileOrder,
  windowOrder,
} from "./winograd-order";

/** Floats of transformed images at a time: 8 MB. Fewer leave products with few rows. */
const chunkFloats = 2 ** 21;

/** One convolution on its way into ONNX. */
export class WinogradLowering {
  private readonly transforms: Transforms;
  private readonly chunks: readonly Chunk[];

  constructor(
    private readonly emit: Emitter,
    private readonly c: Convolution,
    private readonly t: Tiling,
  ) {
    this.transforms = transformsOf(t.tile);
    const floats = t.points ** 2 * t.rows * t.columns * t.blockFloats;
    this.chunks = chunks(c.batch, floats, chunkFloats);
  }

  /** Map rows from image rows. */
  convolve(image: string, weight: string, output: string): void {
    const { emit } = this;
    const padded = this.padded(image);
    const u = this.swapped(this.weights(weight));
    const parts = this.chunks.map((chunk) => {
      const v = this.windows(padded, chunk, "convolve");
      return this.outputs(emit.node("MatMul", [v, u]), chunk);
    });
    join(emit, parts, output);
  }

  /** The weights' gradient from image rows and map rows. */
  correlate(image: string, map: string, output: string): void {
    const { emit } = this;
    const padded = this.padded(image);
    const parts = this.chunks.map((chunk) => {
      const v = this.windows(padded, chunk, "correlate");
      return emit.node("MatMul", [this.swapped(this.tiles(map, chunk)), v]);
    });
    const sum = emit.fresh();
    addUp(emit, parts, sum);
    this.weightsBack(sum, output);
  }

  /** Image rows from map rows, which the transforms of `convolve` lead to when they are all transposed. */
  spread(map: string, weight: string, output: string): void {
    const { emit, c, t } = this;
    const shape = [t.points, 1, t.points, c.filters, t.blockFloats];
    const u = emit.reshape(this.weights(weight), shape);
    const parts = this.chunks.map((chunk) => {
      const m = this.tilesByAxis(map, chunk);
      return this.pixels(emit.node("MatMul", [m, u]), chunk.images);
    });
    join(emit, parts, output);
  }

  /** U, `[points * points, filters, blockFloats]`. */
  private weights(weight: string): string {
    const { emit, c, t } = this;
    const rows = emit.reshape(weight, [
      c.filters * c.kernel * taps,
      c.stride * c.channels,
    ]);
    const byTap = this.gather(rows, "by tap", [], () => tapOrder(c));
    const u = this.transform(
      this.transforms.weight,
      byTap,
      c.filters * t.blockFloats,
    );
    return emit.reshape(u, [t.points ** 2, c.filters, t.blockFloats]);
  }

  /** The other way: a gradient of U into one of the weights. */
  private weightsBack(u: string, output: string): void {
    const { emit, c, t } = this;
    const floats = c.stride * c.channels;
    const byTap = this.transform(
      transposed(this.transforms.weight),
      u,
      c.filters * t.blockFloats,
    );
    const rows = emit.reshape(byTap, [c.filters * c.kernel * taps, floats]);
    const weight = this.gather(rows, "back from taps", [], () =>
      inverse(tapOrder(c)),
    );
    const shape = emit.indices([c.filters, c.kernel * taps * floats]);
    emit.node("Reshape", [weight, shape], output);
  }

  /**
   * V, `[points * points, tiles, blockFloats]`, of images from `padded`. ONNX Runtime computes equal values once and
   * keeps them; each purpose has indices of its own, because doing it twice takes less time than memory traffic would.
   */
  private windows(padded: string, chunk: Chunk, purpose: string): string {
    const { emit, c, t } = this;
    const gathered = this.gather(padded, `windows to ${purpose}`, chunk, () =>
      windowOrder(c, t, chunk),
    );
    const tiles = this.count(chunk);
    const v = this.transform(
      this.transforms.data,
      gathered,
      tiles * t.blockFloats,
    );
    return emit.reshape(v, [t.points ** 2, tiles, t.blockFloats]);
  }

  /** What a map's gradient is for the products: `[points * points, tiles, filters]`. */
  private tiles(map: string, chunk: Chunk): string {
    const { emit, c, t } = this;
    const sorted = this.gather(map, "tiles", chunk, () =>
      tileOrder(c, t, chunk),
    );
    const tiles = this.count(chunk);
    const a = transposed(this.transforms.output);
    const m = this.transform(a, sorted, tiles * c.filters);
    return emit.reshape(m, [t.points ** 2, tiles, c.filters]);
  }

  /** The same as `[points, tile rows, points, tile columns * images, filters]`. */
  private tilesByAxis(map: string, chunk: Chunk): string {
    const { emit, c, t } = this;
    const sorted = this.gather(map, "tiles by axis", chunk, () =>
      axisOrder(c, t, chunk),
    );
    const a = transposed(this.transforms.output);
    const row = t.columns * chunk.images * c.filters;
    const tall = this.product(a, sorted, [t.tile, t.rows * t.tile * row]);
    const m = this.product(a, tall, [t.points * t.rows, t.tile, row]);
    return emit.reshape(m, [
      t.points,
      t.rows,
      t.points,
      t.columns * chunk.images,
      c.filters,
    ]);
  }

  /** Map rows from products. */
  private outputs(products: string, chunk: Chunk): string {
    const { emit, c, t } = this;
    const floats = this.count(chunk) * c.filters;
    const byTile = this.transform(this.transforms.output, products, floats);
    const size = [t.tile ** 2 * this.count(chunk), c.filters];
    const { images } = chunk;
    return this.gather(
      emit.reshape(byTile, size),
      "back from tiles",
      images,
      () => inverse(tileOrder(c, t, { first: 0, images })),
    );
  }

  /** Image rows from the products of `tilesByAxis`: what tiles share is added up by matrices as wide as the map. */
  private pixels(products: string, images: number): string {
    const { emit, c, t } = this;
    const back = (tiles: number) =>
      transposed(acrossTiles(this.transforms.data, t.tile, tiles));
    const floats = images * t.blockFloats;
    const height = t.points * t.rows;
    const width = t.points * t.columns;
    const tall = this.product(back(t.rows), products, [height, width * floats]);
    const blocks = this.product(back(t.columns), tall, [
      t.blockRows,
      width,
      floats,
    ]);
    const rows = volume([t.blockRows, t.blockColumns, floats]) / c.channels;
    return this.gather(
      emit.reshape(blocks, [rows, c.channels]),
      "pixels",
      images,
      () => pixelOrder(c, t, images),
    );
  }

  /** Images with their margin, as rows of `stride` pixels. */
  private padded(image: string): string {
    const { emit, c, t } = this;
    const rows = [
      c.batch * t.blockRows * c.stride * t.blockColumns,
      c.stride * c.channels,
    ];
    if (c.padding === 0) return emit.reshape(image, rows);
    const shape = [c.batch, c.height, c.width, c.channels];
    const margin = [0, c.padding, c.padding, 0];
    const widths = emit.indices([...margin, ...margin]);
    const padded = emit.node("Pad", [emit.reshape(image, shape), widths]);
    return emit.reshape(padded, rows);
  }

  private count({ images }: Chunk): number {
    return images * this.t.rows * this.t.columns;
  }

  /** A matrix `[p, q]` over both leading axes of `[q, q, floats]`. */
  private transform(matrix: Matrix, value: string, floats: number): string {
    const [p, q] = [matrix.length, matrix[0].length];
    const first = this.product(matrix, value, [q, q * floats]);
    return this.product(matrix, first, [p, q, floats]);
  }

  /** A matrix times a value of this shape, or each matrix in it. */
  private product(matrix: Matrix, value: string, shape: Shape): string {
    const { emit } = this;
    const size = [matrix.length, matrix[0].length];
    const constant = emit.constant(
      `matrix ${JSON.stringify(matrix)}`,
      size,
      () => Float32Array.from(matrix.flat()),
    );
    const type = shape.length === 2 ? "Gemm" : "MatMul";
    return emit.node(type, [constant, emit.reshape(value, shape)]);
  }

  /** Rows in another order; `part` tells apart the chunks whose orders differ. */
  private gather(
    rows: string,
    order: string,
    part: unknown,
    make: () => Int32Array,
  ): string {
    const key = `winograd ${order} ${JSON.stringify([this.c, part])}`;
    return this.emit.node("Gather", [rows, this.emit.rowNumbers(key, make)]);
  }

  /** ONNX Runtime makes one operation of this and the product behind it. */
  private swapped(matrices: string): string {
    return this.emit.node("Transpose", [matrices], undefined, {
      perm: { type: "ints", value: [0, 2, 1] },
    });
  }
}
