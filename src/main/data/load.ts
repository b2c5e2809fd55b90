/** The one entry: what the settings call a data set becomes an image set in memory, to train on or to judge on. */
import { createHash } from "node:crypto";
import { totalmem } from "node:os";
import { setImmediate } from "node:timers/promises";
import type { DataSettings } from "../../shared/settings/settings";
import { cachePath, throughCache } from "./cache";
import { countHeldOut, fewestHeldOut, heldOutIndices } from "./held-out";
import { DataError, explainDisk } from "./image-set";
import type {
  ImageSet,
  LoadedImages,
  LoadImages,
  LoadOptions,
} from "./image-set";
import { lookWarnings } from "./look";
import { openSource } from "./open";
import { findShortcuts } from "./shortcuts";
import { ofClasses, selectImages } from "./select";
import type { ImageForm, ImageSource, ReadImages } from "./source";

/**
 * Downloads, decodes, resizes and selects as the settings say. Rejects with a DataError of one sentence, or with the
 * signal's reason where it was cancelled.
 */
export const loadImages: LoadImages = (data, options) =>
  guarded(options, async () => {
    const source = await openSource(data, options);
    const indices = selectImages(source, data, options.seed);
    return loadSet(source, indices, data, options);
  });

/** The images to judge a run on, or why there are none. */
export type HeldOut =
  | { kind: "images"; images: LoadedImages }
  | { kind: "none"; reason: string };

/**
 * The images that a run with these settings never trains on, in the form in which it trains: the data set's test part,
 * or those that were held out of it. Of the chosen classes only; the limit does not count. Rejects as `loadImages` does.
 */
export function loadHeldOut(
  data: DataSettings,
  options: LoadOptions,
): Promise<HeldOut> {
  return guarded(options, async () => {
    const source = await openSource(data, options);
    if (source.testPart) {
      const test = namedAlike(await source.testPart.open(), source);
      const all = Uint32Array.from({ length: test.count }, (_, i) => i);
      return loadPart(test, all, data, options);
    }
    const indices = heldOutIndices(source, data);
    return indices.length === 0
      ? { kind: "none", reason: whyNone(source, data) }
      : loadPart(source, indices, data, options);
  });
}

/** Refuses what can be refused without reading the images; gives how many there are, and of which classes. */
export function checkImages(
  data: DataSettings,
  options: LoadOptions,
): Promise<{ count: number; classes: string[] | null }> {
  return guarded(options, async () => {
    const source = await openSource(data, options);
    const { length } = selectImages(source, data, options.seed);
    refuseTooLarge(source, length, data);
    return { count: length, classes: source.classes };
  });
}

async function guarded<T>(
  { signal }: LoadOptions,
  work: () => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  try {
    return await work();
  } catch (error) {
    throw explainDisk(error);
  }
}

async function loadSet(
  source: ImageSource,
  indices: Uint32Array,
  data: DataSettings,
  options: LoadOptions,
): Promise<LoadedImages> {
  refuseTooLarge(source, indices.length, data);
  const read = await readThroughCache(source, indices, data, options);
  const labels = source.labels && keptLabels(source.labels, indices, read);
  const { pixels, skipped, look, notes } = read;
  const count = read.kept?.length ?? indices.length;
  const { size, channels } = data;
  const hash = await contentHash({ count, size, channels, pixels, labels });
  const { title, classes, isTestPart } = source;
  const shortcuts = findShortcuts({ count, channels, size, pixels });
  return {
    identity: {
      title,
      hash,
      count,
      classes,
      heldOut: await countHeldOut(source, data),
      trainedOnTestPart: isTestPart,
      ...(shortcuts.length > 0 && { shortcut: shortcuts[0] }),
    },
    count,
    channels,
    size,
    pixels,
    labels,
    skipped,
    look,
    warnings: [
      ...notes,
      ...lookWarnings(look),
      ...shortcuts,
      ...source.warnings,
    ],
  };
}

async function loadPart(
  source: ImageSource,
  indices: Uint32Array,
  data: DataSettings,
  options: LoadOptions,
): Promise<HeldOut> {
  const chosen = ofClasses(source, indices, data.classes);
  if (chosen.length < fewestHeldOut)
    return {
      kind: "none",
      reason: `Only ${chosen.length} images of the chosen classes of ${source.title} are held out, and nothing can be told from fewer than ${fewestHeldOut}.`,
    };
  return {
    kind: "images",
    images: await loadSet(source, chosen, data, options),
  };
}

function whyNone(source: ImageSource, { heldOut }: DataSettings): string {
  return heldOut === 0
    ? `All images of ${source.title} are trained on, so none are left to judge on; hold some out (data.heldOut) in a new run.`
    : `${source.title} has ${source.count} images, too few to hold any out.`;
}

/** With the other source's class numbers: parts need not hold the same classes. */
function namedAlike(part: ImageSource, source: ImageSource): ImageSource {
  const { classes } = source;
  if (part.classes === null || part.labels === null || classes === null)
    return { ...part, classes: null, labels: null };
  const numbers = part.classes.map((name) => classes.indexOf(name));
  if (part.labels.some((label) => numbers[label] < 0))
    return { ...part, classes: null, labels: null };
  return {
    ...part,
    classes,
    labels: part.labels.map((label) => numbers[label]),
  };
}

async function readThroughCache(
  source: ImageSource,
  indices: Uint32Array,
  form: ImageForm,
  options: LoadOptions,
): Promise<ReadImages> {
  const signature = await source.signature(indices);
  if (signature === null) return source.read(indices, form, options);
  const path = cachePath(options.dataFolder, signature, form);
  return throughCache(path, options, () => source.read(indices, form, options));
}

/** All images are kept in memory as bytes; half of it must stay for the training. */
function refuseTooLarge(
  source: ImageSource,
  count: number,
  { size, channels }: ImageForm,
): void {
  const needed = count * size * size * channels;
  const allowed = Math.min(totalmem() / 2, 2 ** 32);
  if (needed <= allowed) return;
  const gib = (bytes: number) => (bytes / 2 ** 30).toFixed(1);
  throw new DataError(
    `${source.title} needs ${gib(needed)} GiB of memory for ${count} images of ${size} x ${size}, and ${gib(allowed)} GiB may be used; limit the number of images or choose a smaller size.`,
  );
}

function keptLabels(
  all: Uint16Array,
  indices: Uint32Array,
  { kept }: ReadImages,
): Uint16Array {
  const positions = kept ?? indices.map((_, position) => position);
  return Uint16Array.from(positions, (position) => all[indices[position]]);
}

/** SHA-256 over shape, pixels and labels: equal where a network would see the same images in the same order. */
async function contentHash(
  set: Pick<ImageSet, "count" | "size" | "channels" | "pixels" | "labels">,
): Promise<string> {
  const hash = createHash("sha256");
  hash.update(`images ${set.count} ${set.channels} ${set.size}\n`);
  const chunk = 2 ** 24;
  for (let at = 0; at < set.pixels.length; at += chunk) {
    hash.update(set.pixels.subarray(at, at + chunk));
    await setImmediate();
  }
  // Two bytes a label, low one first, whatever the machine.
  const { labels } = set;
  if (labels) {
    const bytes = Buffer.alloc(2 * labels.length);
    labels.forEach((label, index) => bytes.writeUInt16LE(label, 2 * index));
    hash.update(bytes);
  }
  return hash.digest("hex");
}
