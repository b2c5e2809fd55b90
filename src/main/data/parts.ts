/** Data sets that come in parts, a folder each: only the part to train on is taken, and the others are no classes. */
import { basename } from "node:path";
import { sharedFolders } from "./shared-folders";

const training = ["train", "training"];
const others = ["val", "valid", "validation", "test", "testing"];

export interface Part<Entry> {
  /** Null where there are no parts and all is taken. */
  name: string | null;
  entries: Entry[];
}

/** What lies in `train`, where the folders below the one that all share are exactly `train`, `val`, `test` and the like. */
export function takeTrainingPart<Entry>(
  entries: Entry[],
  nameOf: (entry: Entry) => string,
): Part<Entry> {
  const depth = sharedFolders(entries.map(nameOf));
  const folderOf = (entry: Entry) =>
    nameOf(entry).split("/").slice(depth, -1).at(0) ?? "";
  const folders = [...new Set(entries.map(folderOf))];
  const name = folders.find((folder) => isOneOf(training, folder));
  const rest = folders.filter((folder) => folder !== name);
  const areParts = rest.length > 0 && rest.every((one) => isOneOf(others, one));
  if (name === undefined || !areParts) return { name: null, entries };
  return { name, entries: entries.filter((one) => folderOf(one) === name) };
}

/** `digits`, or `digits (train)`. */
export function titleOf(path: string, { name }: Part<unknown>): string {
  return name === null ? basename(path) : `${basename(path)} (${name})`;
}

function isOneOf(names: readonly string[], folder: string): boolean {
  return names.includes(folder.toLowerCase());
}
