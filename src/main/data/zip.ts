/**
 * ZIP archives that nobody vouches for: names that leave the archive, entries that share their bytes and archives that
 * unpack to absurd sizes are refused as a whole. Entries are read one at a time and never written to disk.
 */
import { crc32 } from "node:zlib";
import { openPromise } from "yauzl";
import type { Entry, ZipFile } from "yauzl";
import { errorMessage } from "../../shared/errors";
import { DataError } from "./image-set";

/** Deflate's densest is about 1000; pictures and arrays stay far below. */
const mostRatio = 200;
/** Below this an archive may be as dense as it likes. */
const harmlessBytes = 2 ** 30;
/** More files than any data set has. */
const mostEntries = 5_000_000;

/** The files of an archive, without folders and links. Rejects with a DataError. */
export async function listZip(path: string): Promise<Entry[]> {
  const zip = await openZip(path);
  try {
    const entries = await readEntries(zip, path);
    refuseBombs(entries, zip.fileSize, path);
    return entries.filter((entry) => isPlainFile(entry));
  } finally {
    zip.close();
  }
}

/** Rejects with a DataError. The caller closes it. */
export async function openZip(path: string): Promise<ZipFile> {
  try {
    return await openPromise(path, { autoClose: false, lazyEntries: true });
  } catch (error) {
    throw new DataError(
      `${path} is not a ZIP archive that can be read (${errorMessage(error)}); get it again.`,
      { cause: error },
    );
  }
}

/** One entry's content. Rejects with an Error whose message is a short reason. */
export async function readEntry(
  zip: ZipFile,
  entry: Entry,
  mostBytes: number,
): Promise<Buffer> {
  if (entry.isEncrypted()) throw new Error("it is protected by a password");
  if (!entry.canDecodeFileData())
    throw new Error("its kind of ZIP compression is not supported");
  // yauzl ends with an error where more comes than the archive declared.
  if (entry.uncompressedSize > mostBytes)
    throw new Error("the file is too large");
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry))
      chunks.push(chunk as Buffer);
  } catch (error) {
    throw new Error(`it is damaged in the archive (${errorMessage(error)})`, {
      cause: error,
    });
  }
  const content = Buffer.concat(chunks);
  if (crc32(content) !== entry.crc32)
    throw new Error("it is damaged in the archive (its checksum is wrong)");
  return content;
}

async function readEntries(zip: ZipFile, path: string): Promise<Entry[]> {
  if (zip.entryCount > mostEntries)
    throw new DataError(
      `${path} claims to hold ${zip.entryCount} files; archives of more than ${mostEntries} are refused.`,
    );
  const entries: Entry[] = [];
  try {
    for await (const entry of zip.eachEntry()) entries.push(entry);
  } catch (error) {
    throw new DataError(
      `${path} is refused: ${errorMessage(error)}; make the archive anew.`,
      { cause: error },
    );
  }
  return entries;
}

function refuseBombs(
  entries: readonly Entry[],
  fileSize: number,
  path: string,
): void {
  const total = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
  if (total > harmlessBytes && total > mostRatio * fileSize)
    throw new DataError(
      `${path} is refused: its ${fileSize} bytes would unpack to ${total}, as a decompression bomb does.`,
    );
  const sorted = [...entries].sort(
    (a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader,
  );
  // 30 bytes of header, then at least the data, before the next one may begin.
  const overlaps = sorted.some((entry, index) => {
    const next = sorted[index + 1]?.relativeOffsetOfLocalHeader ?? fileSize;
    return entry.relativeOffsetOfLocalHeader + 30 + entry.compressedSize > next;
  });
  if (overlaps)
    throw new DataError(
      `${path} is refused: its files share their bytes, as a decompression bomb's do.`,
    );
}

/** Not a folder, and not a symbolic link (Unix file type 0xa000 in the upper half of the attributes). */
function isPlainFile(entry: Entry): boolean {
  const type = (entry.externalFileAttributes >>> 16) & 0xf000;
  return !entry.fileName.endsWith("/") && type !== 0xa000;
}
