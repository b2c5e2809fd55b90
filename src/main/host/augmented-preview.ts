/** Images of a data set as D sees them in training: disturbed by the run's own code. */
import { Random } from "../../shared/random";
import type { Augmentation } from "../../shared/settings/improvements";
import { augmentationSchema } from "../../shared/settings/improvements";
import type { DataSettings } from "../../shared/settings/settings";
import { augmentationName } from "../../shared/step";
import type { AugmentationPart } from "../../shared/step";
import { levelTable } from "../data/batches";
import type { Disturb } from "../data/preview";
import { AugmentationDraws } from "../trainer/augmentation";
import { augmentedImages } from "../trainer/seen";

/** Null where the text is no augmentation. */
export function parseAugmentation(text: string): Augmentation | null {
  try {
    return augmentationSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** One that is steered is shown as at its strongest, since it begins at nothing. */
export function disturbing(
  augmentation: Augmentation,
  data: Pick<DataSettings, "size" | "range" | "channels">,
  seed: number,
): Disturb {
  const random = Random.fromSeed(seed, "augmented preview");
  const draws = new AugmentationDraws(augmentation, data);
  const levels = levelTable(data.range);
  const [black, white] = [levels[0], levels[255]];
  const probability = augmentation.adaptive ? 1 : augmentation.probability;
  return (pixels) => {
    const inputs = drawnFor(draws, data.size, probability, random);
    const values = Float32Array.from(pixels, (level) => levels[level]);
    const shape = [data.channels, data.size, data.size];
    return Uint8Array.from(augmentedImages(values, shape, inputs), (value) => {
      const level = ((value - black) / (white - black)) * 255;
      return Math.min(255, Math.max(0, Math.round(level)));
    });
  };
}

/** What is drawn for one image, by the names of a step's inputs. */
function drawnFor(
  draws: AugmentationDraws,
  size: number,
  probability: number,
  random: Random,
): Map<string, Float32Array> {
  const lengths: Record<AugmentationPart, number> = {
    color: 3,
    rows: size * size,
    columns: size * size,
    cutRows: size,
    cutColumns: size,
  };
  const inputs = new Map<string, Float32Array>();
  draws.fill(
    (part) => {
      const name = augmentationName("discriminator", part);
      const known = inputs.get(name) ?? new Float32Array(lengths[part]);
      inputs.set(name, known);
      return known;
    },
    1,
    probability,
    random,
  );
  return inputs;
}
