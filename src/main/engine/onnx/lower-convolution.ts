/**
 * Convolutions as gathered rows and products of matrices: ONNX Runtime's own Conv packs its weights when a session
 * is made, and ours change every step. Images are taken in chunks whose patches stay in the processor's cache.
 */
import type { Chunk } from "./tuning/chunks";
import { addUp, chunks, join } from "./tuning/chunks";
import type { Convolution } from "../../graph/convolution";
import type { Node } from "../../graph/node";
import type { Emitter } from "./emitter";
import {
  convolveLarge,
  correlateLarge,
  isLargeKernel,
  spreadLarge,
} from "./lower-large-kernel";
import { WinogradLowering } from "./tuning/lower-winograd";
import { tilingOf } from "./tuning/winograd";

/** Floats of patches at a time: about 4 MB, and on a GPU, which has no such cache but waits for each call, 128 MB. */
const chunkFloats = { processor: 2 ** 20, gpu: 2 ** 25 };

/** Channels from which on rows are quick to gather. */
const longRow = 32;

/** map = patches(image) * weight^T */
export function lowerConvolve(
  emit: Emitter,
  node: Node<"convolve">,
  output: string,
): void {
  const [image, weight] = node.inputs.map((input) => emit.value(input));
  const c = node.attributes;
  const tiling = emit.target === "gpu" ? null : tilingOf(c);
  if (tiling)
    return new WinogradLowering(emit, c, tiling).convolve(
      image,
      weight,
      output,
    );
  if (isLargeKernel(c)) return convolveLarge(emit, c, [image, weight], output);
  const rows = withZeroRow(emit, image, c.channels);
  const parts = patchChunks(emit, c).map((chunk) =>
    gemm(emit, [patches(emit, "convolve", rows, c, chunk), weight], {
      transB: 1,
    }),
  );
  join(emit, parts, output);
}

/**
 * weight = map^T * patches(image), summed over the chunks. In the end, and not through Gemm's addend: ONNX Runtime would
 * gather all patches before the first product of such a chain.
 */
export function lowerCorrelate(
  emit: Emitter,
  node: Node<"correlate">,
  output: string,
): void {
  const [image, map] = node.inputs.map((input) => emit.value(input));
  const c = node.attributes;
  const tiling = emit.target === "gpu" ? null : tilingOf(c);
  if (tiling)
    return new WinogradLowering(emit, c, tiling).correlate(image, map, output);
  if (isLargeKernel(c)) return correlateLarge(emit, c, [image, map], output);
  const rows = withZeroRow(emit, image, c.channels);
  const parts = patchChunks(emit, c).map((chunk) =>
    gemm(
      emit,
      [
        mapRows(emit, map, c, chunk),
        patches(emit, "correlate", rows, c, chunk),
      ],
      { transA: 1 },
    ),
  );
  addUp(emit, parts, output);
}

/** image = what patches(image) came from, summed, of map * weight. */
export function lowerSpread(
  emit: Emitter,
  node: Node<"spread">,
  output: string,
): void {
  const [map, weight] = node.inputs.map((input) => emit.value(input));
  const c = node.attributes;
  const tiling = emit.target === "gpu" ? null : tilingOf(c);
  if (tiling)
    return new WinogradLowering(emit, c, tiling).spread(map, weight, output);
  if (isLargeKernel(c)) return spreadLarge(emit, c, [map, weight], output);
  const parts = patchChunks(emit, c).map((chunk) => {
    // The zero row becomes a zero patch, for pixels that fewer kernel positions reach.
    const rows = withZeroRow(emit, mapRows(emit, map, c, chunk), c.filters);
    const columns = gemm(emit, [rows, weight], {});
    return fold(emit, columns, c, chunk.images);
  });
  join(emit, parts, output);
}

function patchChunks({ target }: Emitter, c: Convolution): Chunk[] {
  const floats = mapPixels(c) * c.kernel * c.kernel * c.channels;
  return chunks(c.batch, floats, chunkFloats[target]);
}

function mapRows(
  emit: Emitter,
  map: string,
  c: Convolution,
  { first, images }: Chunk,
): string {
  if (images === c.batch) return map;
  const bounds = [first, first + images].map((image) =>
    emit.indices([image * mapPixels(c)]),
  );
  return emit.node("Slice", [map, ...bounds, emit.indices([0])]);
}

/**
 * `[rows of the map, kernel * kernel * channels]` of a chunk of images, from the rows of all images and a zero row.
 * ONNX Runtime finds equal patches and keeps them. For long rows each purpose has indices of its own, so that it does
 * not: gathering them again into the cache is faster than reading them back from memory.
 */
function patches(
  emit: Emitter,
  purpose: "convolve" | "correlate",
  rows: string,
  c: Convolution,
  chunk: Chunk,
): string {
  const width = c.kernel * c.kernel;
  const count = chunk.images * mapPixels(c);
  const sharing = c.channels < longRow ? "share" : purpose;
  const indices = emit.constant(
    `patches to ${sharing} ${JSON.stringify([c, chunk])}`,
    [count, width],
    () => patchIndices(c, chunk),
  );
  const gathered = emit.node("Gather", [rows, indices]);
  return emit.reshape(gathered, [count, width * c.channels]);
}

function patchIndices(c: Convolution, { first, images }: Chunk): Int32Array {
  const indices = new Int32Array(images * mapPixels(c) * c.kernel * c.kernel);
  const zeroRow = c.batch * c.height * c.width;
  let at = 0;
  for (let image = first; image < first + images; image++)
    for (let my = 0; my < c.mapHeight; my++)
      for (let mx = 0; mx < c.mapWidth; mx++)
        for (let ky = 0; ky < c.kernel; ky++)
          for (let kx = 0; kx < c.kernel; kx++) {
            const y = my * c.stride + ky - c.padding;
            const x = mx * c.stride + kx - c.padding;
            const inside = y >= 0 && y < c.height && x >= 0 && x < c.width;
            indices[at++] = inside
              ? (image * c.height + y) * c.width + x
              : zeroRow;
          }
  return indices;
}

/** The rows of `images` images, each the sum of the patch entries that lie on it. */
function fold(
  emit: Emitter,
  columns: string,
  c: Convolution,
  images: number,
): string {
  const kernel = c.kernel * c.kernel;
  const entries = emit.reshape(columns, [
    (images * mapPixels(c) + 1) * kernel,
    c.channels,
  ]);
  const reach = Math.ceil(c.kernel / c.stride);
  const terms = Array.from({ length: reach * reach }, (_, term) =>
    emit.node("Gather", [
      entries,
      emit.constant(
        `fold ${JSON.stringify([c, images, term])}`,
        [images * c.height * c.width],
        () => foldIndices(c, images, Math.floor(term / reach), term % reach),
      ),
    ]),
  );
  const sum = emit.fresh();
  addUp(emit, terms, sum);
  return sum;
}

/** Where, in the patches, the `termY`-th and `termX`-th kernel position that can reach each pixel wrote. */
function foldIndices(
  c: Convolution,
  images: number,
  termY: number,
  termX: number,
): Int32Array {
  const indices = new Int32Array(images * c.height * c.width);
  const kernel = c.kernel * c.kernel;
  const zeroPatch = images * mapPixels(c) * kernel;
  let at = 0;
  for (let image = 0; image < images; image++)
    for (let y = 0; y < c.height; y++)
      for (let x = 0; x < c.width; x++) {
        const vertical = reaching(y, termY, c, c.mapHeight);
        const horizontal = reaching(x, termX, c, c.mapWidth);
        indices[at++] =
          vertical && horizontal
            ? ((image * c.mapHeight + vertical.map) * c.mapWidth +
                horizontal.map) *
                kernel +
              vertical.tap * c.kernel +
              horizontal.tap
            : zeroPatch;
      }
  return indices;
}

/** Along one axis: the map position and kernel tap that meet at a pixel; null where there is none. */
function reaching(
  pixel: number,
  term: number,
  c: Convolution,
  mapExtent: number,
): { map: number; tap: number } | null {
  const tap = ((pixel + c.padding) % c.stride) + term * c.stride;
  const map = (pixel + c.padding - tap) / c.stride;
  return tap < c.kernel && map >= 0 && map < mapExtent ? { map, tap } : null;
}

function mapPixels(c: Convolution): number {
  return c.mapHeight * c.mapWidth;
}

function withZeroRow(emit: Emitter, rows: string, columns: number): string {
  return emit.node("Concat", [rows, emit.fill(0, [1, columns])], undefined, {
    axis: { type: "int", value: 0 },
  });
}

function gemm(
  emit: Emitter,
  inputs: string[],
  transposed: { transA?: 1; transB?: 1 },
  output?: string,
): string {
  return emit.node(
    "Gemm",
    inputs,
    output,
    Object.fromEntries(
      Object.entries(transposed).map(([name, value]) => [
        name,
        { type: "int", value } as const,
      ]),
    ),
  );
}
