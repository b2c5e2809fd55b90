/**
 * Moves a folder to another disk, and goes on after a crash at any moment: each file is copied, synced, read back and
 * compared; when nothing is left to copy, the new folder takes the place of the old, and only then is the old one
 * removed, file by file, as far as each is still the one that was copied. What is not known to be safe stays.
 */
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { readdir, rmdir, stat, statfs, utimes } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { errorCode } from "../../../shared/errors";
import { replaceAtomically } from "../atomic";
import type { FileLayer } from "../file-layer";
import { acquireLock, lockHolder } from "../lock";
import type { Lock } from "../lock";
import {
  CopiedFiles,
  moveLockFile,
  readJournal,
  removeJournal,
  writeJournal,
} from "./journal";
import type { Journal } from "./journal";
import { walk } from "./walk";
import type { FoundFile } from "./walk";

export interface FolderMoveParts {
  files: FileLayer;
  from: string;
  to: string;
  /** The folders in it that are moved, and one that is made again when it is needed. */
  folders: readonly string[];
  cache: string;
}

export interface MoveProgress {
  /** Bytes. */
  done: number;
  total: number;
}

interface CopyOptions {
  signal: AbortSignal;
  onProgress: (progress: MoveProgress) => void;
}

/** What is copied meanwhile changes at most so often in a row. */
const mostRounds = 10;
const together = 4;

export class FolderMove {
  private readonly files: FileLayer;
  private readonly from: string;
  private readonly to: string;
  private lock: Lock | null = null;

  constructor(private readonly parts: FolderMoveParts) {
    this.files = parts.files;
    this.from = resolve(parts.from);
    this.to = resolve(parts.to);
  }

  /** To be called first, and `close` last. Rejects where another program moves the same folder. */
  async open(): Promise<void> {
    if (!existsSync(this.from)) return;
    this.lock = await acquireLock(this.files, moveLockFile(this.from));
    if (!this.lock)
      throw new Error(`Another program is moving ${this.from} already.`);
  }

  async close(): Promise<void> {
    await this.lock?.release();
    this.lock = null;
    // Only an empty one goes, which is one that was moved whole.
    await rmdir(this.from).catch(() => undefined);
  }

  /** Notes on both disks that it has begun; rejects with one sentence where it cannot. One that was begun goes on. */
  async begin(): Promise<void> {
    const { files, from, to } = this;
    if (this.isSwitched)
      throw new Error(
        `${from} was moved to ${to} already; only its rest is to be removed.`,
      );
    if (isInside(to, from))
      throw new Error(
        `${to} lies in what is to be moved; choose a folder elsewhere.`,
      );
    if (isInside(from, to))
      throw new Error(
        `${to} holds what is to be moved; choose a new folder elsewhere.`,
      );
    const there = existsSync(to) ? await readdir(to) : [];
    if (there.length > 0 && readJournal(to)?.from !== from)
      throw new Error(`${to} is not empty; choose a new or an empty folder.`);
    const parent = nearestFolder(to);
    await this.refuseWithoutRoom(await this.allBytes(), parent);
    await files.makeFolder(to);
    await this.note("copying");
  }

  /** Whether the copy counts already: from then on there is only the old one to remove. */
  get isSwitched(): boolean {
    return readJournal(this.to)?.state === "switched";
  }

  /** Copies until nothing is left to copy. Rejects with one sentence, or with the signal's reason; what was copied stays. */
  async copy({ signal, onProgress }: CopyOptions): Promise<void> {
    // What was removed since must not be missed in the copy.
    if (this.isSwitched) return;
    const copied = await CopiedFiles.read(this.files, this.to);
    try {
      for (let round = 0; round < mostRounds; round++)
        if ((await this.copyRound(copied, signal, onProgress)) === 0) return;
    } finally {
      await copied.close();
    }
    throw new Error(
      `${this.from} changes all the time; end whatever else writes there, then continue.`,
    );
  }

  /** From now on the copy counts. */
  async switchOver(): Promise<void> {
    await writeJournal(this.files, this.to, this.journal("switched"));
  }

  /** Removes what was copied from where it was; gives how many files stay, because they came or changed meanwhile, or are links. */
  async removeOld(): Promise<number> {
    const { files, from, to } = this;
    const copied = await CopiedFiles.read(files, to);
    let left = 0;
    await files.remove(join(from, this.parts.cache));
    for await (const found of this.all()) {
      const path = join(from, found.path);
      const isSafe =
        (found.kind === "file" && copied.has(found.path, found.identity)) ||
        (found.kind === "lock" && (await lockHolder(path)) === null);
      if (isSafe) await files.remove(path);
      else left++;
    }
    await files.remove(join(from, "move.json"));
    for (const folder of this.parts.folders)
      await removeEmpty(join(from, folder));
    await removeJournal(files, to);
    return left;
  }

  /** Takes back what was copied; the old folder is as it was. */
  async giveUp(): Promise<void> {
    const { files, from, to } = this;
    await writeJournal(files, from, this.journal("given-up"));
    if (existsSync(to) && readJournal(to)?.from === from) {
      for (const folder of this.parts.folders)
        await files.remove(join(to, folder));
      await removeJournal(files, to);
      await rmdir(to).catch(() => undefined);
    }
    await removeJournal(files, from);
  }

  private async copyRound(
    copied: CopiedFiles,
    signal: AbortSignal,
    onProgress: (progress: MoveProgress) => void,
  ): Promise<number> {
    const wanted: FoundFile[] = [];
    const paths = new Set<string>();
    let [total, needed] = [0, 0];
    for await (const found of this.all()) {
      if (found.kind !== "file") continue;
      paths.add(found.path);
      total += found.bytes;
      if (copied.has(found.path, found.identity)) continue;
      wanted.push(found);
      needed += found.bytes;
    }
    await this.refuseWithoutRoom(needed, this.to);
    let done = total - needed;
    onProgress({ done, total });
    const rest = wanted.values();
    const copyRest = async () => {
      for (const file of rest) {
        signal.throwIfAborted();
        if (!(await this.copyFile(file, signal))) continue;
        await copied.add(file.path, file.identity);
        onProgress({ done: (done += file.bytes), total });
      }
    };
    await allSettled(Array.from({ length: together }, copyRest));
    await this.removeExtra(paths);
    return wanted.length;
  }

  /** False where it has gone or is no longer what was found: the next round sees it. */
  private async copyFile(
    { path, bytes, identity }: FoundFile,
    signal: AbortSignal,
  ): Promise<boolean> {
    const [source, target] = [join(this.from, path), join(this.to, path)];
    const hash = createHash("sha256");
    await this.files.makeFolder(dirname(target));
    try {
      await replaceAtomically(this.files, target, async (file) => {
        for await (const chunk of createReadStream(source)) {
          signal.throwIfAborted();
          hash.update(chunk as Buffer);
          await file.write(chunk as Buffer);
        }
      });
    } catch (error) {
      if (errorCode(error) === "ENOENT" && !existsSync(source)) return false;
      throw error;
    }
    if ((await hashOf(target)) !== hash.digest("hex"))
      throw new Error(
        `${target} does not hold what was written there: the disk may be damaged; choose another.`,
      );
    const facts = await stat(source, { bigint: true }).catch(() => null);
    if (!facts) return false;
    // Some disks keep no times of ours; nothing depends on them.
    await utimes(target, facts.atime, facts.mtime).catch(() => undefined);
    return (
      Number(facts.size) === bytes &&
      identity === `${facts.size} ${facts.mtimeNs} ${facts.ctimeNs}`
    );
  }

  /** What was copied and has gone since. */
  private async removeExtra(paths: ReadonlySet<string>): Promise<void> {
    for (const folder of this.parts.folders)
      for await (const found of walk(this.to, folder))
        if (!paths.has(found.path))
          await this.files.remove(join(this.to, found.path));
  }

  private async *all() {
    for (const folder of this.parts.folders) yield* walk(this.from, folder);
  }

  private async allBytes(): Promise<number> {
    const copied = await CopiedFiles.read(this.files, this.to);
    let bytes = 0;
    for await (const found of this.all())
      if (found.kind === "file" && !copied.has(found.path, found.identity))
        bytes += found.bytes;
    return bytes;
  }

  private async refuseWithoutRoom(needed: number, on: string): Promise<void> {
    const { bavail, bsize } = await statfs(on);
    if (needed <= bavail * bsize) return;
    const megabytes = (bytes: number) =>
      Math.ceil(bytes / 1e6).toLocaleString("en");
    throw new Error(
      `The disk of ${this.to} has ${megabytes(bavail * bsize)} MB free and ${megabytes(needed)} MB are to be copied; make room there, or choose another disk.`,
    );
  }

  private async note(state: Journal["state"]): Promise<void> {
    const journal = this.journal(state);
    // Where that disk takes nothing, nothing has begun.
    await writeJournal(this.files, this.to, journal);
    await writeJournal(this.files, this.from, journal);
  }

  private journal(state: Journal["state"]): Journal {
    return { version: 1, from: this.from, to: this.to, state };
  }
}

/** Waits for all before it rejects, so that nothing goes on behind. */
async function allSettled(work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
}

function isInside(inner: string, outer: string): boolean {
  const path = relative(outer, inner);
  return path === "" || !(path.startsWith("..") || resolve(path) === path);
}

function nearestFolder(path: string): string {
  return existsSync(path) ? path : nearestFolder(dirname(path));
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path))
    hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** Folders without a file, from the innermost; one that holds something stays. */
async function removeEmpty(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(
    () => [],
  );
  for (const entry of entries)
    if (entry.isDirectory()) await removeEmpty(join(folder, entry.name));
  await rmdir(folder).catch(() => undefined);
}
