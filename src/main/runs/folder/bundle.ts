/** A run folder as one ZIP: `<id>/run.json` and so on, the files that `layout.ts` lists and nothing else. */
import { createReadStream, existsSync } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { randomBytes } from "node:crypto";
import type { Readable } from "node:stream";
import yazl from "yazl";
import { isSafeName } from "../../../shared/safe-name";
import type { FileLayer } from "../../disk/file-layer";
import {
  checkpointsFolder,
  isEventFile,
  isQualityFile,
  qualityFolder,
  recordFile,
  samplesFolder,
  stepOf,
} from "./layout";
import { readRecord } from "./record";
import { RunError } from "../run-error";
import type { BundleOptions } from "../run-store";

/** Rejects with a RunError where the target exists; where it is aborted or fails, nothing is left. */
export async function exportBundle(
  files: FileLayer,
  folder: string,
  target: string,
  { force = false, signal, onProgress }: BundleOptions,
): Promise<void> {
  if (!force && existsSync(target))
    throw new RunError(
      `${target} exists already; choose another name, or say that it may be replaced (--force).`,
    );
  const bytes = await bundleBytes(folder, onProgress);
  const tail = randomBytes(4).toString("hex");
  const beside = join(dirname(target), `.${basename(target)}.${tail}.new`);
  try {
    await files.makeFolder(dirname(target));
    const output = await files.open(beside, "create");
    try {
      for await (const chunk of bytes) {
        signal?.throwIfAborted();
        await output.write(chunk);
      }
      await output.sync();
    } finally {
      await output.close();
    }
    await files.rename(beside, target);
  } catch (error) {
    await files.remove(beside).catch(() => undefined);
    throw error;
  }
  await files.syncFolder(dirname(target));
}

/** Whether a path inside a run folder is one of a run's files. */
export function isMember(path: string): boolean {
  const [first, second, ...rest] = path.split("/");
  if (rest.length > 0) return false;
  if (second === undefined)
    return first === "run.json" || (isEventFile(first) && isSafeName(first));
  return (
    (/^samples(-average)?$/.test(first) && stepOf(second, "png") !== null) ||
    (first === "quality" && isQualityFile(second) && isSafeName(second)) ||
    (first === "quality-last" && stepOf(second, "json") !== null) ||
    (first === "checkpoints" && stepOf(second, "safetensors") !== null)
  );
}

/** Counts the files of a run as they are packed. */
type Progress = BundleOptions["onProgress"];

/** The archive, made while it is read. Rejects with a RunError where the record cannot be read. */
export async function bundleBytes(
  folder: string,
  onProgress?: Progress,
): Promise<AsyncIterable<Uint8Array>> {
  const { id } = readRecord(folder);
  return packed(folder, id, await membersOf(folder), onProgress);
}

async function membersOf(folder: string): Promise<string[]> {
  const names: string[] = [...(await readdir(folder))];
  const inners = [
    samplesFolder(folder),
    samplesFolder(folder, "average"),
    checkpointsFolder(folder),
    qualityFolder(folder),
    qualityFolder(folder, "last"),
  ];
  for (const inner of inners)
    if (existsSync(inner))
      for (const name of await readdir(inner))
        names.push(`${basename(inner)}/${name}`);
  const record = basename(recordFile(folder));
  return [
    record,
    ...names.filter((name) => name !== record && isMember(name)).sort(),
  ];
}

async function* packed(
  folder: string,
  id: string,
  members: readonly string[],
  onProgress: Progress,
): AsyncGenerator<Uint8Array> {
  const zip = new yazl.ZipFile();
  const output = zip.outputStream as Readable;
  // A stream that fails inside the archive would otherwise fail nobody.
  zip.on("error", (error: Error) => output.destroy(error));
  let done = 0;
  for (const member of members) {
    const path = join(folder, member);
    const facts = await lstat(path);
    // A link may lead out of the library.
    if (!facts.isFile()) continue;
    const { mtime, size } = facts;
    zip.addReadStreamLazy(
      `${id}/${member}`,
      // Pictures are compressed already.
      { mtime, size, compress: !member.endsWith(".png") },
      (give) => {
        onProgress?.({ done: done++, total: members.length });
        give(null, createReadStream(path, { end: Math.max(0, size - 1) }));
      },
    );
  }
  zip.end();
  yield* output as AsyncIterable<Uint8Array>;
  onProgress?.({ done: members.length, total: members.length });
}
