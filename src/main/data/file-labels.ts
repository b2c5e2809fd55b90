/**
 * The classes of image files: what StyleGAN's `dataset.json` says, or the first folders below the one that all images
 * share, or a table beside them. StyleGAN's own folders (`00000`, `00001`) are shards and no classes, whether its list
 * can be read or not.
 */
import { basename, dirname } from "node:path/posix";
import { z } from "zod";
import { errorMessage } from "../../shared/errors";
import { isLfsNote, lfsNote } from "../disk/lfs-note";
import { readOne } from "./file-tree";
import type { FileTree } from "./file-tree";
import { labelsOfTable } from "./label-table";
import { labelsOfNames, labelsOfNumbers, labelsOfOneHot } from "./labels";
import type { Labelling } from "./labels";
import { partsAsClasses } from "./parts";
import { sharedFolders } from "./shared-folders";
import type { ImageSource } from "./source";

const listName = "dataset.json";
const mostListBytes = 2 ** 28;

type Classes = Pick<ImageSource, "classes" | "labels" | "warnings">;

/** Of the images that `indices` are in the tree. Rejects where the disk fails. */
export async function classesOfFiles(
  tree: FileTree,
  indices: Uint32Array,
): Promise<Classes> {
  const names = [...indices].map((index) => tree.names[index]);
  const found = await findClasses(tree, names);
  if (found.classes) return found;
  const table = await labelsOfTable(tree, names);
  return {
    ...found,
    ...table?.labelling,
    warnings: [
      ...found.warnings,
      ...(table ? [table.said] : unreadLists(tree)),
    ],
  };
}

/** Lists that data sets keep their labels in, and that are not read. */
const otherLists =
  /(^|\/)(\w*(label|class|annotation|attr|categor)\w*\.(csv|tsv|txt|json)|(train|metadata|data)\.(csv|tsv|jsonl))$/i;

function unreadLists({ path, names }: FileTree): string[] {
  const [first] = names.filter((name) => otherLists.test(name));
  if (first === undefined) return [];
  return [
    `${first} in ${path} is not read: classes come from folders that are named by them, from a CSV with a column of file names and one called label, or from StyleGAN's ${listName}.`,
  ];
}

async function findClasses(
  tree: FileTree,
  names: readonly string[],
): Promise<Classes> {
  const list = nearestList(tree);
  if (list === null) return isSharded(names) ? none : classesOfFolders(names);
  const labelling = await readList(tree, list, names);
  if (labelling === "not StyleGAN's") return classesOfFolders(names);
  if (typeof labelling !== "string") return { ...labelling, warnings: [] };
  const warnings = [
    `${tree.path}: ${tree.names[list]} ${labelling}: left out.`,
  ];
  return isSharded(names)
    ? { ...none, warnings }
    : { ...classesOfFolders(names), warnings };
}

const none: Classes = { classes: null, labels: null, warnings: [] };

/** The one nearest to the top. */
function nearestList({ names }: FileTree): number | null {
  const depth = (index: number) => names[index].split("/").length;
  const [first] = names
    .flatMap((name, index) => (basename(name) === listName ? [index] : []))
    .sort((a, b) => depth(a) - depth(b));
  return first ?? null;
}

/** A number, or as many as there are conditions. */
const labelSchema = z.union([z.number(), z.array(z.number()).min(1)]);
const listSchema = z.object({
  labels: z.array(z.tuple([z.string(), labelSchema])).nullable(),
});

async function readList(
  tree: FileTree,
  index: number,
  names: readonly string[],
): Promise<Labelling> {
  let json: unknown;
  try {
    const bytes = await readOne(tree, index, mostListBytes);
    if (isLfsNote(bytes)) return lfsNote;
    json = JSON.parse(bytes.toString("utf8").replace(/^\uFEFF/, ""));
  } catch (error) {
    return `cannot be read (${errorMessage(error)})`;
  }
  if (!z.looseObject({ labels: z.unknown() }).safeParse(json).success)
    return "not StyleGAN's";
  const list = listSchema.safeParse(json);
  if (!list.success) return "does not hold a list of files and labels";
  if (list.data.labels === null) return "has no labels";
  const folder = dirname(tree.names[index]);
  const byName = new Map(
    list.data.labels.map(([name, label]) => [
      pathOf(folder, name.replaceAll("\\", "/")),
      label,
    ]),
  );
  return labelsFrom(names.map((name) => byName.get(name)));
}

function pathOf(folder: string, name: string): string {
  return folder === "." ? name : `${folder}/${name}`;
}

type Label = z.infer<typeof labelSchema>;

function labelsFrom(labels: readonly (Label | undefined)[]): Labelling {
  const missing = labels.filter((label) => label === undefined).length;
  if (missing === labels.length) return "names none of the images";
  const known = labels.flatMap((label) => (label === undefined ? [] : [label]));
  const numbers = known.filter((label) => typeof label === "number");
  if (missing > 0)
    return numbers.length === known.length
      ? labelsOfNames(
          labels.map((label) =>
            label === undefined ? "(none)" : String(label),
          ),
        )
      : `has no label for ${missing} of the images`;
  if (numbers.length === known.length) return labelsOfNumbers(numbers);
  const rows = known.map((label) => (Array.isArray(label) ? label : [label]));
  return labelsOfOneHot(
    rows.length,
    rows.reduce((most, row) => Math.max(most, row.length), 0),
    (row, column) => rows[row][column] ?? NaN,
  );
}

/** As StyleGAN's dataset_tool.py names them. */
function isSharded(names: readonly string[]): boolean {
  return names.every((name) => /(?:^|\/)\d{5}\/img\d{8}\.png$/.test(name));
}

/** Null where some image lies in no folder. */
function classesOfFolders(names: readonly string[]): Classes {
  const depth = sharedFolders(names);
  const folders = names.map((name) => name.split("/").slice(depth, -1).at(0));
  const known = folders.filter((folder) => folder !== undefined);
  if (known.length < folders.length) return none;
  const labelling = labelsOfNames(known);
  if (typeof labelling === "string") return none;
  return { ...labelling, warnings: partsAsClasses(labelling.classes) };
}
