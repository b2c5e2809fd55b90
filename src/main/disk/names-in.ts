/** What lies in a folder that may not be there. */
import { readdir } from "node:fs/promises";
import { errorCode } from "../../shared/errors";

/** None where there is no such folder. Rejects as the disk does. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
}
