/** The time by the clock of a file system: on a network drive that of the server, which is the same for all machines. */
import { randomBytes } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";

/** In milliseconds since 1970, from a file that is made in the folder and removed. Rejects where none can be made. */
export async function folderTime(folder: string): Promise<number> {
  // Named as what a crash left of an atomic write, so that it is cleared away likewise.
  const name = `.clock.${randomBytes(4).toString("hex")}.new`;
  const path = join(folder, name);
  const file = await open(path, "wx");
  try {
    // A server sets the time of what is written, and may leave that of an empty file to its client.
    await file.write("{");
    return (await file.stat()).mtimeMs;
  } finally {
    await file.close();
    await rm(path, { force: true });
  }
}
