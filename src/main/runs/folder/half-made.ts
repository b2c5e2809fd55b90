/** Removes what a crash left half-made in a library. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { FileLayer } from "../../disk/file-layer";
import { runsFolder, unfinishedPrefix } from "./layout";

/** Making a run takes moments, importing a large one minutes. */
const abandonedAfterMs = 24 * 60 * 60 * 1000;

export async function removeUnfinished(
  files: FileLayer,
  library: string,
): Promise<void> {
  const folder = runsFolder(library);
  for (const name of await readdir(folder)) {
    if (!name.startsWith(unfinishedPrefix)) continue;
    const path = join(folder, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > abandonedAfterMs) await files.remove(path);
  }
}
