/** Values of several parts as one short text of a table. */
import type { Augmentation, RateSchedule } from "./improvements";
import type { Cadence } from "./settings";

/** Of any value, where nothing better is known. */
export function plainText(value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.map(plainText).join(", ");
  return typeof value === "object" && value !== null
    ? Object.values(value).map(plainText).join(" ")
    : String(value);
}

/** `cosine from 50 %, warm-up 100 steps`. */
export function rateScheduleText({
  shape,
  from,
  warmUp,
}: RateSchedule): string {
  const fall =
    shape === "constant" ? shape : `${shape} from ${percent(from)} of the run`;
  return warmUp === 0 ? fall : `${fall}, warm-up ${warmUp} steps`;
}

/** `R1 10, R2 10`. */
export function penaltiesText(penalties: {
  interpolated: number | null;
  real: number | null;
  fake: number | null;
}): string {
  const { interpolated, real, fake } = penalties;
  const named = { "WGAN-GP": interpolated, R1: real, R2: fake };
  const parts = Object.entries(named).flatMap(([name, weight]) =>
    weight === null ? [] : `${name} ${weight}`,
  );
  return parts.join(", ") || "off";
}

/** `colour, cutout with probability 1`. */
export function augmentationText(augmentation: Augmentation): string {
  const { color, translation, cutout, probability, adaptive } = augmentation;
  const kinds = Object.entries({ colour: color, translation, cutout }).flatMap(
    ([name, isOn]) => (isOn ? [name] : []),
  );
  const much = adaptive
    ? `adaptive to ${adaptive.target} over ${adaptive.swing} images`
    : `probability ${probability}`;
  return `${kinds.join(", ") || "nothing"}, ${much}`;
}

export function percent(part: number): string {
  return `${Number((100 * part).toFixed(2))} %`;
}

/** `every 100 steps of an epoch, from the first`, `every epoch`. */
export function cadenceText(cadence: Cadence): string {
  const { every } = cadence;
  if (cadence.unit === "epoch")
    return every === 1 ? "every epoch" : `every ${every} epochs`;
  const steps = every === 1 ? "every step" : `every ${every} steps`;
  const within = cadence.within === "epoch" ? " of an epoch" : "";
  return `${steps}${within}${cadence.at === "start" ? ", from the first" : ""}`;
}
