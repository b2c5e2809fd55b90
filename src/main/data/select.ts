/** Which images of a data set a run sees: none that are held out; then classes, then the first or a random N. */
import { Random } from "../../shared/random";
import type { DataSettings } from "../../shared/settings/settings";
import { heldOutIndices } from "./held-out";
import { DataError } from "./image-set";
import type { ImageSource } from "./source";

type Chosen = Pick<
  ImageSource,
  "title" | "count" | "labels" | "classes" | "testPart"
>;

/** Indices into the source, ascending, so that the same images come in the same order however they were chosen. */
export function selectImages(
  source: Chosen,
  data: Pick<DataSettings, "classes" | "limit" | "heldOut">,
  seed: number,
): Uint32Array {
  const heldOut = new Set(heldOutIndices(source, data));
  const all = Uint32Array.from({ length: source.count }, (_, index) => index);
  const seen = heldOut.size ? all.filter((index) => !heldOut.has(index)) : all;
  const candidates = ofClasses(source, seen, data.classes);
  const { limit } = data;
  if (limit === null || limit.count >= candidates.length) return candidates;
  if (limit.pick === "first") return candidates.slice(0, limit.count);
  return Random.fromSeed(seed, "subset")
    .permutation(candidates.length)
    .slice(0, limit.count)
    .sort()
    .map((position) => candidates[position]);
}

/** Those among `indices` that are of one of the classes. Throws a DataError where there are none. */
export function ofClasses(
  source: Pick<ImageSource, "title" | "labels" | "classes">,
  indices: Uint32Array,
  classes: readonly number[] | null,
): Uint32Array {
  if (classes === null) return indices;
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
  const kept = indices.filter((index) => wanted.has(labels[index]));
  if (kept.length === 0)
    throw new DataError(
      `${source.title} holds no image of the chosen classes; choose others.`,
    );
  return kept;
}
