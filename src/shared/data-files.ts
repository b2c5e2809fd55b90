/** Files that are a data set each, by their endings, as people call them. Folders are too; IDX files are told by their names. */
const names = { zip: "ZIP", npy: ".npy", npz: ".npz" };

export type DataFile = keyof typeof names;

/** What a dialog lets be chosen; IDX files are often packed by gzip. */
export const dataFileEndings: readonly string[] = [...Object.keys(names), "gz"];

/** "ZIP, .npy or .npz". */
export const dataFileNames = Object.values(names)
  .join(", ")
  .replace(/, ([^,]*)$/, " or $1");

/** Null for what is none. */
export function dataFileOf(path: string): DataFile | null {
  const ending = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  return ending in names ? (ending as DataFile) : null;
}
