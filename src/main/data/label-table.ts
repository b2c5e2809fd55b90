/**
 * Classes in a table beside the pictures, as Kaggle's data sets and Hugging Face's image folders have them: a CSV or TSV with
 * a column of file names and one of classes.
 */
import { dsvFormat } from "d3-dsv";
import { readOne } from "./file-tree";
import type { FileTree } from "./file-tree";
import { labelsOfNames, labelsOfNumbers } from "./labels";
import type { Labelling } from "./labels";

const tableName = /\.(csv|tsv)$/i;
const labelName =
  /^(labels?|class(es)?|categor(y|ies)|targets?|y|breed|species|type|variety)([ _]?(name|id|idx))?$/i;
const mostBytes = 2 ** 26;
/** Others are tables of something else. */
const mostTables = 8;

export interface LabelTable {
  labelling: Exclude<Labelling, string>;
  /** What was read, a sentence. */
  said: string;
}

/** Null where no table names the images. */
export async function labelsOfTable(
  tree: FileTree,
  images: readonly string[],
): Promise<LabelTable | null> {
  const tables = tree.names
    .flatMap((name, index) => (tableName.test(name) ? [index] : []))
    .slice(0, mostTables);
  for (const index of tables) {
    const text = await readOne(tree, index, mostBytes).then(
      (bytes) => bytes.toString("utf8").replace(/^\uFEFF/, ""),
      () => null,
    );
    const found = text === null ? null : labelsIn(text, images);
    if (!found) continue;
    const { labelling, column } = found;
    const said = `The classes are those of ${tree.names[index]} in ${tree.path} (column “${column}”).`;
    return { labelling, said };
  }
  return null;
}

function labelsIn(text: string, images: readonly string[]) {
  const header = text.split("\n", 1)[0];
  const delimiter = ["\t", ";", ","].find((mark) => header.includes(mark));
  if (delimiter === undefined) return null;
  const rows = dsvFormat(delimiter).parse(text);
  for (const names of rows.columns) {
    const byName = new Map(rows.map((row) => [plain(row[names] ?? ""), row]));
    const found = images.map((image) => rowOf(image, byName));
    const known = found.filter((row) => row !== undefined);
    if (2 * known.length < images.length) continue;
    const others = rows.columns.filter((column) => column !== names);
    const named = others.find((column) => labelName.test(column.trim()));
    const column = named ?? (others.length === 1 ? others[0] : undefined);
    if (column === undefined) return null;
    const cells = found.map((row) => row?.[column]?.trim() || "(none)");
    // What differs from picture to picture describes them.
    const isTold =
      named !== undefined || 2 * new Set(cells).size <= cells.length;
    const labelling = isTold ? labelsOfCells(cells) : "describes them";
    return typeof labelling === "string" ? null : { labelling, column };
  }
  return null;
}

function labelsOfCells(cells: readonly string[]): Labelling {
  return cells.every((cell) => /^\d{1,9}$/.test(cell))
    ? labelsOfNumbers(cells.map(Number))
    : labelsOfNames(cells);
}

/** Of the longest end of an image's path that the table has, with its extension or without. */
function rowOf<Row>(
  image: string,
  byName: ReadonlyMap<string, Row>,
): Row | undefined {
  const parts = image.split("/");
  for (let from = 0; from < parts.length; from++) {
    const end = parts.slice(from).join("/");
    const row = byName.get(end) ?? byName.get(end.replace(/\.\w+$/, ""));
    if (row !== undefined) return row;
  }
  return undefined;
}

/** `.\images\a.png` is `images/a.png`. */
function plain(cell: string): string {
  return cell
    .trim()
    .replaceAll("\\", "/")
    .replace(/^\.?\//, "");
}
