/**
 * Data sets that come in parts, a folder each: the part to train on is taken, one of the others is kept for judging, and
 * none of them is a class.
 */
import { basename } from "node:path";
import { sharedFolders } from "./shared-folders";

const training = ["train", "training"];
/** In the order in which they are preferred for judging. */
const others = ["test", "testing", "val", "valid", "validation"];

export interface Part<Entry> {
  /** Null where there are no parts and all is taken. */
  name: string | null;
  entries: Entry[];
}

export interface Parts<Entry> {
  training: Part<Entry>;
  test: Part<Entry> | null;
  /** A third one, which is used for nothing. */
  unused: Part<Entry>[];
}

/** What lies in `train`, where the folders below the one that all share are exactly `train`, `val`, `test` and the like. */
export function takeParts<Entry>(
  entries: Entry[],
  nameOf: (entry: Entry) => string,
): Parts<Entry> {
  const depth = sharedFolders(entries.map(nameOf));
  const folderOf = (entry: Entry) =>
    nameOf(entry).split("/").slice(depth, -1).at(0) ?? "";
  const folders = [...new Set(entries.map(folderOf))];
  const name = folders.find((folder) => isOneOf(training, folder));
  const rest = folders.filter((folder) => folder !== name);
  const areParts = rest.length > 0 && rest.every((one) => isOneOf(others, one));
  if (name === undefined || !areParts)
    return { training: { name: null, entries }, test: null, unused: [] };
  const part = (of: string) => ({
    name: of,
    entries: entries.filter((one) => folderOf(one) === of),
  });
  const test = others
    .map((other) => rest.find((folder) => folder.toLowerCase() === other))
    .find((folder) => folder !== undefined);
  return {
    training: part(name),
    test: test === undefined ? null : part(test),
    unused: rest.filter((folder) => folder !== test).map(part),
  };
}

/** A sentence on parts that are used for nothing; none where there are none. */
export function partsLeftOut(
  path: string,
  unused: readonly string[],
  training: string,
  test: string | null,
): string[] {
  if (unused.length === 0) return [];
  const judging = test === null ? "" : ` and ${test} kept for judging`;
  return [
    `${unused.join(" and ")} in ${path} ${unused.length === 1 ? "is" : "are"} left out: ${training} is trained on${judging}.`,
  ];
}

/** A sentence where parts were taken for classes, because something else lies beside them; none where they were not. */
export function partsAsClasses(classes: readonly string[]): string[] {
  const parts = classes.filter((name) =>
    isOneOf([...training, ...others], name),
  );
  if (parts.length < 2 || !parts.some((name) => isOneOf(training, name)))
    return [];
  const rest = classes.filter((name) => !parts.includes(name));
  return [
    `The folders ${parts.join(" and ")} are taken as classes, because ${rest.slice(0, 3).join(", ")} ${rest.length === 1 ? "lies" : "lie"} beside them; give the path of the one to train on.`,
  ];
}

/** Whether a folder's own name says that it is kept for judging. */
export function isTestName(path: string): boolean {
  return isOneOf(others, basename(path));
}

/** `digits`, or `digits (train)`. */
export function titleOf(path: string, { name }: Part<unknown>): string {
  return name === null ? basename(path) : `${basename(path)} (${name})`;
}

function isOneOf(names: readonly string[], folder: string): boolean {
  return names.includes(folder.toLowerCase());
}
