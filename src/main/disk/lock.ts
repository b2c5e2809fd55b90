/**
 * A file that says who has a folder or a file to itself: a process, and within it a thread. A lock whose process is gone
 * is stale and is taken over by exactly one; what cannot be asked, a thread of this process or another machine, counts
 * as gone when it has not renewed its lock for a while. That while is told by the clock of the file system alone, because
 * the clocks of two machines may differ by more.
 */
import { randomUUID } from "node:crypto";
import { constants, readFileSync } from "node:fs";
import { open, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { threadId } from "node:worker_threads";
import { z } from "zod";
import { errorCode } from "../../shared/errors";
import type { FileLayer } from "./file-layer";
import { folderTime } from "./folder-clock";
import { readPlain } from "./plain-file";

export interface Lock {
  /** Says that the folder was renamed, and where the lock is now. */
  movedTo(path: string): void;
  /** Whether it is another's by now, who thought this machine gone because it slept or was cut off, or was removed. */
  isLost(): Promise<boolean>;
  release(): Promise<void>;
}

const ownerSchema = z.object({
  token: z.string(),
  pid: z.int(),
  host: z.string(),
  /** Tells a process from a later one with the same number; null where the system does not say. */
  startedAt: z.string().nullable(),
  /** 0 is the process's first thread. */
  thread: z.int().default(0),
});
export type LockOwner = z.infer<typeof ownerSchema>;

const renewEveryMs = 5_000;
/** Of another machine, whose network may stall. */
const staleAfterMs = 60_000;
const threadStaleAfterMs = 20_000;
/** What lies between making a lock file and writing into it. */
const unwrittenForMs = 2_000;
/** So far may a lock's time lie ahead of this machine's clock before the file system is asked what time it is. */
const aheadMs = 5_000;
const lookAgainAfterMs = 20;
/** That many processes in a row would have to die within the same millisecond of their work. */
const mostTakeovers = 3;

/** The locks of this thread, so that one left by an earlier process with the same number is known as such. */
const ownTokens = new Set<string>();
/** Lock files that this process made but could neither write nor remove: nobody holds them. */
const broken = new Set<string>();

/**
 * The lock, or null where a living process holds it. Waits for a lock file without an owner: its process is about to
 * write into it, or died before it could.
 */
export async function acquireLock(
  files: FileLayer,
  path: string,
): Promise<Lock | null> {
  const owner = thisProcess();
  // A file whose time lies ahead of the clock never grows old enough.
  const waitUntil = performance.now() + 2 * unwrittenForMs;
  for (let attempt = 0; attempt < 5;) {
    if (await writeNew(files, path, owner)) return heldLock(files, path, owner);
    const state = await readLock(path);
    if (state.kind === "held") {
      if (state.owner || performance.now() > waitUntil) return null;
      await wait(lookAgainAfterMs);
      continue;
    }
    if (state.kind === "stale") await takeOver(files, path);
    attempt++;
  }
  return null;
}

/** Waits until the lock is free and keeps it during the work. Rejects as the work does, or with the signal's reason. */
export async function withLock<T>(
  files: FileLayer,
  path: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  let lock = await acquireLock(files, path);
  while (!lock) {
    await wait(lookAgainAfterMs, undefined, { signal });
    lock = await acquireLock(files, path);
  }
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

/** Who holds a lock; null where nobody does who is still alive. */
export async function lockHolder(
  path: string,
): Promise<LockOwner | "unknown" | null> {
  const state = await readLock(path);
  return state.kind === "held" ? (state.owner ?? "unknown") : null;
}

type LockState =
  | { kind: "free" }
  | { kind: "held"; owner: LockOwner | null }
  | { kind: "stale" };

async function readLock(path: string): Promise<LockState> {
  try {
    const content = (await readPlain(path)).toString("utf8");
    const { mtimeMs } = await stat(path);
    const isWithin = (limit: number) => isYounger(path, mtimeMs, limit);
    const owner = parseOwner(content);
    const held = owner
      ? await isAlive(owner, isWithin)
      : !broken.has(path) && (await isWithin(unwrittenForMs));
    return held ? { kind: "held", owner } : { kind: "stale" };
  } catch (error) {
    if (errorCode(error) === "ENOENT") return { kind: "free" };
    throw error;
  }
}

function parseOwner(content: string): LockOwner | null {
  try {
    return ownerSchema.parse(JSON.parse(content));
  } catch {
    return null;
  }
}

/** `isWithin` tells whether the lock was renewed within so many milliseconds. */
async function isAlive(
  owner: LockOwner,
  isWithin: (limit: number) => Promise<boolean>,
): Promise<boolean> {
  if (owner.host !== hostname()) return isWithin(staleAfterMs);
  if (owner.pid === process.pid && owner.thread === threadId)
    return ownTokens.has(owner.token);
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (errorCode(error) === "ESRCH") return false;
  }
  const { startedAt, isZombie } = processState(owner.pid);
  if (isZombie || startedAt !== owner.startedAt) return false;
  return owner.pid !== process.pid || isWithin(threadStaleAfterMs);
}

/**
 * Whether a file was written less than so many milliseconds ago, by the clock that its time comes from. A time that is
 * young by this machine's clock too will do: at worst a stale lock is kept for as long as the clocks differ.
 */
async function isYounger(
  path: string,
  mtimeMs: number,
  limit: number,
): Promise<boolean> {
  const age = Date.now() - mtimeMs;
  if (age > -aheadMs && age < limit) return true;
  try {
    return (await folderTime(dirname(path))) - mtimeMs < limit;
  } catch (error) {
    // Where nothing can be written no lock can be taken over either, and this is only to be shown.
    const isReadOnly = ["EROFS", "EACCES", "EPERM"].includes(
      errorCode(error) ?? "",
    );
    return !isReadOnly || age < limit;
  }
}

/** From Linux' /proc (proc(5): field 3 is the state, 22 the start time); elsewhere nothing is known. */
function processState(pid: number): {
  startedAt: string | null;
  isZombie: boolean;
} {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { startedAt: fields[19], isZombie: fields[0] === "Z" };
  } catch {
    return { startedAt: null, isZombie: false };
  }
}

function thisProcess(): LockOwner {
  return {
    token: randomUUID(),
    pid: process.pid,
    host: hostname(),
    startedAt: processState(process.pid).startedAt,
    thread: threadId,
  };
}

/** False where there is a lock already. */
async function writeNew(
  files: FileLayer,
  path: string,
  owner: LockOwner,
): Promise<boolean> {
  ownTokens.add(owner.token);
  try {
    const file = await files.open(path, "create");
    try {
      await file.write(new TextEncoder().encode(JSON.stringify(owner)));
    } catch (error) {
      broken.add(path);
      await files.remove(path);
      throw error;
    } finally {
      await file.close();
    }
    broken.delete(path);
    // A process that was asleep between making the file and writing into it may have lost it.
    if (await isOwn(path, owner)) return true;
    ownTokens.delete(owner.token);
    return false;
  } catch (error) {
    ownTokens.delete(owner.token);
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

async function isOwn(path: string, owner: LockOwner): Promise<boolean> {
  const state = await readLock(path);
  return state.kind === "held" && state.owner?.token === owner.token;
}

/**
 * Removes a stale lock. Only who holds a second lock may, and looks again first: otherwise one that found the lock stale
 * a moment ago would remove that of another who has taken it over meanwhile. The second is taken over likewise.
 */
async function takeOver(
  files: FileLayer,
  path: string,
  depth = 1,
): Promise<void> {
  const guard = `${path}.takeover`;
  const owner = thisProcess();
  if (!(await writeNew(files, guard, owner))) {
    const isStale = (await readLock(guard)).kind === "stale";
    if (isStale && depth < mostTakeovers)
      await takeOver(files, guard, depth + 1);
    return;
  }
  try {
    if ((await readLock(path)).kind === "stale") await files.remove(path);
  } finally {
    ownTokens.delete(owner.token);
    await files.remove(guard);
  }
}

function heldLock(files: FileLayer, path: string, owner: LockOwner): Lock {
  let place = path;
  const renewal = setInterval(() => {
    // A lock that cannot be renewed is still good on this machine.
    void renew(place).catch(() => undefined);
  }, renewEveryMs).unref();
  return {
    movedTo(newPath) {
      place = newPath;
    },
    isLost: async () => !(await isOwn(place, owner)),
    async release() {
      if (!ownTokens.has(owner.token)) return;
      clearInterval(renewal);
      // Whoever thought this machine gone may have taken it over.
      const isLost = !(await isOwn(place, owner));
      ownTokens.delete(owner.token);
      if (!isLost) await files.remove(place);
    },
  };
}

// Windows knows no such links.
const renewing = constants.O_RDWR | (constants.O_NOFOLLOW ?? 0);

/**
 * Writes the first character again, which is the same in every lock: so the file system sets the time by its own clock,
 * and a lock that somebody else has taken over meanwhile stays as it is.
 */
async function renew(path: string): Promise<void> {
  const file = await open(path, renewing);
  try {
    await file.write("{", 0);
  } finally {
    await file.close();
  }
}
