/** A folder of image files, with all its sub-folders. Links to folders are not followed, so that none leads in circles. */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import type { Stats } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { errorCode } from "../../shared/errors";
import { isImageName, mostFileBytes } from "./image-files";
import type { FileReader, ImageFiles } from "./image-files";
import { takeTrainingPart, titleOf } from "./parts";

/** Files asked about before anything else may run. */
const together = 64;
/** Files up to this size are read at once, which takes less time than a millisecond. */
const smallBytes = 2 ** 20;

export async function listImageFolder(path: string): Promise<ImageFiles> {
  const all: string[] = [];
  await collect(path, "", all);
  const part = takeTrainingPart(all.sort(), (name) => name);
  const names = part.entries;
  return {
    title: titleOf(path, part),
    path,
    names,
    signature: (indices) => signatureOf(path, names, indices),
    open: () => Promise.resolve(createFileReader(path, names)),
  };
}

async function collect(
  root: string,
  folder: string,
  names: string[],
): Promise<void> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  for (const entry of entries) {
    const name = folder ? `${folder}/${entry.name}` : entry.name;
    if (entry.isDirectory()) {
      if (!entry.name.startsWith(".")) await collect(root, name, names);
      continue;
    }
    // A pipe or a device would never end.
    const readable = entry.isFile() || entry.isSymbolicLink();
    if (readable && isImageName(name)) names.push(name);
  }
}

/** Name, size and time of change of each file; reading them all would take as long as decoding. */
async function signatureOf(
  path: string,
  names: readonly string[],
  indices: Uint32Array,
): Promise<string> {
  const lines: string[] = [];
  for (const index of indices) {
    lines.push(lineOf(path, names[index]));
    if (lines.length % together === 0) await setImmediate();
  }
  return lines.join("\n");
}

/** Synchronous, because asking the thread pool takes five times as long as the answer. */
function lineOf(path: string, name: string): string {
  try {
    const { size, mtimeMs } = statSync(join(path, name));
    // Whole milliseconds, because copies that keep the time rarely keep more.
    return `${name} ${size} ${Math.round(mtimeMs)}`;
  } catch {
    // Listed as unreadable when it is read.
    return `${name} gone`;
  }
}

function createFileReader(path: string, names: readonly string[]): FileReader {
  return {
    async read(index) {
      try {
        return await readWhole(join(path, names[index]));
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
async function readWhole(path: string): Promise<Buffer> {
  const { size } = checked(statSync(path));
  if (size > smallBytes) return readFile(path);
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.allocUnsafe(size);
    return bytes.subarray(0, readSync(file, bytes, 0, size, 0));
  } finally {
    closeSync(file);
  }
}

function checked(facts: Stats): Stats {
  if (!facts.isFile()) throw new Error("it is not a file");
  if (facts.size > mostFileBytes) throw new Error("the file is too large");
  return facts;
}
