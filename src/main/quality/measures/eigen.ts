/**
 * What the Frechet distance needs of symmetric matrices, in float64: a root, and eigenvalues by Householder's tridiagonal
 * form and implicit QL steps (Martin, Reinsch and Wilkinson 1968, and Dubrulle, Martin and Wilkinson 1968, in the
 * Handbook for Automatic Computation).
 */

/**
 * A lower triangle L with L L^T the matrix, which is positive semidefinite up to rounding: a direction without variance
 * gets a column of zeros. Row-major.
 */
export function triangularRoot(matrix: Float64Array, n: number): Float64Array {
  const root = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    let rest = matrix[j * n + j];
    for (let k = 0; k < j; k++) rest -= root[j * n + k] ** 2;
    if (rest <= Number.EPSILON * n * matrix[j * n + j]) continue;
    const pivot = Math.sqrt(rest);
    root[j * n + j] = pivot;
    for (let i = j + 1; i < n; i++) {
      let sum = matrix[i * n + j];
      for (let k = 0; k < j; k++) sum -= root[i * n + k] * root[j * n + k];
      root[i * n + j] = sum / pivot;
    }
  }
  return root;
}

/** In no order. `matrix` is `[n, n]`, symmetric, and is used up. Throws an Error where it holds what is not a number. */
export function eigenvaluesOf(matrix: Float64Array, n: number): Float64Array {
  const beside = new Float64Array(n);
  for (let i = n - 1; i > 0; i--) reflect(matrix, beside, n, i);
  const diagonal = Float64Array.from(
    { length: n },
    (_, i) => matrix[i * n + i],
  );
  diagonalize(diagonal, beside, n);
  return diagonal;
}

/** Clears row i left of the element beside the diagonal, which goes into `e[i]`. Only the lower triangle is used. */
function reflect(a: Float64Array, e: Float64Array, n: number, i: number): void {
  const row = i * n;
  let scale = 0;
  for (let k = 0; k < i; k++) scale += Math.abs(a[row + k]);
  if (i === 1 || scale === 0) {
    e[i] = a[row + i - 1];
    return;
  }
  let h = 0;
  for (let k = 0; k < i; k++) {
    a[row + k] /= scale;
    h += a[row + k] ** 2;
  }
  const last = a[row + i - 1];
  const g = last >= 0 ? -Math.sqrt(h) : Math.sqrt(h);
  e[i] = scale * g;
  h -= last * g;
  a[row + i - 1] = last - g;
  let dot = 0;
  for (let j = 0; j < i; j++) {
    let sum = 0;
    for (let k = 0; k <= j; k++) sum += a[j * n + k] * a[row + k];
    for (let k = j + 1; k < i; k++) sum += a[k * n + j] * a[row + k];
    e[j] = sum / h;
    dot += e[j] * a[row + j];
  }
  const half = dot / (2 * h);
  for (let j = 0; j < i; j++) {
    const factor = a[row + j];
    e[j] -= half * factor;
    for (let k = 0; k <= j; k++)
      a[j * n + k] -= factor * e[k] + e[j] * a[row + k];
  }
}

/** More than a handful for a value never happen with numbers. */
const mostRounds = 60;

/** Of the tridiagonal matrix with diagonal `d` and `e[1]` to `e[n - 1]` beside it; the eigenvalues go into `d`. */
function diagonalize(d: Float64Array, e: Float64Array, n: number): void {
  e.copyWithin(0, 1);
  e[n - 1] = 0;
  for (let l = 0; l < n; l++)
    for (let round = 0; ; round++) {
      let m = l;
      while (m < n - 1 && !isSmall(e[m], d[m], d[m + 1])) m++;
      if (m === l) break;
      if (round === mostRounds)
        throw new Error("A covariance has no eigenvalues.");
      rotate(d, e, l, m);
    }
}

function isSmall(beside: number, left: number, right: number): boolean {
  return (
    Math.abs(beside) <= Number.EPSILON * (Math.abs(left) + Math.abs(right))
  );
}

/** One QL step between l and m, with Wilkinson's shift. */
function rotate(d: Float64Array, e: Float64Array, l: number, m: number): void {
  const slope = (d[l + 1] - d[l]) / (2 * e[l]);
  const length = Math.hypot(slope, 1);
  let g = d[m] - d[l] + e[l] / (slope + (slope >= 0 ? length : -length));
  let s = 1;
  let c = 1;
  let p = 0;
  for (let i = m - 1; i >= l; i--) {
    const f = s * e[i];
    const b = c * e[i];
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] -= p;
      e[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    const shifted = d[i + 1] - p;
    const t = (d[i] - shifted) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = shifted + p;
    g = c * t - b;
  }
  d[l] -= p;
  e[l] = g;
  e[m] = 0;
}
