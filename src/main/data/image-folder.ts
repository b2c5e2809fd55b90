/** A folder of image files, with all its sub-folders. Links to folders are not followed, so that none leads in circles. */
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { isImageName, mostFileBytes } from "./image-files";
import type { FileReader, ImageFiles } from "./image-files";

/** Files asked about at once. */
const together = 64;

export async function listImageFolder(path: string): Promise<ImageFiles> {
  const names: string[] = [];
  await collect(path, "", names);
  names.sort();
  return {
    title: basename(path),
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
    } else if (isImageName(name)) names.push(name);
  }
}

/** Name, size and time of change of each file; reading them all would take as long as decoding. */
async function signatureOf(
  path: string,
  names: readonly string[],
  indices: Uint32Array,
): Promise<string> {
  const lines: string[] = [];
  for (let at = 0; at < indices.length; at += together) {
    const chosen = [...indices.subarray(at, at + together)];
    lines.push(
      ...(await Promise.all(chosen.map((index) => lineOf(path, names[index])))),
    );
  }
  return lines.join("\n");
}

async function lineOf(path: string, name: string): Promise<string> {
  try {
    const { size, mtimeMs } = await stat(join(path, name));
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
      const file = join(path, names[index]);
      const facts = await stat(file).catch(explainRead);
      if (!facts.isFile()) throw new Error("it is not a file");
      if (facts.size > mostFileBytes) throw new Error("the file is too large");
      return readFile(file).catch(explainRead);
    },
    close: () => undefined,
  };
}

function explainRead(error: unknown): never {
  const { code } = error as NodeJS.ErrnoException;
  throw new Error(
    code === "ENOENT" ? "it is gone" : `it cannot be read (${code})`,
    { cause: error },
  );
}
