/** Takes in what other programs wrote, and our own bundles. What a file is, its content says, not only its name. */
import { open, readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { errorCode } from "../../../shared/errors";
import type { FileLayer } from "../../disk/file-layer";
import { isEventFile } from "../folder/layout";
import { RunError } from "../run-error";
import { importBundle } from "./bundle";
import { importCsv } from "./csv";
import { importJsonLines } from "./json-lines";
import { refuseLargeText } from "./limits";
import { keepTable } from "./table";
import { importTensorBoard } from "./tensorboard";

/** Gives the id of the new run. Rejects with a RunError, and then nothing was added. */
export async function importRun(
  files: FileLayer,
  library: string,
  path: string,
): Promise<string> {
  const source = await recognize(path);
  switch (source.kind) {
    case "bundle":
      return importBundle(files, library, path);
    case "tensorboard":
      return importTensorBoard(files, library, source);
    case "csv":
      await refuseLargeText(path, basename(path), ",;\t|");
      return keepTable(files, library, await importCsv(path), path);
    case "json-lines":
      await refuseLargeText(path, basename(path), "");
      return keepTable(files, library, await importJsonLines(path), path);
    default:
      return source satisfies never;
  }
}

type Source =
  | { kind: "bundle" }
  /** `path` is what was chosen: the folder, or one file in it. */
  | { kind: "tensorboard"; path: string; folder: string; names: string[] }
  | { kind: "csv" }
  | { kind: "json-lines" };

async function recognize(path: string): Promise<Source> {
  const info = await statOrSay(path);
  if (info.isDirectory()) {
    const names = (await readdir(path)).filter(isEventFile).sort();
    if (names.length === 0)
      throw new RunError(
        `The folder ${path} holds no TensorBoard event file; choose the folder that does.`,
      );
    return { kind: "tensorboard", path, folder: path, names };
  }
  if (info.size === 0) throw new RunError(`${path} is empty.`);
  const name = basename(path);
  if (isEventFile(name))
    return {
      kind: "tensorboard",
      path,
      folder: join(path, ".."),
      names: [name],
    };
  const start = await firstBytes(path);
  if (start[0] === 0x50 && start[1] === 0x4b) return { kind: "bundle" };
  const text = new TextDecoder().decode(start).trimStart();
  if (text.startsWith("{")) return { kind: "json-lines" };
  if (/\.(csv|tsv)$/i.test(name)) return { kind: "csv" };
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
