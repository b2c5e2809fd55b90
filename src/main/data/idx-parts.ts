/**
 * Where the IDX files of a data set lie: beside each other, in torchvision's `MNIST/raw`, in Kaggle's folders of the
 * files' own names, in an archive; and which part of them is trained on and which is kept for judging.
 */
import { basename, join } from "node:path";
import type { FileTree } from "./file-tree";
import { countIdxImages, openIdx } from "./idx";
import type { IdxFile, IdxPart } from "./idx";
import { DataError } from "./image-set";
import type { LoadOptions } from "./image-set";
import { partsLeftOut } from "./parts";
import type { ImageSource, TestPart } from "./source";

const imagesName = /^(.+?)[-.]images[-.]idx3-ubyte(?:\.gz)?$/;
const labelsName = /^(.+?)[-.]labels[-.](?:idx1-ubyte|idx2-int)(?:\.gz)?$/;

/** Whether a file is named as IDX images are. */
export function isIdxImages(path: string): boolean {
  return imagesName.test(basename(path));
}

/**
 * The parts nearest to the top, at most `mostFolders` below it; null where there are none. Throws a DataError where two
 * data sets lie side by side.
 */
export function findIdxParts(
  tree: FileTree,
  mostFolders: number,
): IdxPart[] | null {
  const found = tree.names.flatMap((name, index) => {
    const part = imagesName.exec(basename(name))?.[1];
    return part === undefined || depthOf(name) > mostFolders
      ? []
      : [{ part, name, index }];
  });
  if (found.length === 0) return null;
  const depth = Math.min(...found.map(({ name }) => depthOf(name)));
  const nearest = found.filter(({ name }) => depthOf(name) === depth);
  // Sorted, so that a plain file comes before its gzip.
  const folders = new Map<string, string>();
  const parts = new Map<string, IdxPart>();
  for (const { part, name, index } of nearest) {
    const folder = folderOf(name);
    if (!parts.has(part)) {
      folders.set(part, folder);
      const images = fileOf(tree, index);
      parts.set(part, {
        name: part,
        images,
        labels: labelsOf(tree, part, name),
      });
    } else if (folders.get(part) !== folder)
      throw new DataError(
        `${tree.path} holds several data sets (in ${folders.get(part) ?? ""} and ${folder}); give the path of one of these folders.`,
      );
  }
  return [...parts.values()];
}

/** Rejects with a DataError where it is not clear which part to train on. */
export async function openIdxParts(
  tree: FileTree,
  parts: readonly IdxPart[],
  options: LoadOptions,
): Promise<ImageSource> {
  const training = parts.filter(({ name }) => isTraining(name));
  const chosen = parts.length === 1 ? parts[0] : training[0];
  if (chosen === undefined || training.length > 1)
    throw new DataError(
      `${tree.path} holds several sets of images (${parts.map(({ name }) => name).join(", ")}) and ${training.length > 1 ? "more than one is for training" : "none is called train"}; give the path of one images file.`,
    );
  const title = `${basename(tree.path)} (${chosen.name})`;
  const source = await openIdxPart(chosen, parts, title, options);
  const test = testPartOf(chosen, parts);
  const unused = parts.filter((part) => part !== chosen && part !== test);
  const leftOut = partsLeftOut(
    tree.path,
    unused.map(({ name }) => name),
    chosen.name,
    test?.name ?? null,
  );
  return { ...source, warnings: [...source.warnings, ...leftOut] };
}

/** The part that an images file of a tree belongs to. Rejects with a DataError. */
export async function openIdxFile(
  tree: FileTree,
  file: string,
  options: LoadOptions,
): Promise<ImageSource> {
  const name = imagesName.exec(file)?.[1] ?? "";
  const images = fileOf(tree, tree.names.indexOf(file));
  const parts = findIdxParts(tree, 0) ?? [];
  const part = { name, images, labels: labelsOf(tree, name, file) };
  return openIdxPart(part, parts, name, options);
}

function openIdxPart(
  part: IdxPart,
  parts: readonly IdxPart[],
  title: string,
  options: LoadOptions,
): Promise<ImageSource> {
  const test = testPartOf(part, parts);
  const testPart = test && asTestPart(test, options);
  const isTestPart = isTest(part.name);
  return openIdx(part, { title, testPart, isTestPart }, options);
}

function testPartOf(part: IdxPart, parts: readonly IdxPart[]): IdxPart | null {
  if (!isTraining(part.name)) return null;
  const before = part.name.replace(trainingEnd, "");
  const isItsTest = ({ name }: IdxPart) =>
    isTest(name) && name.replace(testEnd, "") === before;
  return parts.find(isItsTest) ?? null;
}

function asTestPart(part: IdxPart, options: LoadOptions): TestPart {
  const facts = { title: part.name, testPart: null, isTestPart: true };
  return {
    count: () => countIdxImages(part.images, options),
    open: () => openIdx(part, facts, options),
  };
}

/** `train`, or EMNIST's `emnist-letters-train`. */
const trainingEnd = /(?:^|(?<=[-_.]))train$/i;
const testEnd = /(?:^|(?<=[-_.]))(?:test|t10k|val)$/i;

function isTraining(part: string): boolean {
  return trainingEnd.test(part);
}

function isTest(part: string): boolean {
  return testEnd.test(part);
}

/** Beside the images, or in a folder of the labels' own name, as Kaggle's archives have them. */
function labelsOf(
  tree: FileTree,
  part: string,
  images: string,
): IdxFile | null {
  const named = (name: string) => labelsName.exec(basename(name))?.[1] === part;
  const beside = tree.names.findIndex(
    (name) => named(name) && folderOf(name) === folderOf(images),
  );
  const index =
    beside >= 0
      ? beside
      : tree.names.findIndex(
          (name) =>
            named(name) &&
            depthOf(name) === depthOf(images) &&
            basename(folderOf(name)) === basename(name),
        );
  return index < 0 ? null : fileOf(tree, index);
}

function fileOf(tree: FileTree, index: number): IdxFile {
  return {
    name: join(tree.path, tree.names[index]),
    signature: async () =>
      `${tree.path} ${await tree.signature(Uint32Array.of(index))}`,
    open: (options) => tree.bytesAt(index, options),
  };
}

function depthOf(name: string): number {
  return name.split("/").length - 1;
}

function folderOf(name: string): string {
  return name.split("/").slice(0, -1).join("/");
}
