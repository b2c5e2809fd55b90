/** The one entry: what the settings call a data set becomes an image set in memory. */
import { createHash } from "node:crypto";
import { totalmem } from "node:os";
import { setImmediate } from "node:timers/promises";
import type { DataSettings } from "../../shared/settings/settings";
import { cachePath, throughCache } from "./cache";
import { DataError, explainDisk } from "./image-set";
import type { ImageSet, LoadImages, LoadOptions } from "./image-set";
import { openSource } from "./open";
import { selectImages } from "./select";
import type { ImageForm, ImageSource, ReadImages } from "./source";

/**
 * Downloads, decodes, resizes and selects as the settings say. Rejects with a DataError of one sentence, or with the
 * signal's reason where it was cancelled.
 */
export const loadImages: LoadImages = async (data, options) => {
  options.signal.throwIfAborted();
  try {
    return await load(data, options);
  } catch (error) {
    throw explainDisk(error);
  }
};

/** Refuses what can be refused without reading the images; gives how many there are. */
export async function checkImages(
  data: DataSettings,
  options: LoadOptions,
): Promise<number> {
  const { indices } = await choose(data, options);
  return indices.length;
}

const load: LoadImages = async (data, options) => {
  const { source, indices } = await choose(data, options);
  const read = await readThroughCache(source, indices, data, options);
  const labels = source.labels && keptLabels(source.labels, indices, read);
  const { pixels, skipped } = read;
  const count = read.kept?.length ?? indices.length;
  const { size, channels } = data;
  const hash = await contentHash({ count, size, channels, pixels, labels });
  const { title, classes } = source;
  return {
    identity: { title, hash, count, classes },
    count,
    channels,
    size,
    pixels,
    labels,
    skipped,
  };
};

async function choose(data: DataSettings, options: LoadOptions) {
  const source = await openSource(data.source, options);
  const indices = selectImages(source, data, options.seed);
  refuseTooLarge(source, indices.length, data);
  return { source, indices };
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
