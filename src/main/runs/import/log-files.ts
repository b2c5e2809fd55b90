/** The event files of a folder and of the folders in it: Keras, `add_scalars` and others write one for each of their parts. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isEventFile } from "../folder/layout";
import { RunError } from "../run-error";

export interface LogFile {
  path: string;
  name: string;
  /** The folder it lies in, from the one that was chosen, with forward slashes; empty for that itself. */
  under: string;
}

const deepest = 4;
const mostFiles = 1000;

/** In the order of their folders and names; none where there is none. Rejects with a RunError where there are too many. */
export async function findLogs(folder: string): Promise<LogFile[]> {
  const found: LogFile[] = [];
  await search(folder, "", 0, found);
  const folders = new Set(found.map(({ under }) => under));
  // One run in a folder of runs, as Lightning's "version_0".
  if (folders.size === 1) return found.map((file) => ({ ...file, under: "" }));
  return found;
}

async function search(
  folder: string,
  under: string,
  depth: number,
  found: LogFile[],
): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries)
    if (!entry.isDirectory() && isEventFile(entry.name))
      found.push({ path: join(folder, entry.name), name: entry.name, under });
  if (found.length > mostFiles)
    throw new RunError(
      `The folder ${folder} holds more than ${mostFiles} event files; choose the folder of one run.`,
    );
  if (depth === deepest) return;
  // A run folder of ours has all of it in its own event file.
  const isOurs = entries.some(({ name }) => name === "run.json");
  for (const entry of entries)
    if (entry.isDirectory() && !entry.name.startsWith(".") && !isOurs)
      await search(
        join(folder, entry.name),
        under === "" ? entry.name : `${under}/${entry.name}`,
        depth + 1,
        found,
      );
}
