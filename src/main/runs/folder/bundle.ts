/** A run folder as one ZIP: `<id>/run.json` and so on, the files that `layout.ts` lists and nothing else. */
import { createReadStream, existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { randomBytes } from "node:crypto";
import yazl from "yazl";
import { isSafeName } from "../../../shared/safe-name";
import type { FileLayer } from "../../disk/file-layer";
import {
  checkpointsFolder,
  isEventFile,
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
  const { id } = readRecord(folder);
  if (!force && existsSync(target))
    throw new RunError(
      `${target} exists already; choose another name, or say that it may be replaced (--force).`,
    );
  const members = await membersOf(folder);
  const tail = randomBytes(4).toString("hex");
  const beside = join(dirname(target), `.${basename(target)}.${tail}.new`);
  try {
    await files.makeFolder(dirname(target));
    const output = await files.open(beside, "create");
    try {
      await writeZip(folder, id, members, output, { signal, onProgress });
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
    (first === "samples" && stepOf(second, "png") !== null) ||
    (first === "checkpoints" && stepOf(second, "safetensors") !== null)
  );
}

async function membersOf(folder: string): Promise<string[]> {
  const names: string[] = [...(await readdir(folder))];
  for (const inner of [samplesFolder(folder), checkpointsFolder(folder)])
    if (existsSync(inner))
      for (const name of await readdir(inner))
        names.push(`${basename(inner)}/${name}`);
  const record = basename(recordFile(folder));
  return [
    record,
    ...names.filter((name) => name !== record && isMember(name)).sort(),
  ];
}

async function writeZip(
  folder: string,
  id: string,
  members: readonly string[],
  output: { write(bytes: Uint8Array): Promise<void> },
  { signal, onProgress }: BundleOptions,
): Promise<void> {
  const zip = new yazl.ZipFile();
  // A stream that fails inside the archive would otherwise fail nobody.
  const failed = new Promise<never>((_, reject) => {
    zip.on("error", reject);
  });
  failed.catch(() => undefined);
  let done = 0;
  for (const member of members) {
    const path = join(folder, member);
    const { mtime, size } = await stat(path);
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
  const copy = async () => {
    for await (const chunk of zip.outputStream) {
      signal?.throwIfAborted();
      await output.write(chunk as Uint8Array);
    }
  };
  await Promise.race([copy(), failed]);
  onProgress?.({ done: members.length, total: members.length });
}
