/** The files below a folder and the room that they take. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";

/** Every file below it; none where there is no such folder. Links are not followed. */
export function* filesIn(folder: string): Generator<string> {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (entry.isFile()) yield path;
  }
}

/** Bytes of the files below it; `tell` hears of each. Lets others work in between. */
export async function folderSize(
  folder: string,
  tell: (path: string, bytes: number) => void = () => undefined,
): Promise<number> {
  let bytes = 0;
  let seen = 0;
  for (const path of filesIn(folder)) {
    if (++seen % 200 === 0) await setImmediate();
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    tell(path, size);
    bytes += size;
  }
  return bytes;
}
