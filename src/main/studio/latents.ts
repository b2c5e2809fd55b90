/** Latent vectors of the explorer: named ones, and paths through them. Pure arithmetic on `[count, latent]` arrays. */
import type { Exploration, LatentName } from "../../shared/contract/explore";
import { Random } from "../../shared/random";
import { seededLatent } from "../../shared/seeded-latents";
import { noiseBank } from "../trainer/streams";

export interface Latents {
  count: number;
  /** `[count, size]`. */
  values: Float32Array;
  /** Where the vectors have names; null for those between stops. */
  names: LatentName[] | null;
}

/** The vectors that an exploration asks for, `size` values each, none beyond plus or minus `truncation`. */
export function latentsOf(
  exploration: Exploration,
  size: number,
  truncation: number | null,
): Latents {
  const find = (name: LatentName) => namedLatent(name, size, truncation);
  switch (exploration.kind) {
    case "bank":
      return named(
        numbered(exploration.count, (index) => ({ from: "bank", index })),
        find,
      );
    case "samples": {
      const { seed, count } = exploration;
      return named(
        numbered(count, (index) => ({ from: "seed", seed, index })),
        find,
      );
    }
    case "slerp":
      return path(exploration.stops.map(find), exploration.framesPerLeg, false);
    case "walk": {
      const { seed, stops, framesPerLeg } = exploration;
      const names = numbered(stops, (index) => ({
        from: "seed" as const,
        seed,
        index,
      }));
      return path(names.map(find), framesPerLeg, true);
    }
    case "classes": {
      const { latent, classes, framesPerLeg } = exploration;
      const vector = find(latent);
      const count = (classes.length - 1) * framesPerLeg + 1;
      const vectors = Array.from({ length: count }, () => vector);
      return { ...stack(vectors), names: null };
    }
    case "sweep":
      return sweep(find(exploration.latent), exploration);
    default:
      return exploration satisfies never;
  }
}

/** One vector, cut to the truncation by drawing what lies beyond it again. */
function namedLatent(
  { class: picked, ...name }: LatentName,
  size: number,
  truncation: number | null,
): Float32Array {
  const vector =
    name.from === "bank"
      ? noiseBank(name.index + 1, size).slice(-size)
      : seededLatent(name.seed, name.index, size);
  if (truncation === null) return vector;
  const again = Random.fromSeed(
    name.index,
    `truncated ${JSON.stringify(name)}`,
  );
  return vector.map((value) => {
    let kept = value;
    while (Math.abs(kept) > truncation) kept = again.normal();
    return kept;
  });
}

function numbered(
  count: number,
  name: (index: number) => LatentName,
): LatentName[] {
  return Array.from({ length: count }, (_, index) => name(index));
}

function named(
  names: LatentName[],
  find: (name: LatentName) => Float32Array,
): Latents {
  return { ...stack(names.map(find)), names };
}

/** From stop to stop; a leg has `frames` steps, and the last stop of an open path is shown too. */
function path(
  stops: readonly Float32Array[],
  frames: number,
  isClosed: boolean,
): Latents {
  return { ...stack(alongLegs(stops, frames, isClosed, slerp)), names: null };
}

/** The frames of a path, with what lies between two stops. */
export function alongLegs(
  stops: readonly Float32Array[],
  frames: number,
  isClosed: boolean,
  between: (a: Float32Array, b: Float32Array, t: number) => Float32Array,
): Float32Array[] {
  const legs = isClosed ? stops.length : stops.length - 1;
  const vectors: Float32Array[] = [];
  for (let leg = 0; leg < legs; leg++) {
    const to = stops[(leg + 1) % stops.length];
    for (let frame = 0; frame < frames; frame++)
      vectors.push(between(stops[leg], to, frame / frames));
  }
  if (!isClosed) vectors.push(stops[stops.length - 1]);
  return vectors;
}

/**
 * Along the great circle, with the length going evenly from one to the other (White 2016, Sampling Generative
 * Networks, section 2.1): a straight line would pass through short vectors, which the generator never saw.
 */
export function slerp(
  a: Float32Array,
  b: Float32Array,
  t: number,
): Float32Array {
  const lengthA = length(a);
  const lengthB = length(b);
  const cosine =
    a.reduce((sum, value, i) => sum + value * b[i], 0) / (lengthA * lengthB);
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  const sine = Math.sin(angle);
  if (!(sine > 1e-6)) return a.map((value, i) => value + (b[i] - value) * t);
  const target = lengthA + (lengthB - lengthA) * t;
  const partA = (Math.sin((1 - t) * angle) / sine / lengthA) * target;
  const partB = (Math.sin(t * angle) / sine / lengthB) * target;
  return a.map((value, i) => value * partA + b[i] * partB);
}

function sweep(
  vector: Float32Array,
  { dimension, low, high, count }: Extract<Exploration, { kind: "sweep" }>,
): Latents {
  if (dimension >= vector.length)
    throw new Error(
      `The latent vector has dimensions 0 to ${vector.length - 1}, not ${dimension}.`,
    );
  const vectors = Array.from({ length: count }, (_, step) => {
    const moved = vector.slice();
    moved[dimension] = low + ((high - low) * step) / (count - 1);
    return moved;
  });
  return { ...stack(vectors), names: null };
}

/** One below the other. */
export function stack(
  vectors: readonly Float32Array[],
): Pick<Latents, "count" | "values"> {
  const size = vectors[0].length;
  const values = new Float32Array(vectors.length * size);
  vectors.forEach((vector, index) => values.set(vector, index * size));
  return { count: vectors.length, values };
}

function length(vector: Float32Array): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
}
