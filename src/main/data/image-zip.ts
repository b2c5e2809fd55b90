/** The image files in a ZIP archive, read where they lie. */
import { filesOf, openArchive } from "./archive";
import { isImageName, mostFileBytes } from "./image-files";
import type { ImageFiles } from "./image-files";
import { takeTrainingPart, titleOf } from "./parts";

/** Rejects with a DataError where the archive is refused. */
export async function listImageZip(path: string): Promise<ImageFiles> {
  const images = (await listed(path))
    .filter((entry) => isImageName(entry.fileName))
    .sort((a, b) => (a.fileName < b.fileName ? -1 : 1));
  const part = takeTrainingPart(images, (entry) => entry.fileName);
  const { entries } = part;
  return {
    title: titleOf(path, part),
    path,
    names: entries.map((entry) => entry.fileName),
    signature: (indices) =>
      Promise.resolve(
        [...indices]
          .map((index) => entries[index])
          .map(
            (entry) =>
              `${entry.fileName} ${entry.crc32} ${entry.uncompressedSize}`,
          )
          .join("\n"),
      ),
    async open() {
      const archive = await openArchive(path);
      return {
        read: (index) => archive.readWhole(entries[index], mostFileBytes),
        close: () => archive.close(),
      };
    },
  };
}

async function listed(path: string) {
  const archive = await openArchive(path);
  try {
    return await filesOf(archive, path);
  } finally {
    archive.close();
  }
}
