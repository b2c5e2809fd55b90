/** Which data sets there are: the named ones, and what a path on disk holds. */
import type { DataSetListing } from "../../shared/contract/data";
import { isDownloaded } from "./built-in";
import { builtIns, strokesListing } from "./catalog";
import type { BuiltIn } from "./catalog";
import { DataError } from "./image-set";
import type { LoadOptions } from "./image-set";
import { openSource } from "./open";

/** Strokes, MNIST and Fashion-MNIST. Reads sizes only. */
export async function listBuiltIns(
  dataFolder: string,
): Promise<DataSetListing[]> {
  const named = builtIns.map((entry) => describeBuiltIn(entry, dataFolder));
  return [
    { ...strokesListing, state: "ready", reason: null },
    ...(await Promise.all(named)),
  ];
}

/** What a folder, ZIP, .npy or .npz holds; `broken` with one sentence where it cannot be read. */
export async function describePath(
  path: string,
  options: LoadOptions,
): Promise<DataSetListing> {
  try {
    const { title, count, classes } = await openSource(path, options);
    const groups = classes ? ` in ${classes.length} classes` : "";
    return {
      source: path,
      title,
      summary: `${count.toLocaleString("en")} images${groups} from ${path}.`,
      state: "ready",
      reason: null,
      count,
      classes,
    };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return {
      source: path,
      title: path,
      summary: error.message,
      state: "broken",
      reason: error.message,
      count: null,
      classes: null,
    };
  }
}

async function describeBuiltIn(
  entry: BuiltIn,
  dataFolder: string,
): Promise<DataSetListing> {
  const { source, title, summary, count, classes } = entry;
  const state = (await isDownloaded(entry, dataFolder)) ? "ready" : "missing";
  return { source, title, summary, state, reason: null, count, classes };
}
