/** ZIP archives as data sets use them: the limits of a data set, and refusals as a DataError. */
import { firstBytes } from "../disk/first-bytes";
import { isLfsNote, lfsNote } from "../disk/lfs-note";
import { ZipArchive, ZipError, isFolder, isLink } from "../disk/zip";
import type { Entry } from "../disk/zip";
import { DataError } from "./image-set";

/** More files than any data set has. */
const mostEntries = 5_000_000;

/** Rejects with a DataError. The caller closes it. */
export async function openArchive(path: string): Promise<ZipArchive> {
  try {
    return await ZipArchive.open(path, { mostEntries });
  } catch (error) {
    if (!(error instanceof ZipError)) throw error;
    if (isLfsNote(await firstBytes(path, 64)))
      throw new DataError(`${path} ${lfsNote}.`);
    throw new DataError(
      `${path} is not a ZIP archive that can be read, or is not whole; get it again.`,
      { cause: error },
    );
  }
}

/** The files of an archive, without folders and links. Rejects with a DataError. */
export async function filesOf(
  archive: ZipArchive,
  path: string,
): Promise<Entry[]> {
  try {
    const entries = await archive.list();
    return entries.filter((entry) => !isFolder(entry) && !isLink(entry));
  } catch (error) {
    if (!(error instanceof ZipError)) throw error;
    throw new DataError(
      `${path} is refused: ${error.message}; make the archive anew.`,
      { cause: error },
    );
  }
}
