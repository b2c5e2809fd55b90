/** The files in a ZIP archive, read where they lie. */
import { stat } from "node:fs/promises";
import { filesOf, openArchive } from "./archive";
import { isHidden } from "./file-tree";
import type { FileTree } from "./file-tree";
import { unpackedBytes } from "./unpacked";

/** Rejects with a DataError where the archive is refused. */
export async function listZipFiles(path: string): Promise<FileTree> {
  const entries = (await listed(path))
    .filter((entry) => !isHidden(entry.fileName))
    .sort((a, b) => (a.fileName < b.fileName ? -1 : 1));
  return {
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
        read: (index, mostBytes) =>
          archive.readWhole(entries[index], mostBytes),
        close: () => archive.close(),
      };
    },
    async bytesAt(index, options) {
      const entry = entries[index];
      const { size, mtimeMs } = await stat(path);
      const archive = await openArchive(path);
      try {
        return await unpackedBytes(
          {
            signature: `${path} ${size} ${mtimeMs} ${entry.fileName} ${entry.crc32}`,
            unpack: (take) => archive.read(entry, take),
          },
          options,
        );
      } finally {
        archive.close();
      }
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
