/** A source of many image files, wherever they lie: images are decoded in parallel. */
import { availableParallelism } from "node:os";
import { extname } from "node:path";
import { errorMessage } from "../../shared/errors";
import { decodeImage } from "./decode";
import type { DecodedImage } from "./decoded-image";
import { classesOfFiles } from "./file-labels";
import type { FileTree } from "./file-tree";
import { createFormer } from "./form";
import type { Former } from "./form";
import { DataError } from "./image-set";
import { LookTally } from "./look";
import { Pace } from "./pace";
import { isTestName, partsLeftOut, takeParts, titleOf } from "./parts";
import type { Part } from "./parts";
import type { ImageForm, ImageSource, ReadImages, WorkOptions } from "./source";
import { decideTiffScales } from "./tiff-values";
import type { TiffScales } from "./tiff-values";

/** Larger files are no pictures to train on. */
const mostFileBytes = 2 ** 28;

const extensions = /\.(png|jpe?g|jfif|webp|gif|bmp|dib|tiff?)$/i;

/** Whether a file is named as images are. */
export function isImageName(name: string): boolean {
  return extensions.test(name);
}

/** Rejects with a DataError where there is no image. */
export async function openImageFiles(tree: FileTree): Promise<ImageSource> {
  const all = tree.names.flatMap((name, index) =>
    isImageName(name) ? [index] : [],
  );
  if (all.length === 0)
    throw new DataError(
      `${tree.path} holds no images${othersIn(tree)}; give a folder or ZIP with PNG, JPEG, WebP, GIF, BMP or TIFF files.`,
    );
  const { training, test, unused } = takeParts(
    all,
    (index) => tree.names[index],
  );
  const source = await openPart(tree, training);
  return {
    ...source,
    warnings: [
      ...source.warnings,
      ...unreadableIn(tree),
      ...partsLeftOut(
        tree.path,
        unused.map(described),
        training.name ?? "all",
        test?.name ?? null,
      ),
    ],
    testPart: test && {
      count: () => Promise.resolve(test.entries.length),
      open: async () => ({ ...(await openPart(tree, test)), isTestPart: true }),
    },
    isTestPart: isTestName(tree.path),
  };
}

/** `val (5 images)` */
function described({ name, entries: { length } }: Part<number>): string {
  return `${name} (${length} ${length === 1 ? "image" : "images"})`;
}

/** Of what kinds the files are that are there instead, the most common first. */
function othersIn({ names }: FileTree): string {
  const kinds = countBy(
    names,
    (name) => extname(name).toLowerCase() || "other",
  );
  return kinds.length === 0 ? "" : ` that can be read (but ${listed(kinds)})`;
}

/** Pictures of these kinds lie in data sets, too. */
const unreadableKinds =
  /\.(avif|heic|heif|jxl|jp2|jpx|svg|p[gbpn]m|ico|tga|psd|exr|hdr|dng|cr2|nef|arw|dcm|eps)$/i;

function unreadableIn({ path, names }: FileTree): string[] {
  const unread = names.filter((name) => unreadableKinds.test(name));
  if (unread.length === 0) return [];
  const kinds = countBy(unread, (name) => extname(name).toLowerCase());
  return [
    `${path} holds pictures of kinds that are not read (${listed(kinds)}): left out.`,
  ];
}

type Kinds = [kind: string, count: number][];

function countBy(
  names: readonly string[],
  kindOf: (name: string) => string,
): Kinds {
  const counts = new Map<string, number>();
  for (const name of names)
    counts.set(kindOf(name), (counts.get(kindOf(name)) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}

/** `12 .pgm, 1 .txt` */
function listed(kinds: Kinds): string {
  const shown = kinds.slice(0, 4).map(([kind, count]) => `${count} ${kind}`);
  const more = kinds.length > 4 ? ", and others" : "";
  return shown.join(", ") + more;
}

async function openPart(
  tree: FileTree,
  part: Part<number>,
): Promise<ImageSource> {
  const files = Uint32Array.from(part.entries);
  const title = titleOf(tree.path, part);
  let scales: Promise<TiffScales> | null = null;
  return {
    title,
    count: files.length,
    ...(await classesOfFiles(tree, files)),
    testPart: null,
    isTestPart: false,
    async signature(indices) {
      const chosen = await tree.signature(indices.map((index) => files[index]));
      // What black and white are in TIFFs of floats is decided over all of them.
      const tiffs = tiffsAmong(tree, files);
      return tiffs.length === 0
        ? chosen
        : `${chosen}\n\n${await tree.signature(tiffs)}`;
    },
    async read(indices, form, options) {
      scales ??= decideTiffScales(tree, tiffsAmong(tree, files), options);
      // Whoever cancelled it must not keep others from it.
      scales.catch(() => (scales = null));
      const chosen = indices.map((index) => files[index]);
      return readFiles(
        { tree, title, scales: await scales },
        chosen,
        form,
        options,
      );
    },
  };
}

function tiffsAmong(tree: FileTree, files: Uint32Array): Uint32Array {
  return files.filter((index) => /\.tiff?$/i.test(tree.names[index]));
}

interface Files {
  tree: FileTree;
  title: string;
  scales: TiffScales;
}

async function readFiles(
  { tree, title, scales }: Files,
  indices: Uint32Array,
  form: ImageForm,
  options: WorkOptions,
): Promise<ReadImages> {
  const pace = new Pace(`Decoding ${title}`, indices.length, "images", options);
  const formers = createFormers(form);
  const length = form.channels * form.size * form.size;
  const pixels = new Uint8Array(indices.length * length);
  const failures = new Map<number, string>();
  const tally = new LookTally();
  const paged = new Map<string, number>();
  const reader = await tree.open();
  let next = 0;
  let done = 0;
  const work = async () => {
    while (next < indices.length) {
      const position = next++;
      try {
        const bytes = await reader.read(indices[position], mostFileBytes);
        const image = await decodeImage(bytes, form.size, scales);
        if ((image.pages ?? 1) > 1)
          paged.set(tree.names[indices[position]], image.pages ?? 1);
        tally.add(image.original ?? image, image.data, 0, image.data.length);
        formers(image).write(image.data, 0, pixels, position * length);
      } catch (error) {
        failures.set(position, errorMessage(error));
      }
      done++;
      if (pace.due()) await pace.breathe(done);
    }
  };
  try {
    // Two more than there are cores keep them all busy while this thread reads and resizes.
    const lanes = Array.from({ length: availableParallelism() + 2 }, work);
    await Promise.all(lanes);
  } finally {
    reader.close();
  }
  pace.tell(indices.length);
  const kept = withoutFailures(tree, indices, pixels, length, failures);
  const notes = [...scales.notes, ...pagesLeftOut(paged)];
  return { ...kept, look: tally.look, notes };
}

/** A sentence on the pages and frames behind the first of each file; none where there are none. */
function pagesLeftOut(pages: ReadonlyMap<string, number>): string[] {
  const [first] = [...pages.keys()].sort();
  if (first === undefined) return [];
  const rest = [...pages.values()].reduce((sum, one) => sum + one - 1, 0);
  const files =
    pages.size === 1 ? first : `${first} and ${pages.size - 1} more`;
  return [
    `${rest} ${rest === 1 ? "page or frame" : "pages or frames"} behind the first of ${files} ${rest === 1 ? "is" : "are"} left out; save each as a picture of its own to train on it.`,
  ];
}

/** Closes the gaps that unreadable images left. */
function withoutFailures(
  tree: FileTree,
  indices: Uint32Array,
  pixels: Uint8Array,
  length: number,
  failures: ReadonlyMap<number, string>,
): Pick<ReadImages, "pixels" | "kept" | "skipped"> {
  if (failures.size === 0) return { pixels, kept: null, skipped: [] };
  const skipped = [...failures.keys()]
    .sort((a, b) => a - b)
    .map((position) => ({
      file: tree.names[indices[position]],
      reason: failures.get(position) ?? "",
    }));
  if (failures.size === indices.length)
    throw new DataError(
      `None of the ${indices.length} images in ${tree.path} could be read; the first is ${skipped[0].file}: ${skipped[0].reason.replace(/\.$/, "")}.`,
    );
  const kept = indices
    .map((_, position) => position)
    .filter((position) => !failures.has(position));
  kept.forEach((position, place) =>
    pixels.copyWithin(
      place * length,
      position * length,
      (position + 1) * length,
    ),
  );
  return { pixels: pixels.subarray(0, kept.length * length), kept, skipped };
}

/** Formers by image size; a folder of photographs has a few sizes, one of web pictures thousands. */
function createFormers(form: ImageForm): (image: DecodedImage) => Former {
  const known = new Map<string, Former>();
  return ({ width, height, channels }) => {
    const key = `${width} ${height} ${channels}`;
    const found = known.get(key);
    if (found) return found;
    if (known.size >= 64) known.clear();
    const former = createFormer(width, height, channels, form);
    known.set(key, former);
    return former;
  };
}
