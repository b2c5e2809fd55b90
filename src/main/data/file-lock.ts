/**
 * One owner at a time for a file that several threads or programs of ours may want to write: the window's preview and
 * the trainer may both find MNIST missing. The lock is a file of its own; one whose owner died is taken over.
 */
import { open, rm, stat, utimes } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { errorCode } from "../../shared/errors";

const beatMs = 2_000;
/** An owner that has not touched its lock for so long is gone. */
const staleMs = 20_000;
const pollMs = 200;

/** Runs `work` while it alone holds `<path>.lock`. Rejects as `work` does, or with the signal's reason. */
export async function withFileLock<T>(
  path: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const lock = `${path}.lock`;
  while (!(await take(lock))) {
    if (await isStale(lock)) await rm(lock, { force: true });
    else await sleep(pollMs, undefined, { signal });
  }
  const beat = setInterval(() => {
    const now = new Date();
    // A beat that fails is made up for by the next; the lock may also have been removed just now.
    utimes(lock, now, now).catch(() => undefined);
  }, beatMs);
  beat.unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    await rm(lock, { force: true });
  }
}

async function take(lock: string): Promise<boolean> {
  try {
    const file = await open(lock, "wx");
    await file.close();
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

async function isStale(lock: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(lock)).mtimeMs > staleMs;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return false;
    throw error;
  }
}
