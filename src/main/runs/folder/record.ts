/**
 * run.json: read, checked and migrated; written whole or not at all. Changes of two processes never overwrite each
 * other, because each change is made to what is on the disk, one process at a time.
 */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout } from "node:timers/promises";
import { errorCode } from "../../../shared/errors";
import { explain } from "../../../shared/settings/explain";
import { runRecordSchema } from "../../../shared/run";
import type { RunRecord } from "../../../shared/run";
import { writeAtomically } from "../../disk/atomic";
import type { FileLayer } from "../../disk/file-layer";
import { recordFile } from "./layout";
import { acquireLock } from "../../disk/lock";
import type { Lock } from "../../disk/lock";
import { migrate } from "./migrate";
import { RunError } from "../run-error";

/** Throws a RunError that says what is wrong with the file. */
export function readRecord(folder: string): RunRecord {
  return parseRecord(readText(folder), basename(folder));
}

/** The record in the text of a run.json; its id must be the name of its folder. Throws a RunError. */
export function parseRecord(text: string, id: string): RunRecord {
  const parsed = runRecordSchema.safeParse(migrate(parseJson(text)));
  if (!parsed.success)
    throw new RunError(`Its run.json is damaged: ${explain(parsed.error)}.`);
  if (parsed.data.id !== id)
    throw new RunError(
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
  await writeAtomically(
    files,
    recordFile(folder),
    JSON.stringify(record, null, 1) + "\n",
  );
}

/** Reads the record, changes it and writes it, with no other change in between; gives what was written. */
export async function changeRecord(
  files: FileLayer,
  folder: string,
  change: (record: RunRecord) => RunRecord,
): Promise<RunRecord> {
  return inTurn(folder, async () => {
    const lock = await waitForLock(files, `${recordFile(folder)}.lock`);
    try {
      const changed = {
        ...change(readRecord(folder)),
        updatedAt: new Date().toISOString(),
      };
      await writeRecord(files, folder, changed);
      return changed;
    } finally {
      await lock.release();
    }
  });
}

function readText(folder: string): string {
  try {
    return readFileSync(recordFile(folder), "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT")
      throw new RunError("It has no run.json.");
    throw new RunError(`Its run.json cannot be read (${errorCode(error)}).`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RunError("Its run.json is damaged: it is not JSON.");
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

/** Another process holds it for milliseconds only. */
async function waitForLock(files: FileLayer, path: string): Promise<Lock> {
  for (let attempt = 0; attempt < 250; attempt++) {
    const lock = await acquireLock(files, path);
    if (lock) return lock;
    await setTimeout(20);
  }
  throw new RunError(
    "Another process has been changing this run for five seconds; try again.",
  );
}
