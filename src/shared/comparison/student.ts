/** Student's t distribution: how far from 0 its middle 95 % reach. Held to SciPy in `test/shared/over-seeds.test.ts`. */

const confidence = 0.95;

/**
 * The value that a t of so many degrees of freedom stays within, to either side, with a chance of 95 %. `freedom` is
 * above 0 and need not be whole (Welch).
 */
export function criticalT(freedom: number): number {
  let low = 0;
  let high = 1;
  while (within(high, freedom) < confidence) high *= 2;
  // Bisection to the last digits: the function is smooth, but a few dozen evaluations cost nothing.
  for (let round = 0; round < 100 && high - low > 1e-13 * high; round++) {
    const middle = (low + high) / 2;
    if (within(middle, freedom) < confidence) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The chance of |t| < value. */
function within(value: number, freedom: number): number {
  const x = freedom / (freedom + value ** 2);
  return 1 - incompleteBeta(x, freedom / 2, 0.5);
}

/** Regularised; by its continued fraction (DLMF 8.17.22), on the side where that converges fast. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(
    a * Math.log(x) +
      b * Math.log1p(-x) +
      logGamma(a + b) -
      logGamma(a) -
      logGamma(b),
  );
  return (front / a) * continuedFraction(x, a, b);
}

/** By Lentz's method. */
function continuedFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || tiny);
  let value = d;
  for (let m = 1; m < 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d || tiny);
    c = 1 + even / c || tiny;
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d || tiny);
    c = 1 + odd / c || tiny;
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return value;
}

/** By Stirling's series (DLMF 5.11.1) from 15 on, where four of its terms give all digits. */
function logGamma(x: number): number {
  let shift = 0;
  while (x < 15) shift += Math.log(x++);
  const series =
    1 / (12 * x) -
    1 / (360 * x ** 3) +
    1 / (1260 * x ** 5) -
    1 / (1680 * x ** 7);
  return (
    (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series - shift
  );
}
