/**
 * ZIP archives that nobody vouches for. One whose names leave it, whose entries share their bytes, or that would unpack
 * to absurd sizes is refused as a whole, before anything is unpacked; each entry is checked again while it is read.
 */
import { crc32 } from "node:zlib";
import { openPromise } from "yauzl";
import type { Entry, ZipFile } from "yauzl";
import { errorMessage } from "../../shared/errors";
import { whyBomb } from "./unpacking";

export type { Entry };

/** Why an archive or one of its entries is refused: a clause for a sentence that names the file. */
export class ZipError extends Error {
  override name = "ZipError";
}

export interface ZipOptions {
  /** More than any archive of the kind holds. */
  mostEntries: number;
  /** Whether a backslash in a name, which some programs write between folders, refuses the archive. */
  strictNames?: boolean;
}

export class ZipArchive {
  private constructor(
    private readonly zip: ZipFile,
    private readonly mostEntries: number,
  ) {}

  /** Whoever opens it closes it. Rejects with a ZipError. */
  static async open(
    path: string,
    { mostEntries, strictNames = false }: ZipOptions,
  ): Promise<ZipArchive> {
    const zip = await openPromise(path, {
      autoClose: false,
      strictFileNames: strictNames,
    }).catch(rejectZip);
    return new ZipArchive(zip, mostEntries);
  }

  /** Every entry, folders and links included. Rejects with a ZipError where the archive is refused. */
  async list(): Promise<Entry[]> {
    const { zip, mostEntries } = this;
    if (zip.entryCount > mostEntries)
      throw new ZipError(
        `it has ${zip.entryCount} entries, and at most ${mostEntries} are allowed`,
      );
    const entries: Entry[] = [];
    try {
      // Names with `..`, absolute ones and the like end it here.
      for await (const entry of zip.eachEntry()) entries.push(entry);
    } catch (error) {
      rejectZip(error);
    }
    refuseBombs(entries, zip.fileSize);
    return entries;
  }

  /** Gives an entry's content piece by piece. Rejects with a ZipError where it is not what the archive says. */
  async read(
    entry: Entry,
    take: (bytes: Buffer) => Promise<void> | void,
  ): Promise<void> {
    if (entry.isEncrypted())
      throw new ZipError("it is protected by a password");
    if (!entry.canDecodeFileData())
      throw new ZipError("its kind of ZIP compression is not supported");
    let checksum = 0;
    const stream = await this.zip.openReadStreamPromise(entry).catch(damaged);
    try {
      const pieces = stream[Symbol.asyncIterator]();
      for (;;) {
        // It ends with an error where more or less comes than the archive declares.
        const next = await pieces.next().catch(damaged);
        if (next.done) break;
        const bytes = next.value as Buffer;
        checksum = crc32(bytes, checksum);
        await take(bytes);
      }
    } finally {
      stream.destroy();
    }
    if (checksum !== entry.crc32) damaged("its checksum is wrong");
  }

  /** An entry in memory. Rejects with a ZipError, also where it is larger than allowed. */
  async readWhole(entry: Entry, mostBytes: number): Promise<Buffer> {
    if (entry.uncompressedSize > mostBytes)
      throw new ZipError(`it is larger than ${mostBytes} bytes`);
    const parts: Buffer[] = [];
    await this.read(entry, (bytes) => void parts.push(bytes));
    return Buffer.concat(parts);
  }

  close(): void {
    this.zip.close();
  }
}

export function isFolder(entry: Entry): boolean {
  return entry.fileName.endsWith("/");
}

/** The file type in the upper half of the Unix attributes. */
export function isLink(entry: Entry): boolean {
  return ((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000;
}

function refuseBombs(entries: readonly Entry[], fileSize: number): void {
  const total = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
  const bomb = whyBomb(fileSize, total);
  if (bomb !== null) throw new ZipError(bomb);
  const sorted = [...entries].sort(
    (a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader,
  );
  // 30 bytes of header, then at least the data, before the next one may begin.
  const overlaps = sorted.some((entry, index) => {
    const next = sorted[index + 1]?.relativeOffsetOfLocalHeader ?? fileSize;
    return entry.relativeOffsetOfLocalHeader + 30 + entry.compressedSize > next;
  });
  if (overlaps)
    throw new ZipError(
      "its files share their bytes, as a decompression bomb's do",
    );
}

function rejectZip(error: unknown): never {
  throw new ZipError(reasonOf(error), { cause: error });
}

function damaged(error: unknown): never {
  throw new ZipError(`it is damaged in the archive (${reasonOf(error)})`, {
    cause: error,
  });
}

function reasonOf(error: unknown): string {
  const text = typeof error === "string" ? error : errorMessage(error);
  return text.replace(/\.$/, "");
}
