/**
 * Puts an export on disk whole or not at all: written beside its place under a hidden name, synced, then moved there.
 * Nothing that exists is replaced unless `force` says so.
 */
import { randomBytes } from "node:crypto";
import { link, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { ExportRequest } from "../../shared/contract/exports";
import { shapeOf } from "../../shared/contract/export-formats";
import { errorCode } from "../../shared/errors";
import { disk } from "../disk/file-layer";
import { exportEntries } from "./index";
import { zipEntries } from "./archive";
import type { ExportEntry, ExportJob } from "./job";
import { ExportError } from "./job";
import { explainCode } from "../runs/recording/telling";

export interface SaveOptions {
  force: boolean;
  /** Writes a folder as one ZIP file. */
  asArchive?: boolean;
}

/** Gives how many bytes were written. Rejects with an ExportError of one sentence, or with the signal's reason. */
export async function saveExport(
  request: ExportRequest,
  target: string,
  job: ExportJob,
  { force, asArchive = false }: SaveOptions,
): Promise<number> {
  const beside = join(
    dirname(target),
    `.${basename(target)}.${randomBytes(4).toString("hex")}.partial`,
  );
  const isFolder = shapeOf(request).kind === "folder";
  const entries = exportEntries(request, job);
  try {
    if (!force) await refuseExisting(target);
    await disk.makeFolder(dirname(target));
    const bytes = await (isFolder
      ? asArchive
        ? writeFile(beside, zipEntries(entries), job)
        : writeFolder(beside, entries, job)
      : writeSingle(beside, entries, job));
    if (isFolder && !asArchive) await publishFolder(beside, target, force);
    else await publishFile(beside, target, force);
    await disk.syncFolder(dirname(target));
    return bytes;
  } catch (error) {
    const reason = explainCode(errorCode(error));
    if (reason === null) throw error;
    throw new ExportError(`${target} could not be written: ${reason}.`, {
      cause: error,
    });
  } finally {
    // Where it never came to be, the reason was told.
    await rm(beside, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function refuseExisting(target: string): Promise<void> {
  try {
    await stat(target);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return;
    throw error;
  }
  throw exists(target);
}

function exists(target: string): ExportError {
  return new ExportError(
    `${target} exists already; choose another name, or say that it may be replaced (--force).`,
  );
}

async function writeSingle(
  path: string,
  entries: AsyncIterable<ExportEntry>,
  job: ExportJob,
): Promise<number> {
  let bytes = 0;
  for await (const { body } of entries)
    bytes += await writeFile(path, body, job);
  return bytes;
}

async function writeFolder(
  folder: string,
  entries: AsyncIterable<ExportEntry>,
  job: ExportJob,
): Promise<number> {
  let bytes = 0;
  for await (const { name, body } of entries) {
    const path = join(folder, ...name.split("/"));
    await mkdir(dirname(path), { recursive: true });
    bytes += await writeFile(path, body, job, true);
  }
  return bytes;
}

/** Syncing each of ten thousand small files would take minutes, so those of a folder are left to the system. */
async function writeFile(
  path: string,
  body: AsyncIterable<Uint8Array>,
  job: ExportJob,
  isOneOfMany = false,
): Promise<number> {
  const file = await open(path, "wx");
  try {
    let bytes = 0;
    for await (const part of body) {
      job.signal.throwIfAborted();
      await file.writeFile(part);
      bytes += part.length;
    }
    if (!isOneOfMany) await file.sync();
    return bytes;
  } finally {
    await file.close();
  }
}

/** A hard link refuses to replace, which a rename does not; where links are not to be had, a rename must do. */
async function publishFile(
  beside: string,
  target: string,
  force: boolean,
): Promise<void> {
  if (force) {
    await rename(beside, target);
    return;
  }
  try {
    await link(beside, target);
  } catch (error) {
    if (errorCode(error) === "EEXIST") throw exists(target);
    await refuseExisting(target);
    await rename(beside, target);
  }
}

async function publishFolder(
  beside: string,
  target: string,
  force: boolean,
): Promise<void> {
  if (!force) {
    await refuseExisting(target);
    await rename(beside, target);
    return;
  }
  const old = `${beside}.old`;
  const replaces = await rename(target, old).then(
    () => true,
    (error: unknown) => {
      if (errorCode(error) === "ENOENT") return false;
      throw error;
    },
  );
  await rename(beside, target);
  if (replaces) await rm(old, { recursive: true, force: true });
}
