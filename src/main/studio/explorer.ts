/** Pictures from one generator, with what its discriminator says of them. */
import type { TrainingSession } from "../engine/engine";
import type {
  Exploration,
  LatentName,
  Viewpoint,
} from "../../shared/contract/explore";
import { volume } from "../../shared/layers";
import type { TrainingSettings } from "../../shared/settings/settings";
import { labelsOf } from "./labels";
import { latentsOf } from "./latents";
import { toScores } from "../graph/scores";

/** The most tiles of one picture. */
const mostTiles = 1024;

/** What of a viewpoint decides how a model's pictures come out. */
export type Look = Pick<Viewpoint, "mode" | "truncation"> &
  Partial<Pick<Viewpoint, "class">>;

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
  look: Look,
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
  const { rows: labels, classes } = labelsOf(
    exploration,
    settings,
    look.class ?? null,
  );
  const began = performance.now();
  const { mode } = look;
  const pixels = await session.generate(values, count, mode, { labels });
  const logits = await session.discriminate(pixels, count, mode, labels);
  return {
    count,
    channels: settings.data.channels,
    size: settings.data.size,
    pixels,
    scores: toScores(logits, settings.objective),
    names: classes
      ? (names?.map((name, i) => ({ ...name, class: classes[i] })) ?? null)
      : names,
    milliseconds: performance.now() - began,
  };
}
