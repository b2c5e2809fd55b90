/**
 * Takes in a bundle: a ZIP that anyone may have made. Only files that a run folder has are taken, all are checked before
 * the first is written, and their sizes and checksums again while they are.
 */
import { statfs } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { errorMessage } from "../../../shared/errors";
import { isActive } from "../../../shared/run";
import type { RunRecord } from "../../../shared/run";
import { isSafeName, oneLine } from "../../../shared/safe-name";
import { isMember } from "../folder/bundle";
import type { FileLayer } from "../../disk/file-layer";
import { namesIn } from "../../disk/names-in";
import { ZipArchive, ZipError, isFolder, isLink } from "../../disk/zip";
import type { Entry } from "../../disk/zip";
import { newRunId, runsFolder, trashFolder } from "../folder/layout";
import { buildFolder } from "../folder/new-run";
import { mostRecordBytes, parseRecord, writeRecord } from "../folder/record";
import { RunError } from "../run-error";

/** A run with a grid at each of 100,000 steps fits; a million empty entries do not. */
const mostEntries = 250_000;

/** Gives the run's id: its own, or a new one where that is taken. Rejects with a RunError, and then nothing was added. */
export async function importBundle(
  files: FileLayer,
  library: string,
  path: string,
): Promise<string> {
  const name = basename(path);
  try {
    const zip = await ZipArchive.open(path, { mostEntries, strictNames: true });
    try {
      return await takeIn(files, library, { zip, name, path });
    } finally {
      zip.close();
    }
  } catch (error) {
    throw error instanceof ZipError ? refusal(name, error.message) : error;
  }
}

interface Bundle {
  zip: ZipArchive;
  name: string;
  path: string;
}

async function takeIn(
  files: FileLayer,
  library: string,
  { zip, name, path }: Bundle,
): Promise<string> {
  const members = membersOf(await zip.list(), name);
  await refuseWithoutRoom(members.values(), runsFolder(library), name);
  const record = await readRecordOf(zip, members, name);
  const id = (await isTaken(library, record.id))
    ? newRunId(record.settings?.preset ?? "imported", new Date())
    : record.id;
  await buildFolder(files, library, id, async (folder) => {
    for (const [member, entry] of members)
      if (member !== "run.json")
        await extract(files, zip, entry, join(folder, member));
    await writeRecord(files, folder, imported(record, id, path));
  });
  return id;
}

/** The entries by their path in the run folder. */
function membersOf(
  entries: readonly Entry[],
  name: string,
): Map<string, Entry> {
  const members = new Map<string, Entry>();
  const seen = new Set<string>();
  const roots = new Set<string>();
  for (const entry of entries) {
    if (isLink(entry))
      throw refusal(name, `its entry "${entry.fileName}" is a link`);
    if (isFolder(entry)) continue;
    const [root, ...rest] = entry.fileName.split("/");
    const member = rest.join("/");
    if (!isMember(member))
      throw refusal(name, `"${entry.fileName}" is not a file of a run`);
    // Some systems tell no small letters from large ones.
    if (seen.has(member.toLowerCase()))
      throw refusal(name, `"${entry.fileName}" is in it twice`);
    seen.add(member.toLowerCase());
    members.set(member, entry);
    roots.add(root);
  }
  if (roots.size > 1) throw refusal(name, "it holds more than one run");
  return members;
}

async function refuseWithoutRoom(
  entries: Iterable<Entry>,
  target: string,
  name: string,
): Promise<void> {
  let needed = 0;
  for (const { uncompressedSize } of entries) needed += uncompressedSize;
  const { bavail, bsize } = await statfs(target);
  if (needed > bavail * bsize)
    throw new RunError(
      `${name} needs ${Math.round(needed / 1e6)} MB and the library's disk has ${Math.round((bavail * bsize) / 1e6)} MB; make room first.`,
    );
}

async function readRecordOf(
  zip: ZipArchive,
  members: ReadonlyMap<string, Entry>,
  name: string,
): Promise<RunRecord> {
  const entry = members.get("run.json");
  if (!entry)
    throw new RunError(
      `${name} holds no run.json, so it is not a run's bundle.`,
    );
  if (entry.uncompressedSize > mostRecordBytes)
    throw refusal(name, "its run.json is too large");
  const bytes = await zip.readWhole(entry, mostRecordBytes);
  try {
    return parseRecord(bytes.toString("utf8"), entry.fileName.split("/")[0]);
  } catch (error) {
    throw refusal(name, errorMessage(error).replace(/\.$/, ""));
  }
}

async function extract(
  files: FileLayer,
  zip: ZipArchive,
  entry: Entry,
  target: string,
): Promise<void> {
  await files.makeFolder(dirname(target));
  const file = await files.open(target, "create");
  try {
    await zip.read(entry, (bytes) => file.write(bytes));
    await file.sync();
  } catch (error) {
    if (!(error instanceof ZipError)) throw error;
    throw new ZipError(`"${entry.fileName}": ${error.message}`);
  } finally {
    await file.close();
  }
}

/** Also where only the case differs, and where the id is no name for a folder on some system. */
async function isTaken(library: string, id: string): Promise<boolean> {
  const names = [
    ...(await namesIn(runsFolder(library))),
    ...(await namesIn(trashFolder(library))),
  ];
  return (
    !isSafeName(id) ||
    names.some((name) => name.toLowerCase() === id.toLowerCase())
  );
}

function imported(record: RunRecord, id: string, path: string): RunRecord {
  const { state, reason } = record;
  return {
    ...record,
    id,
    name: oneLine(record.name),
    // It was bundled while it trained; here nobody trains it.
    state: isActive(state) ? "interrupted" : state,
    reason: isActive(state) ? "It was bundled while it trained." : reason,
    importedFrom: path,
  };
}

function refusal(name: string, why: string): RunError {
  return new RunError(`${name} was not imported: ${why}.`);
}
