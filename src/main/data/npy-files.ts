/** Opens .npy and .npz files: finds the array of images, the labels that belong to it, and the part for judging. */
import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { errorMessage } from "../../shared/errors";
import type { Entry, ZipArchive } from "../disk/zip";
import { filesOf, openArchive } from "./archive";
import { fileBytesAt } from "./bytes-at";
import { DataError } from "./image-set";
import type { LoadOptions } from "./image-set";
import { describe, headerBytes, readNpyHeader } from "./npy";
import type { NpyHeader } from "./npy";
import type { NpyArray } from "./npy-array";
import { isImageShape, openNumpyImages } from "./numpy-images";
import type { ImageSource, TestPart } from "./source";
import { unpackedBytes } from "./unpacked";

/** The names that images and their labels go by in Keras, MedMNIST, scikit-learn and numpy.savez. */
const namings: readonly Names[] = [
  { images: /^x_?train$/i, labels: /^y_?train$/i },
  { images: /^train_(images?|x|data)$/i, labels: /^train_(labels?|y)$/i },
  {
    images: /^(images?|imgs?|x|data)$/i,
    labels: /^(labels?|y|targets?|class(es)?)$/i,
  },
  { images: /^arr_0$/, labels: /^arr_1$/ },
];

/** And those to judge on, what is preferred first. */
const testNamings: readonly Names[] = ["test", "val"].map((part) => ({
  images: new RegExp(`^(x_?${part}|${part}_(images?|imgs?|x|data))$`, "i"),
  labels: new RegExp(`^(y_?${part}|${part}_(labels?|y|targets?))$`, "i"),
}));

interface Names {
  images: RegExp;
  labels: RegExp;
}

/** One array of images; labels are in `<name>-labels.npy` beside it where there is one. Rejects with a DataError. */
export async function openNpy(path: string): Promise<ImageSource> {
  const images = { name: path, bytes: await fileBytesAt(path) };
  const beside = join(
    dirname(path),
    `${basename(path).replace(/\.npy$/i, "")}-labels.npy`,
  );
  const labels = (await isFile(beside))
    ? { name: beside, bytes: await fileBytesAt(beside) }
    : null;
  const warnings: string[] = [];
  return openNumpyImages(basename(path), images, {
    labels,
    testPart: null,
    warnings,
  });
}

/** Unpacks the arrays that are used and no other. Rejects with a DataError. */
export async function openNpz(
  path: string,
  options: LoadOptions,
): Promise<ImageSource> {
  const archive = await Npz.open(path, options);
  const { images, naming } = archive.chooseImages();
  const labels = archive.find(naming?.labels);
  const test = testArrays(archive, images);
  const used = [images, labels, test?.images, test?.labels];
  const source = await openNumpyImages(
    basename(path),
    await archive.unpack(images),
    {
      labels: labels
        ? await archive.unpack(labels)
        : await labelsBeside(path, options),
      testPart: test && testPartOf(archive, test),
      warnings: archive.leftOut(used),
    },
  );
  return source;
}

/** KMNIST's `kmnist-train-imgs.npz` has its labels in `kmnist-train-labels.npz`. */
async function labelsBeside(
  path: string,
  options: LoadOptions,
): Promise<NpyArray | null> {
  const name = basename(path).replace(/(imgs?|images?)(?=\.npz$)/i, "labels");
  const beside = join(dirname(path), name);
  if (beside === path || !(await isFile(beside))) return null;
  const archive = await Npz.open(beside, options);
  return archive.unpack(archive.onlyArray());
}

interface TestArrays {
  images: Packed;
  labels: Packed | null;
}

function testArrays(archive: Npz, trained: Packed): TestArrays | null {
  const isAnother = (array: Packed) => array !== trained && isUsable(array);
  for (const names of testNamings) {
    const images = archive.find(names.images, isAnother);
    if (images) return { images, labels: archive.find(names.labels) };
  }
  return null;
}

function testPartOf(archive: Npz, { images, labels }: TestArrays): TestPart {
  return {
    count: () => Promise.resolve(images.header?.shape[0] ?? 0),
    open: async () => ({
      ...(await openNumpyImages(
        `${basename(archive.path)} (${images.key})`,
        await archive.unpack(images),
        {
          labels: labels && (await archive.unpack(labels)),
          testPart: null,
          warnings: [],
        },
      )),
      isTestPart: true,
    }),
  };
}

/** An array in the archive, as its first bytes describe it. */
interface Packed {
  key: string;
  entry: Entry;
  /** Null where there is none to be read. */
  header: NpyHeader | null;
}

/** The arrays of an .npz file. */
class Npz {
  private constructor(
    readonly path: string,
    private readonly arrays: readonly Packed[],
    private readonly options: LoadOptions,
  ) {}

  static async open(path: string, options: LoadOptions): Promise<Npz> {
    const archive = await openArchive(path);
    try {
      const arrays: Packed[] = [];
      for (const entry of await filesOf(archive, path)) {
        if (!entry.fileName.endsWith(".npy")) continue;
        const key = entry.fileName.slice(0, -".npy".length);
        const name = `${path} (${key})`;
        const header = await readPackedHeader(archive, entry, name);
        arrays.push({ key, entry, header });
      }
      return new Npz(path, arrays, options);
    } finally {
      archive.close();
    }
  }

  find(
    name: RegExp | undefined,
    isWanted: (array: Packed) => boolean = () => true,
  ): Packed | null {
    const isFound = (array: Packed) =>
      name?.test(array.key) === true && isWanted(array);
    return this.arrays.find(isFound) ?? null;
  }

  /** Throws a DataError where there are several, or none. */
  onlyArray(): Packed {
    if (this.arrays.length === 1) return this.arrays[0];
    const held = this.arrays.map(describePacked).join(", ");
    throw new DataError(
      `${this.path} should hold one array of labels, and holds ${held || "none"}.`,
    );
  }

  /** By its name, or the only one that has the shape of images. Throws a DataError. */
  chooseImages(): { images: Packed; naming: Names | null } {
    for (const naming of namings) {
      const images = this.find(naming.images, isUsable);
      if (images) return { images, naming };
    }
    const candidates = this.arrays.filter(
      (array) => isUsable(array) && array.header?.shape.length !== 2,
    );
    if (candidates.length === 1) {
      // Its labels have one of the usual names all the same.
      const naming = namings.find(({ labels }) => this.find(labels)) ?? null;
      return { images: candidates[0], naming };
    }
    // What has the name of images but not their form says best what is wrong.
    for (const naming of namings) {
      const images = this.find(naming.images);
      if (images && candidates.length === 0) return { images, naming };
    }
    const shapes = this.arrays.map(describePacked).join(", ");
    throw new DataError(
      `${this.path} does not say which array holds the images (${shapes || "it has none"}); call it images, and the labels labels.`,
    );
  }

  /** A sentence on the arrays that are not used; none where all are. */
  leftOut(used: readonly (Packed | null | undefined)[]): string[] {
    const rest = this.arrays.filter((array) => !used.includes(array));
    if (rest.length === 0) return [];
    const are = rest.length === 1 ? "is" : "are";
    return [
      `${rest.map(describePacked).join(", ")} in ${this.path} ${are} left out.`,
    ];
  }

  /** Rejects with a DataError, or with the signal's reason. */
  async unpack({ key, entry }: Packed): Promise<NpyArray> {
    const { path, options } = this;
    const name = `${path} (${key})`;
    const { size, mtimeMs } = await stat(path);
    const archive = await openArchive(path);
    try {
      const packed = {
        signature: `${path} ${size} ${mtimeMs} ${entry.fileName} ${entry.crc32}`,
        unpack: (take: (bytes: Buffer) => Promise<void>) =>
          archive.read(entry, take),
      };
      return { name, bytes: await unpackedBytes(packed, options) };
    } catch (error) {
      if (error instanceof DataError || options.signal.aborted) throw error;
      const reason = errorMessage(error);
      throw new DataError(`${name} cannot be unpacked: ${reason}.`, {
        cause: error,
      });
    } finally {
      archive.close();
    }
  }
}

/** Null where this is no array, or a damaged one: it may not be needed. */
async function readPackedHeader(
  archive: ZipArchive,
  entry: Entry,
  name: string,
): Promise<NpyHeader | null> {
  try {
    const start = await readStart(archive, entry);
    return readNpyHeader(start, name, entry.uncompressedSize);
  } catch {
    return null;
  }
}

/** As much of it as a header may take, without unpacking the rest. */
async function readStart(archive: ZipArchive, entry: Entry): Promise<Buffer> {
  const enough = new Error("That is enough.");
  const parts: Buffer[] = [];
  let length = 0;
  const take = (bytes: Buffer) => {
    parts.push(bytes);
    length += bytes.length;
    if (length >= headerBytes) throw enough;
  };
  try {
    await archive.read(entry, take);
  } catch (error) {
    if (error !== enough) throw error;
  }
  return Buffer.concat(parts).subarray(0, headerBytes);
}

/** Numbers in the shape of images. */
function isUsable({ header }: Packed): boolean {
  if (header === null || !isImageShape(header.shape)) return false;
  return header.type.kind !== "text" && header.type.kind !== "other";
}

function describePacked({ key, header }: Packed): string {
  if (header === null) return `${key} (unreadable)`;
  const { type, shape } = header;
  return type.kind === "other"
    ? `${key} (${type.text})`
    : `${key} ${describe(shape)}`;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => facts.isFile(),
    () => false,
  );
}
