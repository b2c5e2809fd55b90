/** Takes in what other programs wrote, and our own bundles. What a file is, its content says, not only its name. */
import { stat } from "node:fs/promises";
import { existsSync } from "node:fs";
import type { Stats } from "node:fs";
import { basename, join } from "node:path";
import { errorCode } from "../../../shared/errors";
import { rowNumber } from "../../../shared/contract/runs";
import type { ImportLook } from "../../../shared/contract/runs";
import type { FileLayer } from "../../disk/file-layer";
import { firstBytes } from "../../disk/first-bytes";
import { isLfsNote, lfsNote } from "../../disk/lfs-note";
import { isEventFile } from "../folder/layout";
import { RunError } from "../run-error";
import type { ImportOptions } from "../run-store";
import { importBundle } from "./bundle";
import { importCsv } from "./csv";
import { importJsonLines } from "./json-lines";
import { keepTable } from "./imported";
import { findLogs } from "./log-files";
import type { LogFile } from "./log-files";
import { refuseLargeText } from "./limits";
import { curvesOf, stepColumns } from "./table";
import type { Table } from "./table";
import { decodeText } from "./text";
import { importPrinted, isPrinted } from "./printed";
import { importTensorBoard } from "./tensorboard";

/** Gives the id of the new run. Rejects with a RunError, and then nothing was added. */
export async function importRun(
  files: FileLayer,
  library: string,
  path: string,
  { stepColumn = null }: ImportOptions = {},
): Promise<string> {
  const source = await recognize(path);
  const asked = { path, stepColumn };
  switch (source.kind) {
    case "bundle":
      return importBundle(files, library, path);
    case "tensorboard":
      return importTensorBoard(files, library, source);
    case "csv":
    case "json-lines":
    case "printed":
      return keepTable(
        files,
        library,
        await readTable(source.kind, source.path),
        asked,
      );
    default:
      return source satisfies never;
  }
}

/** Enough lines to tell what a text is. */
const startBytes = 2 ** 14;
const mostLookedAt = 2 ** 20;

/** What a table's steps can be, and what of it is not used; null for what is no table. Rejects as the import would. */
export async function lookAtImport(
  path: string,
  { stepColumn = null }: ImportOptions = {},
): Promise<ImportLook | null> {
  const source = await recognize(path);
  if (source.kind === "bundle" || source.kind === "tensorboard") return null;
  // This is done while others wait; a larger table is imported as it is found.
  if ((await stat(source.path)).size > mostLookedAt) return null;
  const table = await readTable(source.kind, source.path);
  const curves = curvesOf(table, stepColumn);
  return {
    name: basename(source.path),
    rows: table.rows.length,
    columns: stepColumns(table),
    stepColumn: curves.stepColumn ?? rowNumber,
    remarks: [...curves.notes, ...table.warnings],
  };
}

const tables = {
  csv: { read: importCsv, separators: ",;\t|", hasRows: true },
  "json-lines": { read: importJsonLines, separators: ",[{", hasRows: false },
  printed: { read: importPrinted, separators: ":=", hasRows: false },
};
type TableKind = keyof typeof tables;

async function readTable(kind: TableKind, path: string): Promise<Table> {
  await refuseLargeText(path, basename(path), tables[kind]);
  return tables[kind].read(path);
}

type Source =
  | { kind: "bundle" }
  /** `path` is what was chosen: the folder, or one file in it. */
  | { kind: "tensorboard"; path: string; logs: LogFile[] }
  | { kind: TableKind; path: string };

async function recognize(path: string): Promise<Source> {
  const info = await statOrSay(path);
  return info.isDirectory() ? recognizeFolder(path) : recognizeFile(path, info);
}

async function recognizeFile(path: string, info: Stats): Promise<Source> {
  if (!info.isFile()) throw new RunError(`${path} is not a file.`);
  if (info.size === 0) throw new RunError(`${path} is empty.`);
  const name = basename(path);
  const start = await firstBytes(path, startBytes);
  if (isLfsNote(start)) throw new RunError(`${name} ${lfsNote}.`);
  if (/\.(xlsx?|xlsm|ods)$/i.test(name))
    throw new RunError(
      `${name} is a workbook, and only its sheets could be read; save one as CSV and import that.`,
    );
  if (isEventFile(name))
    return { kind: "tensorboard", path, logs: [{ path, name, under: "" }] };
  if (start[0] === 0x50 && start[1] === 0x4b) return { kind: "bundle" };
  const text = decodeText(start);
  // A list of JSON, and no line such as "[0/5][50/1583]", "[Epoch 0/200]" or "[2024-01-31 14:05:06] loss: 0.5".
  const beginsAsLine =
    /^\s*\[(?:\d+\/|[a-z]|(?!\s*[{[])[^\]\n]*\]\s*[^\s,\]])/i;
  if (/^\s*[{[]/.test(text) && !beginsAsLine.test(text))
    return { kind: "json-lines", path };
  if (!/\.[ct]sv$/i.test(name) && isPrinted(text))
    return { kind: "printed", path };
  if (/\.(csv|tsv|tab|txt|dat|log)$/i.test(name)) return { kind: "csv", path };
  throw new RunError(
    `${name} cannot be imported; choose a TensorBoard event file, a CSV, a stats.jsonl, the lines that a training printed or a bundle (.zip).`,
  );
}

/** A folder without event files may hold StyleGAN's `stats.jsonl`. */
async function recognizeFolder(path: string): Promise<Source> {
  const logs = await findLogs(path);
  if (logs.length > 0) return { kind: "tensorboard", path, logs };
  const stats = join(path, "stats.jsonl");
  if (existsSync(stats)) return recognizeFile(stats, await stat(stats));
  throw new RunError(
    `The folder ${path} holds no TensorBoard event file and no stats.jsonl; choose the folder that does, or a file.`,
  );
}

async function statOrSay(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (errorCode(error) === "ENOENT")
      throw new RunError(`There is no file ${path}.`);
    throw error;
  }
}
