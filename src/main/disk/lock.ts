/**
 * A file that says which process has a folder to itself. A lock whose process is gone is stale and is taken over; one
 * from another machine counts as stale when it has not been renewed for a minute.
 */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { errorCode } from "../../shared/errors";
import type { FileLayer } from "./file-layer";

export interface Lock {
  /** Says that the folder was renamed, and where the lock is now. */
  movedTo(path: string): void;
  release(): Promise<void>;
}

const ownerSchema = z.object({
  token: z.string(),
  pid: z.int(),
  host: z.string(),
  /** Tells a process from a later one with the same number; null where the system does not say. */
  startedAt: z.string().nullable(),
});
export type LockOwner = z.infer<typeof ownerSchema>;

const renewEveryMs = 15_000;
const staleAfterMs = 60_000;
/** What lies between making a lock file and writing into it. */
const unwrittenForMs = 2_000;
const lookAgainAfterMs = 50;

/** The locks of this process, so that one left by an earlier process with the same number is known as such. */
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
    if (state.kind === "stale") await removeStale(files, path, state.content);
    attempt++;
  }
  return null;
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
  | { kind: "stale"; content: string };

async function readLock(path: string): Promise<LockState> {
  try {
    const content = await readFile(path, "utf8");
    const age = Date.now() - (await stat(path)).mtimeMs;
    const owner = parseOwner(content);
    const held = owner
      ? isAlive(owner, age)
      : age < unwrittenForMs && !broken.has(path);
    return held ? { kind: "held", owner } : { kind: "stale", content };
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

function isAlive(owner: LockOwner, age: number): boolean {
  if (owner.host !== hostname()) return age < staleAfterMs;
  if (owner.pid === process.pid) return ownTokens.has(owner.token);
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (errorCode(error) === "ESRCH") return false;
  }
  const { startedAt, isZombie } = processState(owner.pid);
  return !isZombie && startedAt === owner.startedAt;
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
    return true;
  } catch (error) {
    ownTokens.delete(owner.token);
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

/** Moves the lock away first: of two processes that find it stale, only one can. */
async function removeStale(
  files: FileLayer,
  path: string,
  content: string,
): Promise<void> {
  const away = `${path}.${randomUUID()}.stale`;
  try {
    await files.rename(path, away);
    // Another process may have taken the stale one over in between, so that this is its new one: it goes back.
    if ((await readFile(away, "utf8")) === content) await files.remove(away);
    else await files.rename(away, path);
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
  }
}

function heldLock(files: FileLayer, path: string, owner: LockOwner): Lock {
  let place = path;
  const renewal = setInterval(() => {
    const now = new Date();
    // A lock that cannot be renewed is still good on this machine.
    void utimes(place, now, now).catch(() => undefined);
  }, renewEveryMs).unref();
  return {
    movedTo(newPath) {
      place = newPath;
    },
    async release() {
      if (!ownTokens.delete(owner.token)) return;
      clearInterval(renewal);
      await files.remove(place);
    },
  };
}
