/** Which data sets there are: the named ones, and what a path on disk holds. */
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import type { DataSetListing } from "../../shared/contract/data";
import { isDownloaded } from "./built-in";
import { builtIns, strokesListing } from "./catalog";
import type { BuiltIn } from "./catalog";
import { DataError, explainDisk } from "./image-set";
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
  const version = await versionOf(path);
  const known = described.get(path);
  if (known && version !== null && known.version === version)
    return known.listing;
  const listing = await describeAnew(path, options);
  if (version !== null) described.set(path, { version, listing });
  return listing;
}

/** Files that were looked into, because that unpacks whole arrays and the list is asked for again and again. */
const described = new Map<
  string,
  { version: string; listing: DataSetListing }
>();

/** Changes with the file; null for folders, which do not tell when something deep inside changes. */
async function versionOf(path: string): Promise<string | null> {
  const facts = await stat(path).catch(() => null);
  return facts?.isFile() ? `${facts.size} ${facts.mtimeMs}` : null;
}

async function describeAnew(
  path: string,
  options: LoadOptions,
): Promise<DataSetListing> {
  try {
    const { title, count, classes } = await openSource(
      { source: path, strokesSeed: null },
      options,
    );
    const groups = classes ? `, in ${classes.length} classes` : "";
    return {
      source: path,
      title,
      summary: `Images of your own${groups}.`,
      state: "ready",
      reason: null,
      count,
      classes,
    };
  } catch (caught) {
    const error = explainDisk(caught);
    if (!(error instanceof DataError)) throw error;
    return {
      source: path,
      title: basename(path),
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
