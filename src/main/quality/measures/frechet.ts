/**
 * The Frechet distance of two Gaussians (Dowson and Landau 1982; as FID, Heusel et al. 2017), in float64, and its value
 * for endlessly many images: the bias goes as one over their number (Chong and Forsyth 2020), so a line through several
 * numbers of images meets the axis there.
 */
import { eigenvaluesOf, triangularRoot } from "./eigen";
import type { Rows } from "./rows";

interface Moments {
  count: number;
  mean: Float64Array;
  /** `[width, width]`: the unbiased covariance. */
  covariance: Float64Array;
}

/** Mean and covariance of the chosen rows. */
function momentsOf(
  { width, values }: Rows,
  indices: ArrayLike<number>,
): Moments {
  const count = indices.length;
  const mean = new Float64Array(width);
  for (let i = 0; i < count; i++)
    for (let j = 0; j < width; j++) mean[j] += values[indices[i] * width + j];
  for (let j = 0; j < width; j++) mean[j] /= count;
  const covariance = new Float64Array(width * width);
  const row = new Float64Array(width);
  for (let i = 0; i < count; i++) {
    const at = indices[i] * width;
    for (let j = 0; j < width; j++) row[j] = values[at + j] - mean[j];
    for (let j = 0; j < width; j++) {
      const factor = row[j];
      const line = j * width;
      for (let k = 0; k <= j; k++) covariance[line + k] += factor * row[k];
    }
  }
  for (let j = 0; j < width; j++)
    for (let k = 0; k <= j; k++) {
      const value = covariance[j * width + k] / Math.max(1, count - 1);
      covariance[j * width + k] = value;
      covariance[k * width + j] = value;
    }
  return { count, mean, covariance };
}

/** Several sets of rows as one. */
function mergeMoments(parts: readonly Moments[]): Moments {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const width = parts[0].mean.length;
  const mean = new Float64Array(width);
  for (const part of parts)
    for (let j = 0; j < width; j++)
      mean[j] += (part.count / count) * part.mean[j];
  const covariance = new Float64Array(width * width);
  for (const part of parts)
    for (let j = 0; j < width; j++)
      for (let k = 0; k < width; k++) {
        const at = j * width + k;
        const between =
          part.count * (part.mean[j] - mean[j]) * (part.mean[k] - mean[k]);
        covariance[at] +=
          ((part.count - 1) * part.covariance[at] + between) /
          Math.max(1, count - 1);
      }
  return { count, mean, covariance };
}

/**
 * |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^1/2). The root's trace is that of the symmetric C1^1/2 C2 C1^1/2, from its
 * eigenvalues; those that rounding made negative count as 0.
 */
function frechetDistance(a: Moments, b: Moments): number {
  const width = a.mean.length;
  // L^T C2 L has the eigenvalues of C1^1/2 C2 C1^1/2 for any L with L L^T = C1.
  const root = triangularRoot(a.covariance, width);
  const half = multiply(b.covariance, root, width);
  const product = multiplyTransposed(root, half, width);
  const roots = eigenvaluesOf(product, width);
  let distance = 0;
  for (let i = 0; i < width; i++) {
    distance += (a.mean[i] - b.mean[i]) ** 2;
    distance += a.covariance[i * width + i] + b.covariance[i * width + i];
    distance -= 2 * Math.sqrt(Math.max(0, roots[i]));
  }
  return Math.max(0, distance);
}

/** FD of all images, and extrapolated from n, n/2 and n/4 images (disjoint parts, in order). */
export function frechetDistances(
  a: Rows,
  b: Rows,
  chosenA: ArrayLike<number>,
  chosenB: ArrayLike<number>,
): { fd: number; fdInfinity: number } {
  const quartersA = quarters(chosenA).map((part) => momentsOf(a, part));
  const quartersB = quarters(chosenB).map((part) => momentsOf(b, part));
  const meanOver = (parts: number) => {
    const size = 4 / parts;
    const distances = Array.from({ length: parts }, (_, part) => {
      const [from, to] = [part * size, (part + 1) * size];
      return frechetDistance(
        mergeMoments(quartersA.slice(from, to)),
        mergeMoments(quartersB.slice(from, to)),
      );
    });
    return distances.reduce((sum, it) => sum + it, 0) / parts;
  };
  const means = [1, 2, 4].map(meanOver);
  return { fd: means[0], fdInfinity: interceptOf([1, 2, 4], means) };
}

/** The least-squares line's value at 0. */
function interceptOf(x: readonly number[], y: readonly number[]): number {
  const meanX = x.reduce((sum, it) => sum + it, 0) / x.length;
  const meanY = y.reduce((sum, it) => sum + it, 0) / y.length;
  let covariance = 0;
  let variance = 0;
  x.forEach((value, i) => {
    covariance += (value - meanX) * (y[i] - meanY);
    variance += (value - meanX) ** 2;
  });
  return meanY - (covariance / variance) * meanX;
}

/** Four parts of equal size but for the last, which takes the rest. */
function quarters(indices: ArrayLike<number>): number[][] {
  const size = Math.floor(indices.length / 4);
  return [0, 1, 2, 3].map((part) =>
    Array.from(
      { length: part < 3 ? size : indices.length - 3 * size },
      (_, i) => indices[part * size + i],
    ),
  );
}

function multiply(
  a: Float64Array,
  b: Float64Array,
  size: number,
): Float64Array {
  const product = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let k = 0; k < size; k++) {
      const factor = a[i * size + k];
      for (let j = 0; j < size; j++)
        product[i * size + j] += factor * b[k * size + j];
    }
  return product;
}

/** a^T b. */
function multiplyTransposed(
  a: Float64Array,
  b: Float64Array,
  size: number,
): Float64Array {
  const product = new Float64Array(size * size);
  for (let k = 0; k < size; k++)
    for (let i = 0; i < size; i++) {
      const factor = a[k * size + i];
      for (let j = 0; j < size; j++)
        product[i * size + j] += factor * b[k * size + j];
    }
  return product;
}
