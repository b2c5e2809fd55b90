/** A folder with all its sub-folders. Links to folders are not followed, so that none leads in circles. */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import type { Stats } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { errorCode } from "../../shared/errors";
import { fileBytesAt } from "./bytes-at";
import { isHidden } from "./file-tree";
import type { FileReader, FileTree } from "./file-tree";

/** Files asked about before anything else may run. */
const together = 64;
/** Files up to this size are read at once, which takes less time than a millisecond. */
const smallBytes = 2 ** 20;

/** With one character a byte, because not every file system's names are UTF-8. */
type ByteName = string;

interface Listed {
  name: string;
  bytes: ByteName;
}

/** `deep`: with all sub-folders. Rejects as Node does where a folder cannot be read. */
export async function listFolder(
  path: string,
  { deep }: { deep: boolean },
): Promise<FileTree> {
  const root = Buffer.from(path).toString("latin1");
  const files: Listed[] = [];
  await collect(root, "", deep, files);
  files.sort((a, b) => (a.name < b.name ? -1 : 1));
  const places = files.map(({ bytes }) => `${root}/${bytes}`);
  const names = files.map(({ name }) => name);
  return {
    path,
    names,
    signature: (indices) => signatureOf(names, places, indices),
    open: () => Promise.resolve(createFileReader(places)),
    bytesAt: (index) => fileBytesAt(fileOf(places[index])),
  };
}

async function collect(
  root: ByteName,
  folder: ByteName,
  deep: boolean,
  files: Listed[],
): Promise<void> {
  const entries = await readdir(fileOf(folder ? `${root}/${folder}` : root), {
    withFileTypes: true,
    encoding: "latin1",
  });
  for (const entry of entries) {
    const bytes = folder ? `${folder}/${entry.name}` : entry.name;
    if (isHidden(entry.name)) continue;
    if (entry.isDirectory()) {
      if (deep) await collect(root, bytes, deep, files);
      continue;
    }
    // A pipe or a device would never end.
    if (entry.isFile() || isLinkToFile(entry, `${root}/${bytes}`))
      files.push({ name: readable(bytes), bytes });
  }
}

function isLinkToFile(
  entry: { isSymbolicLink(): boolean },
  place: ByteName,
): boolean {
  if (!entry.isSymbolicLink()) return false;
  const facts = statSync(fileOf(place), { throwIfNoEntry: false });
  // A link to nothing is listed, and told as gone.
  return facts === undefined || facts.isFile();
}

function fileOf(place: ByteName): Buffer {
  return Buffer.from(place, "latin1");
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** As UTF-8, or as Latin 1 where it is none: each name stays another one. */
function readable(bytes: ByteName): string {
  try {
    return utf8.decode(fileOf(bytes));
  } catch {
    return bytes;
  }
}

/** Name, size and time of change of each file; reading them all would take as long as decoding. */
async function signatureOf(
  names: readonly string[],
  places: readonly ByteName[],
  indices: Uint32Array,
): Promise<string> {
  const lines: string[] = [];
  for (const index of indices) {
    lines.push(lineOf(names[index], places[index]));
    if (lines.length % together === 0) await setImmediate();
  }
  return lines.join("\n");
}

/** Synchronous, because asking the thread pool takes five times as long as the answer. */
function lineOf(name: string, place: ByteName): string {
  try {
    const { size, mtimeMs } = statSync(fileOf(place));
    // Whole milliseconds, because copies that keep the time rarely keep more.
    return `${name} ${size} ${Math.round(mtimeMs)}`;
  } catch {
    // Listed as unreadable when it is read.
    return `${name} gone`;
  }
}

function createFileReader(places: readonly ByteName[]): FileReader {
  return {
    async read(index, mostBytes) {
      try {
        return await readWhole(fileOf(places[index]), mostBytes);
      } catch (error) {
        const code = errorCode(error);
        if (code === null) throw error;
        throw new Error(
          code === "ENOENT" ? "it is gone" : `it cannot be read (${code})`,
          { cause: error },
        );
      }
    },
    close: () => undefined,
  };
}

/** Asks for a small file synchronously too; the thread pool is busy decoding. */
async function readWhole(path: Buffer, mostBytes: number): Promise<Buffer> {
  const { size } = checked(statSync(path), mostBytes);
  if (size > smallBytes) return readFile(path);
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.allocUnsafe(size);
    return bytes.subarray(0, readSync(file, bytes, 0, size, 0));
  } finally {
    closeSync(file);
  }
}

function checked(facts: Stats, mostBytes: number): Stats {
  if (!facts.isFile()) throw new Error("it is not a file");
  if (facts.size > mostBytes) throw new Error("the file is too large");
  return facts;
}
