/** What a data set is, in figures, and what is wrong with it: for the command line and for the window's preview. */
import type { DataReport } from "../../shared/contract/data";
import { countHeldOut } from "./held-out";
import type { LoadedImages, LoadOptions } from "./image-set";
import { loadImages } from "./load";
import { levelRange } from "./look";
import { openSource } from "./open";

/** Small, because only what the images are before they are resized is told; large photographs are shrunk to 4 times that. */
const form = { size: 16, channels: 1, fit: "crop" } as const;
/** What new runs hold out. */
const heldOutByDefault = 0.1;

/** Looks at every image of a data set, those too that a run would hold out. Rejects with a DataError. */
export async function reportOn(
  source: string,
  options: LoadOptions,
): Promise<DataReport> {
  const data = {
    ...form,
    source,
    range: "unit" as const,
    classes: null,
    limit: null,
    flip: false,
    heldOut: 0,
    strokesSeed: 0,
  };
  const images = await loadImages(data, options);
  const heldOut = await countHeldOut(await openSource(data, options), {
    heldOut: heldOutByDefault,
  });
  return { ...reportOf(images), heldOut: heldOut?.count ?? 0 };
}

/** Of images that are in memory. */
export function reportOf(images: LoadedImages): DataReport {
  const { look, identity, skipped, warnings } = images;
  return {
    images: images.count,
    height: look.height,
    width: look.width,
    channels: look.channels,
    classes: countClasses(images),
    ...levelRange(look),
    heldOut: identity.heldOut?.count ?? 0,
    skipped: skipped.map(({ file, reason }) => ({ name: file, reason })),
    warnings: [...warnings],
  };
}

function countClasses({
  identity,
  labels,
}: LoadedImages): DataReport["classes"] {
  if (!identity.classes || !labels) return [];
  const counts = new Array<number>(identity.classes.length).fill(0);
  for (const label of labels) counts[label]++;
  return identity.classes.map((name, label) => ({
    name,
    count: counts[label],
  }));
}
