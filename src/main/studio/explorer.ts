/** Pictures from one generator, with what its discriminator says of them. */
import type { TrainingSession } from "../engine/engine";
import type {
  Exploration,
  LatentName,
  Viewpoint,
} from "../../shared/contract/explore";
import { volume } from "../../shared/layers";
import type { TrainingSettings } from "../../shared/settings/settings";
import { latentsOf } from "./latents";
import { toScores } from "../graph/scores";

/** The most tiles of one picture. */
const mostTiles = 1024;

export interface Drawn {
  count: number;
  channels: 1 | 3;
  /** Pixels a side. */
  size: number;
  /** `[count, channels, size, size]` in the data's range. */
  pixels: Float32Array;
  scores: Float32Array;
  names: LatentName[] | null;
  /** What the networks took. */
  milliseconds: number;
}

/** Throws an Error of one sentence where the exploration asks for too much. */
export async function draw(
  session: TrainingSession,
  settings: TrainingSettings,
  look: Pick<Viewpoint, "mode" | "truncation">,
  exploration: Exploration,
): Promise<Drawn> {
  const size = volume(settings.generator.input);
  const { count, values, names } = latentsOf(
    exploration,
    size,
    look.truncation,
  );
  if (count > mostTiles)
    throw new Error(
      `That would be ${count} tiles and a picture has at most ${mostTiles}; take fewer stops or frames.`,
    );
  const began = performance.now();
  const pixels = await session.generate(values, count, look.mode);
  const logits = await session.discriminate(pixels, count, look.mode);
  return {
    count,
    channels: settings.data.channels,
    size: settings.data.size,
    pixels,
    scores: toScores(logits, settings.objective),
    names,
    milliseconds: performance.now() - began,
  };
}
