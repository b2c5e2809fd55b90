/** Removes what a crash left half-made in a library. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { FileLayer } from "../../disk/file-layer";
import { folderTime } from "../../disk/folder-clock";
import { runsFolder, unfinishedPrefix } from "./layout";

/** Making a run takes moments, importing a large one minutes. */
const abandonedAfterMs = 24 * 60 * 60 * 1000;

export async function removeUnfinished(
  files: FileLayer,
  library: string,
): Promise<void> {
  const folder = runsFolder(library);
  const names = await readdir(folder);
  const unfinished = names.filter((name) => name.startsWith(unfinishedPrefix));
  if (unfinished.length === 0) return;
  // Not by this machine's clock: a wrong one would take away what another program is making.
  const now = await folderTime(folder);
  for (const name of unfinished) {
    const path = join(folder, name);
    const { mtimeMs } = await stat(path);
    if (now - mtimeMs > abandonedAfterMs) await files.remove(path);
  }
}
