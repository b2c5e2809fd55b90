/** Whole files, old or new and never in between, also after a power cut: written beside, synced, renamed, folder synced. */
import { randomBytes } from "node:crypto";
import { basename, dirname, join } from "node:path";
import type { FileLayer, OpenFile } from "./file-layer";

/** Replaces the file or makes it. On a failure the old one is as it was, and what was written beside is removed. */
export async function writeAtomically(
  files: FileLayer,
  path: string,
  content: Uint8Array | string,
): Promise<void> {
  const bytes =
    typeof content === "string" ? new TextEncoder().encode(content) : content;
  await replaceAtomically(files, path, (file) => file.write(bytes));
}

/** The same for content that is written piece by piece. */
export async function replaceAtomically(
  files: FileLayer,
  path: string,
  fill: (file: OpenFile) => Promise<void>,
): Promise<void> {
  const beside = besideName(path);
  try {
    await writeSynced(files, beside, fill);
    await files.rename(beside, path);
  } catch (error) {
    await files.remove(beside).catch(() => undefined);
    throw error;
  }
  await files.syncFolder(dirname(path));
}

/** Files that a crash left between writing and renaming: `.run.json.4f2a.new`. */
export function isLeftover(name: string): boolean {
  return /^\..+\.[0-9a-f]{8}\.new$/.test(name);
}

function besideName(path: string): string {
  return join(
    dirname(path),
    `.${basename(path)}.${randomBytes(4).toString("hex")}.new`,
  );
}

async function writeSynced(
  files: FileLayer,
  path: string,
  fill: (file: OpenFile) => Promise<void>,
): Promise<void> {
  const file = await files.open(path, "create");
  try {
    await fill(file);
    await file.sync();
  } finally {
    await file.close();
  }
}
