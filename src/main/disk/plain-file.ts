/**
 * Reading of files that anyone may have put into a library. What is no plain file is refused at once: whoever opens a
 * pipe as usual waits for somebody to write into it, for ever.
 */
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";

// Windows has neither pipes in folders nor the flag.
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** To read. Rejects as the disk does, and with a sentence for what is no plain file. */
export async function openPlain(path: string): Promise<FileHandle> {
  const file = await open(path, flags);
  try {
    if ((await file.stat()).isFile()) return file;
    throw notPlain(path);
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** All of it; rejects likewise. */
export async function readPlain(path: string): Promise<Buffer<ArrayBuffer>> {
  const file = await openPlain(path);
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** All of it as UTF-8; throws likewise. */
export function readPlainText(path: string): string {
  const file = openSync(path, flags);
  try {
    if (!fstatSync(file).isFile()) throw notPlain(path);
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}

function notPlain(path: string): Error {
  return new Error(`${path} is not a file`);
}
