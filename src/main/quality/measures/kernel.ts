/**
 * The kernel distance, KID (Binkowski et al. 2018): the unbiased squared MMD under (x . y / width + 1)^3, averaged over
 * equal parts of at most 1,000 images. Unbiased, so that it may fall below 0 and is the one to read where images are few.
 */
import type { Products } from "./products";
import { sliceRows } from "./rows";
import type { Rows } from "./rows";

const mostOfPart = 1000;

interface Part {
  realFrom: number;
  real: number;
  fakeFrom: number;
  fake: number;
  realReal: Float64Array;
  fakeFake: Float64Array;
  realFake: Float64Array;
}

/** The kernel's values, computed once for any choice of images. */
export class KernelDistance {
  private constructor(
    private readonly parts: readonly Part[],
    private readonly counts: readonly [number, number],
  ) {}

  static async of(
    real: Rows,
    fake: Rows,
    products: Products,
  ): Promise<KernelDistance> {
    const count = Math.ceil(Math.min(real.count, fake.count) / mostOfPart);
    const parts: Part[] = [];
    for (let part = 0; part < count; part++) {
      const [realFrom, realTo] = bounds(real.count, count, part);
      const [fakeFrom, fakeTo] = bounds(fake.count, count, part);
      const x = sliceRows(real, realFrom, realTo);
      const y = sliceRows(fake, fakeFrom, fakeTo);
      parts.push({
        realFrom,
        real: x.count,
        fakeFrom,
        fake: y.count,
        realReal: kernel(await products(x, x), real.width),
        fakeFake: kernel(await products(y, y), real.width),
        realFake: kernel(await products(x, y), real.width),
      });
    }
    return new KernelDistance(parts, [real.count, fake.count]);
  }

  /** Of the chosen images; NaN where a part keeps fewer than two of either. */
  readonly among = (
    realChosen: Uint32Array,
    fakeChosen: Uint32Array,
  ): number => {
    const isReal = membership(realChosen, this.counts[0]);
    const isFake = membership(fakeChosen, this.counts[1]);
    const distances = this.parts.map((part) => {
      const x = membersIn(isReal, part.realFrom, part.real);
      const y = membersIn(isFake, part.fakeFrom, part.fake);
      return (
        meanOffDiagonal(part.realReal, x, part.real) +
        meanOffDiagonal(part.fakeFake, y, part.fake) -
        2 * meanOf(part.realFake, x, y, part.fake)
      );
    });
    return distances.reduce((sum, it) => sum + it, 0) / distances.length;
  };
}

function bounds(count: number, parts: number, part: number): [number, number] {
  const size = Math.floor(count / parts);
  return [part * size, (part + 1) * size];
}

function kernel(
  products: Float32Array | Float64Array,
  width: number,
): Float64Array {
  const values = new Float64Array(products.length);
  for (let i = 0; i < values.length; i++) {
    const base = products[i] / width + 1;
    values[i] = base * base * base;
  }
  return values;
}

function membership(chosen: Uint32Array, count: number): Uint8Array {
  const flags = new Uint8Array(count);
  for (const index of chosen) flags[index] = 1;
  return flags;
}

function membersIn(flags: Uint8Array, from: number, count: number): number[] {
  const members: number[] = [];
  for (let i = 0; i < count; i++) if (flags[from + i]) members.push(i);
  return members;
}

function meanOffDiagonal(
  matrix: Float64Array,
  members: readonly number[],
  width: number,
): number {
  let sum = 0;
  for (let a = 0; a < members.length; a++) {
    const line = members[a] * width;
    for (let b = 0; b < a; b++) sum += matrix[line + members[b]];
  }
  return (2 * sum) / (members.length * (members.length - 1));
}

function meanOf(
  matrix: Float64Array,
  rows: readonly number[],
  columns: readonly number[],
  width: number,
): number {
  let sum = 0;
  for (const row of rows)
    for (const column of columns) sum += matrix[row * width + column];
  return sum / (rows.length * columns.length);
}
