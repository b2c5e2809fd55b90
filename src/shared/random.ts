/**
 * Seeded random numbers with a state that can be saved: the one source of chance in a run.
 *
 * Bits are sfc32 (C. Doty-Humphrey, PractRand); normals the ziggurat of Marsaglia and Tsang (2000) in Doornik's form
 * (2005) with 128 layers, because Box-Muller would cost a tenth of a small network's step.
 */

/** Four 32-bit words. */
export type RandomState = readonly [number, number, number, number];

const layers = 128;
const tailStart = 3.442619855899;
const layerArea = 9.91256303526217e-3;
/** The right edge of each layer and the density there. */
const edges = new Float64Array(layers + 1);
const heights = new Float64Array(layers + 1);
/** A draw is a whole number of 25 bits; below which size it needs no test, and what one is worth. Whole numbers take half the time. */
const half = 2 ** 24;
const limits = new Int32Array(layers);
const units = new Float64Array(layers);
buildLayers();

export class Random {
  /** In an Int32Array, because fields that leave the small-integer range would be boxed at every draw. */
  private readonly words: Int32Array;

  private constructor(state: RandomState) {
    this.words = Int32Array.from(state);
  }

  /** A stream of its own for each purpose (`noise`, `order`, ...) of one seed. */
  static fromSeed(seed: number, purpose: string): Random {
    const random = new Random([seed | 0, hash(purpose), 0x9e3779b9 | 0, 1]);
    for (let i = 0; i < 16; i++) random.uint32();
    return random;
  }

  static fromState(state: RandomState): Random {
    return new Random(state);
  }

  /** What `fromState` needs to go on from here. */
  get state(): RandomState {
    const [a, b, c, counter] = this.words;
    return [a, b, c, counter];
  }

  /** A uniform integer in [0, 2^32). */
  uint32(): number {
    const words = this.words;
    const b = words[1];
    const c = words[2];
    const sum = (words[0] + b + words[3]) | 0;
    words[0] = b ^ (b >>> 9);
    words[1] = c + (c << 3);
    words[2] = ((c << 21) | (c >>> 11)) + sum;
    words[3]++;
    return sum >>> 0;
  }

  /** Uniform in [0, 1), 32 bits deep. */
  uniform(): number {
    return this.uint32() * 2 ** -32;
  }

  /** A uniform integer in [0, bound), without bias (Lemire 2019). */
  below(bound: number): number {
    // 2^32 % bound, in whole numbers of 32 bits.
    const threshold = (-bound >>> 0) % bound;
    for (;;) {
      const draw = this.uint32();
      if (draw >= threshold) return draw % bound;
    }
  }

  /** N(0, 1). */
  normal(): number {
    const bits = this.uint32();
    const layer = bits & (layers - 1);
    const draw = (bits >>> 7) - half;
    return Math.abs(draw) < limits[layer]
      ? draw * units[layer]
      : this.normalOutside(layer, draw);
  }

  /**
   * Fills with N(0, 1): what `normal` would give, in a third of the time, because the state stays in locals and nothing
   * leaves whole numbers of 32 bits before the end.
   */
  fillNormal(target: Float32Array): void {
    const { words } = this;
    let a = words[0];
    let b = words[1];
    let c = words[2];
    let counter = words[3];
    for (let i = 0; i < target.length; i++) {
      const bits = (((a + b) | 0) + counter) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + bits) | 0;
      counter = (counter + 1) | 0;
      const layer = bits & (layers - 1);
      const draw = ((bits >>> 7) - half) | 0;
      const sign = draw >> 31;
      const size = ((draw ^ sign) - sign) | 0;
      if (size < limits[layer]) target[i] = draw * units[layer];
      else {
        this.store(a, b, c, counter);
        target[i] = this.normalOutside(layer, draw);
        a = words[0];
        b = words[1];
        c = words[2];
        counter = words[3];
      }
    }
    this.store(a, b, c, counter);
  }

  /** Fills with a dropout mask: 0 with probability `rate`, else 1 / (1 - rate). */
  fillMask(target: Float32Array, rate: number): void {
    const kept = 1 / (1 - rate);
    for (let i = 0; i < target.length; i++)
      target[i] = this.uniform() < rate ? 0 : kept;
  }

  /** 0 ... count-1 in random order (Fisher-Yates). */
  permutation(count: number): Uint32Array {
    const order = Uint32Array.from({ length: count }, (_, index) => index);
    for (let i = count - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }

  private store(a: number, b: number, c: number, counter: number): void {
    this.words[0] = a;
    this.words[1] = b;
    this.words[2] = c;
    this.words[3] = counter;
  }

  /** A normal whose first draw fell outside its layer's rectangle: in the tail, under the curve, or to be drawn anew. */
  private normalOutside(layer: number, draw: number): number {
    if (layer === 0) return this.tail(draw < 0);
    const x = draw * units[layer];
    const low = heights[layer];
    const high = heights[layer + 1];
    const isUnder = low + this.uniform() * (high - low) < density(x);
    return isUnder ? x : this.normal();
  }

  private tail(negative: boolean): number {
    for (;;) {
      const x = Math.log(1 - this.uniform()) / tailStart;
      const y = Math.log(1 - this.uniform());
      if (-2 * y >= x * x) return negative ? x - tailStart : tailStart - x;
    }
  }
}

function density(x: number): number {
  return Math.exp(-0.5 * x * x);
}

function buildLayers(): void {
  edges[0] = layerArea / density(tailStart);
  edges[1] = tailStart;
  for (let i = 2; i < layers; i++)
    edges[i] = Math.sqrt(
      -2 * Math.log(layerArea / edges[i - 1] + density(edges[i - 1])),
    );
  edges[layers] = 0;
  for (let i = 0; i <= layers; i++) heights[i] = density(edges[i]);
  for (let i = 0; i < layers; i++) {
    limits[i] = Math.ceil((edges[i + 1] / edges[i]) * half);
    units[i] = edges[i] / half;
  }
}

/** FNV-1a, to tell the streams of one seed apart. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++)
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value | 0;
}
