/**
 * Takes in a bundle: a ZIP that anyone may have made. Only files that a run folder has are taken, all are checked before
 * the first is written, and their sizes and checksums again while they are.
 */
import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { crc32 } from "node:zlib";
import { openPromise } from "yauzl";
import type { Entry, ZipFile } from "yauzl";
import { errorMessage } from "../../../shared/errors";
import { isActive } from "../../../shared/run";
import type { RunRecord } from "../../../shared/run";
import { isMember } from "../folder/bundle";
import type { FileLayer } from "../../disk/file-layer";
import {
  newRunId,
  runFolder,
  runsFolder,
  trashedFolder,
} from "../folder/layout";
import { buildFolder } from "../folder/new-run";
import { parseRecord, writeRecord } from "../folder/record";
import { RunError } from "../run-error";

/** A run with a grid at each of 100,000 steps fits; a million empty entries do not. */
const maxEntries = 250_000;
const maxRecordBytes = 32 << 20;
/** What our own bundles compress to is far from this; from 100 MB on, more is a bomb. */
const maxRatio = 200;
const harmlessBytes = 100e6;

/** Gives the run's id: its own, or a new one where that is taken. Rejects with a RunError, and then nothing was added. */
export async function importBundle(
  files: FileLayer,
  library: string,
  path: string,
): Promise<string> {
  const name = basename(path);
  const zip = await opened(path, name);
  try {
    const members = await checkedMembers(zip, name, runsFolder(library));
    const record = await readRecordOf(zip, members, name);
    const id = isTaken(library, record.id)
      ? newRunId(record.settings?.preset ?? "imported", new Date())
      : record.id;
    await buildFolder(files, library, id, async (folder) => {
      for (const [member, entry] of members)
        if (member !== "run.json")
          await extract(files, zip, entry, join(folder, member), name);
      await writeRecord(files, folder, imported(record, id, path));
    });
    return id;
  } finally {
    zip.close();
  }
}

async function opened(path: string, name: string): Promise<ZipFile> {
  try {
    return await openPromise(path, { autoClose: false, strictFileNames: true });
  } catch (error) {
    throw refusal(name, reasonOf(error));
  }
}

/** The entries by their path in the run folder. */
async function checkedMembers(
  zip: ZipFile,
  name: string,
  target: string,
): Promise<Map<string, Entry>> {
  if (zip.entryCount > maxEntries)
    throw refusal(name, `it has ${zip.entryCount} entries`);
  const members = new Map<string, Entry>();
  const roots = new Set<string>();
  let packed = 0;
  let unpacked = 0;
  for await (const entry of entriesOf(zip, name)) {
    if (isLink(entry))
      throw refusal(name, `its entry "${entry.fileName}" is a link`);
    if (entry.fileName.endsWith("/")) continue;
    const [root, ...rest] = entry.fileName.split("/");
    const member = rest.join("/");
    if (!isMember(member))
      throw refusal(name, `"${entry.fileName}" is not a file of a run`);
    if (members.has(member))
      throw refusal(name, `"${entry.fileName}" is in it twice`);
    members.set(member, entry);
    roots.add(root);
    packed += entry.compressedSize;
    unpacked += entry.uncompressedSize;
  }
  if (roots.size > 1) throw refusal(name, "it holds more than one run");
  if (unpacked > harmlessBytes && unpacked > maxRatio * packed)
    throw refusal(
      name,
      `it would grow to ${Math.round(unpacked / 1e6)} MB, ${Math.round(unpacked / packed)} times its size`,
    );
  const { bavail, bsize } = await statfs(target);
  if (unpacked > bavail * bsize)
    throw new RunError(
      `${name} needs ${Math.round(unpacked / 1e6)} MB and the library's disk has ${Math.round((bavail * bsize) / 1e6)} MB; make room first.`,
    );
  return members;
}

async function* entriesOf(zip: ZipFile, name: string): AsyncGenerator<Entry> {
  try {
    for await (const entry of zip.eachEntry()) yield entry;
  } catch (error) {
    // Also `..`, absolute paths and backslashes, which the reader refuses by itself.
    throw error instanceof RunError ? error : refusal(name, reasonOf(error));
  }
}

/** The file type in the upper half of the Unix attributes. */
function isLink(entry: Entry): boolean {
  return ((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000;
}

async function readRecordOf(
  zip: ZipFile,
  members: ReadonlyMap<string, Entry>,
  name: string,
): Promise<RunRecord> {
  const entry = members.get("run.json");
  if (!entry)
    throw new RunError(
      `${name} holds no run.json, so it is not a run's bundle.`,
    );
  if (entry.uncompressedSize > maxRecordBytes)
    throw refusal(name, "its run.json is too large");
  const parts: Uint8Array[] = [];
  await read(zip, entry, name, (bytes) => {
    parts.push(bytes);
    return Promise.resolve();
  });
  const text = Buffer.concat(parts).toString("utf8");
  try {
    return parseRecord(text, entry.fileName.split("/")[0]);
  } catch (error) {
    throw refusal(name, reasonOf(error));
  }
}

async function extract(
  files: FileLayer,
  zip: ZipFile,
  entry: Entry,
  target: string,
  name: string,
): Promise<void> {
  await files.makeFolder(dirname(target));
  const file = await files.open(target, "create");
  try {
    await read(zip, entry, name, (bytes) => file.write(bytes));
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Gives the content of an entry piece by piece. Rejects where it is not what the ZIP says. */
async function read(
  zip: ZipFile,
  entry: Entry,
  name: string,
  take: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  let checksum = 0;
  const stream = await zip.openReadStreamPromise(entry).catch((error) => {
    throw refusal(name, reasonOf(error));
  });
  const pieces = stream[Symbol.asyncIterator]();
  for (;;) {
    const next = await pieces.next().catch((error: unknown) => {
      throw refusal(name, reasonOf(error));
    });
    if (next.done) break;
    const bytes = next.value as Uint8Array;
    checksum = crc32(bytes, checksum);
    await take(bytes);
  }
  if (checksum !== entry.crc32)
    throw refusal(name, `"${entry.fileName}" is damaged`);
}

function isTaken(library: string, id: string): boolean {
  return [runFolder(library, id), trashedFolder(library, id)].some(existsSync);
}

function imported(record: RunRecord, id: string, path: string): RunRecord {
  const { state, reason } = record;
  return {
    ...record,
    id,
    // It was bundled while it trained; here nobody trains it.
    state: isActive(state) ? "interrupted" : state,
    reason: isActive(state) ? "It was bundled while it trained." : reason,
    importedFrom: path,
  };
}

function reasonOf(error: unknown): string {
  const text = errorMessage(error);
  return text.replace(/\.$/, "");
}

function refusal(name: string, why: string): RunError {
  return new RunError(`${name} was not imported: ${why}.`);
}
