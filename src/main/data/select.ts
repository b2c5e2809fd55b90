/** Which images of a data set a run sees: classes, then the first or a random N. */
import { Random } from "../../shared/random";
import type { DataSettings } from "../../shared/settings/settings";
import { DataError } from "./image-set";
import type { ImageSource } from "./source";

/** Indices into the source, ascending, so that the same images come in the same order however they were chosen. */
export function selectImages(
  source: Pick<ImageSource, "title" | "count" | "labels" | "classes">,
  data: Pick<DataSettings, "classes" | "limit">,
  seed: number,
): Uint32Array {
  const candidates = ofClasses(source, data.classes);
  const { limit } = data;
  if (limit === null || limit.count >= candidates.length) return candidates;
  if (limit.pick === "first") return candidates.slice(0, limit.count);
  return Random.fromSeed(seed, "subset")
    .permutation(candidates.length)
    .slice(0, limit.count)
    .sort()
    .map((position) => candidates[position]);
}

function ofClasses(
  source: Pick<ImageSource, "title" | "count" | "labels" | "classes">,
  classes: readonly number[] | null,
): Uint32Array {
  const all = Uint32Array.from({ length: source.count }, (_, index) => index);
  if (classes === null) return all;
  const { labels } = source;
  if (labels === null)
    throw new DataError(
      `${source.title} has no labels, so no classes can be chosen; keep all classes.`,
    );
  const known = source.classes?.length ?? 0;
  const unknown = classes.find((label) => label >= known);
  if (unknown !== undefined)
    throw new DataError(
      `${source.title} has no class ${unknown}; its classes are numbered 0 to ${known - 1}.`,
    );
  const wanted = new Set(classes);
  const kept = all.filter((index) => wanted.has(labels[index]));
  if (kept.length === 0)
    throw new DataError(
      `${source.title} holds no image of the chosen classes; choose others.`,
    );
  return kept;
}
