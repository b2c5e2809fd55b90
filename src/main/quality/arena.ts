/** Plays a tournament: each G makes its samples once, and each D looks at all of them and at held-out images. */
import type { Game, HeldOut } from "../../shared/tournament/tournament";
import { Random } from "../../shared/random";
import type { TrainingSettings } from "../../shared/settings/settings";
import { loadHeldOut } from "../data/load";
import type { LoadOptions } from "../data/image-set";
import { createEngine } from "../engine";
import type { Engine, ModelState } from "../engine/engine";
import { pickPictures, toBytes, toValues } from "./extractor/pictures";
import type { Pictures } from "./extractor/pictures";
import { samplesOf, scoresOfReal } from "./judging/scores";
import type { Model } from "./judging/scores";
import { areaUnderCurve } from "./measures/scores";

interface ArenaEntrant {
  settings: TrainingSettings;
  state: ModelState;
}

/** Plain data. */
export interface ArenaOrder {
  entrants: ArenaEntrant[];
  /** Of each side of a game, at most. */
  images: number;
  seed: number;
  dataFolder: string;
}

export interface ArenaResult {
  images: number;
  games: Game[][];
  real: Game[];
  heldOut: (HeldOut | null)[];
}

export type ArenaWork = Pick<LoadOptions, "signal" | "onProgress">;

/** Real images that no D of theirs saw, in two halves: one to win with, one to win against. */
interface Stands {
  held: Pictures;
  other: Pictures;
}

export async function play(
  order: ArenaOrder,
  work: ArenaWork,
): Promise<ArenaResult> {
  const { entrants, seed } = order;
  const engine = await createEngine("onnx");
  const stands = await standsOf(order, work);
  const images = Math.min(
    order.images,
    ...stands.map((one) => ("held" in one ? one.held.count : Infinity)),
  );
  const samples: Pictures[] = [];
  for (const entrant of entrants)
    samples.push(await picturesOf(engine, entrant, { images, seed }, work));
  const result: ArenaResult = { images, games: [], real: [], heldOut: [] };
  for (const [d, { settings, state }] of entrants.entries()) {
    const stand = stands[d];
    work.onProgress({
      title: "Playing the tournament",
      done: d * images,
      total: entrants.length * images,
      unit: "images",
    });
    if ("reason" in stand) {
      result.games.push(samples.map(() => stand));
      result.real.push(stand);
      result.heldOut.push(null);
      continue;
    }
    await withModel(engine, { settings, state }, async (model) => {
      const { signal } = work;
      const held = await scoresOfReal(model, stand.held, signal);
      const other = await scoresOfReal(model, stand.other, signal);
      const row: Game[] = [];
      let own: Float32Array | null = null;
      for (const [g, made] of samples.entries()) {
        const reason = mismatch(settings, made);
        if (reason) {
          row.push({ reason });
          continue;
        }
        const scores = await scoresOfReal(model, made, signal);
        if (g === d) own = scores;
        row.push({ auc: areaUnderCurve(held, scores) });
      }
      result.games.push(row);
      result.real.push({ auc: areaUnderCurve(held, other) });
      result.heldOut.push(own && { error: errorOf(held, own) });
    });
  }
  return result;
}

/** One G's samples before one D: those that it takes for real most. */
export interface FooledOrder extends Omit<ArenaOrder, "entrants"> {
  discriminator: ArenaEntrant;
  generator: ArenaEntrant;
  /** How many of them. */
  most: number;
}

export type FooledImages =
  | {
      kind: "images";
      count: number;
      channels: 1 | 3;
      size: number;
      /** `[count, channels, size, size]` in G's range. */
      pixels: Float32Array;
      /** D's, of each, the highest first. */
      scores: number[];
      /** Of each: the share of held-out images that D gives less. */
      above: number[];
    }
  | { kind: "none"; reason: string };

/** The same samples and held-out images as those of a tournament of as many images and the same seed. */
export async function fooled(
  order: FooledOrder,
  work: ArenaWork,
): Promise<FooledImages> {
  const { discriminator, generator, images, most, seed } = order;
  const engine = await createEngine("onnx");
  const entrants = [discriminator];
  const [stand] = await standsOf({ ...order, entrants }, work);
  if ("reason" in stand) return { kind: "none", reason: stand.reason };
  const made = await picturesOf(engine, generator, { images, seed }, work);
  const reason = mismatch(discriminator.settings, made);
  if (reason) return { kind: "none", reason };
  const { held, scores } = await withModel(
    engine,
    discriminator,
    async (model) => ({
      held: await scoresOfReal(model, stand.held, work.signal),
      scores: await scoresOfReal(model, made, work.signal),
    }),
  );
  const chosen = [...scores.keys()]
    .sort((a, b) => scores[b] - scores[a])
    .slice(0, most);
  const picked = pickPictures(made, Uint32Array.from(chosen));
  const { channels, size } = generator.settings.data;
  const values = toValues(picked.pixels, generator.settings.data.range);
  return {
    ...{ kind: "images", count: chosen.length, channels, size },
    pixels: values,
    scores: chosen.map((index) => scores[index]),
    above: chosen.map(
      (index) => held.filter((one) => one < scores[index]).length / held.length,
    ),
  };
}

/** As 8-bit pictures, which is how every D sees them. */
function picturesOf(
  engine: Engine,
  entrant: ArenaEntrant,
  { images, seed }: Pick<ArenaOrder, "images" | "seed">,
  { signal }: ArenaWork,
): Promise<Pictures> {
  return withModel(engine, entrant, async (model) => {
    const made = await samplesOf(model, images, seed, signal);
    const { channels, size, range } = entrant.settings.data;
    const pixels = toBytes(made.pixels, range);
    return { count: images, channels, size, pixels, labels: made.labels };
  });
}

/** A reason of each entrant whose data set has no images that it never saw. */
async function standsOf(
  { entrants, images, dataFolder }: ArenaOrder,
  work: ArenaWork,
): Promise<(Stands | { reason: string })[]> {
  const known = new Map<string, Promise<Stands | { reason: string }>>();
  return Promise.all(
    entrants.map(({ settings: { data, seed } }) => {
      const key = JSON.stringify([data, seed]);
      const found =
        known.get(key) ??
        loadHeldOut(data, { ...work, dataFolder, seed }).then((held) =>
          held.kind === "none" ? held : halves(held.images, images),
        );
      known.set(key, found);
      return found;
    }),
  );
}

function halves(heldOut: Pictures, most: number): Stands {
  const count = Math.min(most, Math.floor(heldOut.count / 2));
  const order = Random.fromSeed(0, "tournament").permutation(heldOut.count);
  return {
    held: pickPictures(heldOut, order.subarray(0, count)),
    other: pickPictures(heldOut, order.subarray(count, 2 * count)),
  };
}

function mismatch(
  { data }: TrainingSettings,
  { size, channels }: Pictures,
): string | null {
  if (data.size !== size)
    return `D looks at ${data.size} pixels a side, and the samples have ${size}.`;
  const color = (count: number) => (count === 1 ? "gray" : "color");
  return data.channels === channels
    ? null
    : `D looks at ${color(data.channels)} images, and the samples are in ${color(channels)}.`;
}

/** The least error that one threshold between real images and samples leaves, as a share of both. */
function errorOf(held: Float32Array, own: Float32Array): number {
  const sortedHeld = Float64Array.from(held).sort();
  const sortedOwn = Float64Array.from(own).sort();
  let least = Infinity;
  let below = 0;
  for (let at = 0; at <= sortedOwn.length; at++) {
    const threshold = at < sortedOwn.length ? sortedOwn[at] : Infinity;
    while (below < sortedHeld.length && sortedHeld[below] <= threshold) below++;
    const missed = below / sortedHeld.length;
    const passed = 1 - Math.min(at + 1, sortedOwn.length) / sortedOwn.length;
    least = Math.min(least, (missed + passed) / 2);
  }
  return Math.min(least, 0.5);
}

async function withModel<T>(
  engine: Engine,
  { settings, state }: ArenaEntrant,
  work: (model: Model) => Promise<T>,
): Promise<T> {
  const options = { id: "onnx", threads: null, spinning: false } as const;
  const session = await engine.createSession(settings, state, options);
  try {
    return await work({ session, settings });
  } finally {
    await session.dispose();
  }
}
