/**
 * run.json: read, checked and migrated; written whole or not at all. Changes of two processes never overwrite each
 * other, because each change is made to what is on the disk, one process at a time.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { errorCode } from "../../../shared/errors";
import { explain } from "../../../shared/settings/explain";
import { runRecordSchema } from "../../../shared/run";
import type { RunRecord } from "../../../shared/run";
import { writeAtomically } from "../../disk/atomic";
import type { FileLayer } from "../../disk/file-layer";
import { recordFile } from "./layout";
import { withLock } from "../../disk/lock";
import { migrate } from "./migrate";
import { DamagedRecordError, RunError } from "../run-error";
import { copyAside } from "./set-aside";

/** A record of ours is a few kilobytes; one that is larger would make every list slow, so it is neither read nor written. */
export const mostRecordBytes = 4 << 20;

/** Throws a RunError that says what is wrong with the file. */
export function readRecord(folder: string): RunRecord {
  return parseRecord(readText(folder), basename(folder));
}

/** The record in the text of a run.json; its id must be the name of its folder. Throws a RunError. */
export function parseRecord(text: string, id: string): RunRecord {
  const parsed = runRecordSchema.safeParse(migrate(parseJson(text)));
  if (!parsed.success)
    throw new DamagedRecordError(
      `Its run.json is damaged: ${explain(parsed.error)}.`,
    );
  if (parsed.data.id !== id)
    throw new DamagedRecordError(
      `Its run.json belongs to the run ${parsed.data.id}; give the folder that name again.`,
    );
  return parsed.data;
}

/** Whole or not at all; rejects as the disk does, and the old record is still there. */
export async function writeRecord(
  files: FileLayer,
  folder: string,
  record: RunRecord,
): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(record, null, 1) + "\n");
  refuseLarge(bytes.length);
  await writeAtomically(files, recordFile(folder), bytes);
}

function refuseLarge(bytes: number): void {
  if (bytes > mostRecordBytes)
    throw new RunError(
      `Its run.json is too large: it has ${(bytes / 2 ** 20).toFixed(1)} MiB, and at most ${mostRecordBytes / 2 ** 20} are allowed.`,
    );
}

/**
 * Reads the record, changes it and writes it, with no other change in between; gives what was written. One that is
 * damaged or gone comes from `memory` where there is one: it is given a sentence that says so.
 */
export async function changeRecord(
  files: FileLayer,
  folder: string,
  change: (record: RunRecord) => RunRecord,
  memory?: (lost: string) => RunRecord,
): Promise<RunRecord> {
  const stamped = (record: RunRecord) => ({
    ...change(record),
    updatedAt: new Date().toISOString(),
  });
  return amendRecord(files, folder, stamped, memory);
}

/** As `changeRecord`, for what is found out about a run that stays as it was: `updatedAt` does not move. */
export async function amendRecord(
  files: FileLayer,
  folder: string,
  amend: (record: RunRecord) => RunRecord,
  memory?: (lost: string) => RunRecord,
): Promise<RunRecord> {
  return inTurn(folder, async () => {
    // Another process holds it for milliseconds only.
    const patience = AbortSignal.timeout(5000);
    try {
      return await withLock(
        files,
        `${recordFile(folder)}.lock`,
        patience,
        async () => {
          const changed = amend(await readOrRemember(files, folder, memory));
          await writeRecord(files, folder, changed);
          return changed;
        },
      );
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "AbortError") throw error;
      throw new RunError(
        "Another process has been changing this run for five seconds; try again.",
      );
    }
  });
}

/** What lies in the place of a damaged record is set aside. */
async function readOrRemember(
  files: FileLayer,
  folder: string,
  memory: ((lost: string) => RunRecord) | undefined,
): Promise<RunRecord> {
  try {
    return readRecord(folder);
  } catch (error) {
    if (!memory || !(error instanceof DamagedRecordError)) throw error;
    const path = recordFile(folder);
    const lost = existsSync(path)
      ? `was damaged and went to ${await copyAside(files, folder, path)}`
      : "was gone";
    return memory(`The record ${lost}; it was written again.`);
  }
}

function readText(folder: string): string {
  try {
    refuseLarge(statSync(recordFile(folder)).size);
    return readFileSync(recordFile(folder), "utf8");
  } catch (error) {
    if (error instanceof RunError) throw error;
    if (errorCode(error) === "ENOENT")
      throw new DamagedRecordError("It has no run.json.");
    throw new RunError(`Its run.json cannot be read (${errorCode(error)}).`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DamagedRecordError("Its run.json is damaged: it is not JSON.");
  }
}

/** What is under way in this process, by folder: waiting for a promise is cheaper than for a lock file. */
const turns = new Map<string, Promise<unknown>>();

async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
  const before = turns.get(key) ?? Promise.resolve();
  const mine = before.then(work, work);
  turns.set(key, mine);
  try {
    return await mine;
  } finally {
    if (turns.get(key) === mine) turns.delete(key);
  }
}
