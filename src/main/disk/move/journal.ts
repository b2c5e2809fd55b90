/**
 * What is on the disk of a move that is under way, so that it goes on after a crash, from wherever it got to:
 *
 *     <from>/move.json           that it is being moved, and where to
 *     <to>/move.json             that it is a copy in the making, or has taken its place
 *     <to>/move-copied.jsonl     each file that was copied and compared, as it was then
 */
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { errorCode } from "../../../shared/errors";
import { writeAtomically } from "../atomic";
import type { FileLayer, OpenFile } from "../file-layer";

export const journalFile = (folder: string) => join(folder, "move.json");
export const moveLockFile = (folder: string) => join(folder, "move.lock");
const copiedFile = (folder: string) => join(folder, "move-copied.jsonl");

const journalSchema = z.object({
  version: z.literal(1),
  from: z.string(),
  to: z.string(),
  /** `switched`: the copy is whole and counts from now on. `given-up`: what was copied goes again. */
  state: z.enum(["copying", "switched", "given-up"]),
});
export type Journal = z.infer<typeof journalSchema>;

/** Null where the folder is in no move. Throws one sentence where that cannot be read. */
export function readJournal(folder: string): Journal | null {
  const path = journalFile(folder);
  try {
    return journalSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    // Below a file there is no folder, and whoever opens it says so.
    if (["ENOENT", "ENOTDIR"].includes(errorCode(error) ?? "")) return null;
    throw new Error(
      `${path}, which says how far a move of this folder is, cannot be read; delete it where no move is wanted.`,
      { cause: error },
    );
  }
}

export function writeJournal(
  files: FileLayer,
  folder: string,
  journal: Journal,
): Promise<void> {
  const text = JSON.stringify(journal, null, 1) + "\n";
  return writeAtomically(files, journalFile(folder), text);
}

/** The move is over: first what says so, then the list. */
export async function removeJournal(
  files: FileLayer,
  folder: string,
): Promise<void> {
  await files.remove(journalFile(folder));
  await files.remove(copiedFile(folder));
  if (existsSync(folder)) await files.syncFolder(folder);
}

const entrySchema = z.tuple([z.string(), z.string()]);

/** The files that were copied: by their path, what the old one was, such that any change of it shows. */
export class CopiedFiles {
  private readonly known = new Map<string, string>();
  private log: Promise<OpenFile> | null = null;

  private constructor(
    private readonly files: FileLayer,
    private readonly folder: string,
  ) {}

  static async read(files: FileLayer, folder: string): Promise<CopiedFiles> {
    const copied = new CopiedFiles(files, folder);
    if (!existsSync(copiedFile(folder))) return copied;
    const input = createReadStream(copiedFile(folder));
    for await (const line of createInterface({ input })) {
      const entry = parseEntry(line);
      if (entry) copied.known.set(...entry);
    }
    return copied;
  }

  has(path: string, identity: string): boolean {
    return this.known.get(path) === identity;
  }

  async add(path: string, identity: string): Promise<void> {
    this.known.set(path, identity);
    this.log ??= this.files.open(copiedFile(this.folder), "append");
    // A line that a crash cut off must not spoil the next.
    const line = `\n${JSON.stringify([path, identity])}`;
    const log = await this.log;
    await log.write(new TextEncoder().encode(line));
  }

  async close(): Promise<void> {
    const log = await this.log;
    this.log = null;
    await log?.sync();
    await log?.close();
  }
}

/** Null for a line that a crash cut off. */
function parseEntry(line: string): [string, string] | null {
  try {
    return entrySchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
