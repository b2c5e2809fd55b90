/** The image files in a ZIP archive, read where they lie. */
import { isImageName, mostFileBytes } from "./image-files";
import type { ImageFiles } from "./image-files";
import { takeTrainingPart, titleOf } from "./parts";
import { listZip, openZip, readEntry } from "./zip";

/** Rejects with a DataError where the archive is refused. */
export async function listImageZip(path: string): Promise<ImageFiles> {
  const images = (await listZip(path))
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
      const zip = await openZip(path);
      return {
        read: (index) => readEntry(zip, entries[index], mostFileBytes),
        close: () => {
          zip.close();
        },
      };
    },
  };
}
