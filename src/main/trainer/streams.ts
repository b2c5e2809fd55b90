/** The random streams of a run: one for each purpose, all from one seed, so that no purpose disturbs another. */
import { Random } from "../../shared/random";
import type { RandomState } from "../../shared/random";

export { noiseBank } from "../../shared/noise-bank";

const streamNames = [
  "noise",
  "order",
  "masks",
  "flips",
  "instance",
  "mixture",
  "augmentation",
] as const;
type StreamName = (typeof streamNames)[number];
export type Streams = Record<StreamName, Random>;

/** The streams of a run that begins. */
export function createStreams(seed: number): Streams {
  return mapStreams((name) => Random.fromSeed(seed, name));
}

/** Streams that go on where saved ones stopped; one that was not saved begins at the seed. */
export function restoreStreams(
  saved: Record<string, RandomState>,
  seed: number,
): Streams {
  return mapStreams((name) =>
    Object.hasOwn(saved, name)
      ? Random.fromState(saved[name])
      : Random.fromSeed(seed, name),
  );
}

export function saveStreams(streams: Streams): Record<StreamName, RandomState> {
  return mapStreams((name) => streams[name].state);
}

/** The weights at step 0 of a run with this seed come from here. */
export function weightStream(seed: number): Random {
  return Random.fromSeed(seed, "weights");
}

function mapStreams<T>(make: (name: StreamName) => T): Record<StreamName, T> {
  return Object.fromEntries(
    streamNames.map((name) => [name, make(name)]),
  ) as Record<StreamName, T>;
}
