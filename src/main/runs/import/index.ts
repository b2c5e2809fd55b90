/** Takes in what other programs wrote, and our own bundles. What a file is, its content says, not only its name. */
import { open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { errorCode } from "../../../shared/errors";
import { rowNumber } from "../../../shared/contract/runs";
import type { ImportLook } from "../../../shared/contract/runs";
import type { FileLayer } from "../../disk/file-layer";
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
      return keepTable(
        files,
        library,
        await readTable(source.kind, path),
        asked,
      );
    default:
      return source satisfies never;
  }
}

const mostLookedAt = 2 ** 20;

/** What a table's steps can be, and what of it is not used; null for what is no table. Rejects as the import would. */
export async function lookAtImport(
  path: string,
  { stepColumn = null }: ImportOptions = {},
): Promise<ImportLook | null> {
  const { kind } = await recognize(path);
  if (kind !== "csv" && kind !== "json-lines") return null;
  // This is done while others wait; a larger table is imported as it is found.
  if ((await stat(path)).size > mostLookedAt) return null;
  const table = await readTable(kind, path);
  const curves = curvesOf(table, stepColumn);
  return {
    name: basename(path),
    rows: table.rows.length,
    columns: stepColumns(table),
    stepColumn: curves.stepColumn ?? rowNumber,
    remarks: [...curves.notes, ...table.warnings],
  };
}

async function readTable(
  kind: "csv" | "json-lines",
  path: string,
): Promise<Table> {
  const isCsv = kind === "csv";
  await refuseLargeText(path, basename(path), isCsv ? ",;\t|" : "");
  return isCsv ? importCsv(path) : importJsonLines(path);
}

type Source =
  | { kind: "bundle" }
  /** `path` is what was chosen: the folder, or one file in it. */
  | { kind: "tensorboard"; path: string; logs: LogFile[] }
  | { kind: "csv" }
  | { kind: "json-lines" };

async function recognize(path: string): Promise<Source> {
  const info = await statOrSay(path);
  if (info.isDirectory())
    return { kind: "tensorboard", path, logs: await findLogs(path) };
  if (info.size === 0) throw new RunError(`${path} is empty.`);
  const name = basename(path);
  if (isEventFile(name))
    return { kind: "tensorboard", path, logs: [{ path, name, under: "" }] };
  const start = await firstBytes(path);
  if (start[0] === 0x50 && start[1] === 0x4b) return { kind: "bundle" };
  if (/^\s*[{[]/.test(decodeText(start))) return { kind: "json-lines" };
  if (/\.(csv|tsv|tab|txt|dat|log)$/i.test(name)) return { kind: "csv" };
  throw new RunError(
    `${name} is nothing that can be imported; choose a TensorBoard event file, a CSV, a stats.jsonl or a bundle (.zip).`,
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

async function firstBytes(path: string): Promise<Uint8Array> {
  const file = await open(path, "r");
  try {
    const bytes = new Uint8Array(64);
    const { bytesRead } = await file.read(bytes, 0, 64, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
