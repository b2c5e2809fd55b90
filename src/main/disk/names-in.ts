/** What lies in a folder that may not be there. */
import { readdir } from "node:fs/promises";
import { errorCode } from "../../shared/errors";

/** None where there is no such folder. Rejects as the disk does. */
export function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(noneWhereGone);
}

/** Those of folders, and of links, which may lead to one. Rejects as the disk does, also where there is no such folder. */
export async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map(({ name }) => name);
}

/** For what rejects where there is no such folder. */
export function noneWhereGone(error: unknown): never[] {
  if (errorCode(error) === "ENOENT") return [];
  throw error;
}
