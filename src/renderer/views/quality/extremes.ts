/** Which measured steps of a run were best and worst. */
import { isAlike } from "../../../shared/quality";
import type { MeasureName, Quality } from "../../../shared/quality";

/** FD where the samples are enough for it, KID elsewhere; null below two comparable steps. */
export function extremesOf(
  all: readonly Quality[],
): { name: MeasureName; best: Quality; worst: Quality } | null {
  const newest = all.at(-1);
  if (!newest) return null;
  const alike = all.filter((one) => isAlike(one, newest));
  const name = "value" in newest.measures.fd ? "fd" : "kid";
  const known = alike
    .flatMap((quality) => {
      const measure = quality.measures[name];
      return "value" in measure ? [{ quality, value: measure.value }] : [];
    })
    .sort((a, b) => a.value - b.value);
  if (known.length < 2) return null;
  return {
    name,
    best: known[0].quality,
    worst: known[known.length - 1].quality,
  };
}

/** The saved grid nearest to a step; null where there is none. */
export function gridNear(
  samples: readonly number[],
  step: number,
): number | null {
  return samples.reduce<number | null>(
    (near, one) =>
      near === null || Math.abs(one - step) < Math.abs(near - step)
        ? one
        : near,
    null,
  );
}
