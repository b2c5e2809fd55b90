/** Brings a file of known checksum from the first mirror that has it; nothing but the right bytes gets its name. */
import { access, constants, mkdir, rename, rm } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DataError } from "./image-set";
import { Pace } from "./pace";
import type { WorkOptions } from "./source";
import { DiskError, md5Of, sizeOf, transfer } from "./transfer";
import type { TransferResult } from "./transfer";
import { disk } from "../disk/file-layer";
import { withLock } from "../disk/lock";

export interface Download {
  /** Tried in order, again and again. */
  urls: readonly string[];
  /** Lower-case hexadecimal. */
  md5: string;
  /** Where the file goes; it appears there whole or not at all. The partial one is `<target>.part`. */
  target: string;
}

export interface RetryPolicy {
  /** How often all mirrors are tried without a single byte of progress. */
  rounds: number;
  /** The pause after the first round; it doubles. */
  pauseMs: number;
  /** The longest that a mirror may ask to be left alone; one that asks for more is left for good. */
  mostPauseMs: number;
  idleMs: number;
}

const patient: RetryPolicy = {
  rounds: 4,
  pauseMs: 500,
  mostPauseMs: 60_000,
  idleMs: 20_000,
};

/** No mirror gave the file; the message says what each answered. */
export class DownloadError extends DataError {
  override name = "DownloadError";
}

/** Does nothing where the right file is there. Rejects with a DownloadError, or with the signal's reason. */
export async function download(
  file: Download,
  options: WorkOptions,
  policy: RetryPolicy = patient,
): Promise<void> {
  if (await isRight(file.target, file.md5)) return;
  await prepareFolder(dirname(file.target));
  // The window's preview and the trainer may both find it missing.
  await withLock(disk, `${file.target}.lock`, options.signal, async () => {
    if (await isRight(file.target, file.md5)) return;
    await fetchFromMirrors(file, options, policy);
  });
}

async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    throw new DiskError(folder, error);
  }
}

async function isRight(path: string, md5: string): Promise<boolean> {
  return (await sizeOf(path)) > 0 && (await md5Of(path)) === md5;
}

async function fetchFromMirrors(
  file: Download,
  options: WorkOptions,
  policy: RetryPolicy,
): Promise<void> {
  const answers = new Map<string, string>();
  const left = new Set(file.urls);
  let furthest = 0;
  /** When the first of the mirrors may be asked again. */
  let notBefore = 0;
  for (let round = 0; round < policy.rounds && left.size > 0; round++) {
    if (round > 0) {
      const pause = policy.pauseMs * 2 ** (round - 1);
      const asked = notBefore - performance.now();
      await sleep(Math.max(pause, asked), undefined, options);
    }
    notBefore = Infinity;
    for (const url of [...left]) {
      const result = await attempt(file, url, options, policy);
      if (result.kind === "right") return;
      answers.set(new URL(url).host, result.reason);
      if (result.kind === "useless") left.delete(url);
      else notBefore = Math.min(notBefore, result.notBefore);
      // A connection that breaks again and again still gets there, as long as each attempt gets further.
      const size = await sizeOf(`${file.target}.part`);
      if (size > furthest) round = 0;
      furthest = Math.max(furthest, size);
    }
  }
  const told = [...answers].map(([host, reason]) => `${host}: ${reason}`);
  throw new DownloadError(
    `${basename(file.target)} could not be downloaded (${told.join("; ")}).`,
  );
}

type Attempt =
  | { kind: "right" }
  | { kind: "useless"; reason: string }
  /** Not before this, on the clock of `performance`. */
  | { kind: "again"; reason: string; notBefore: number };

async function attempt(
  file: Download,
  url: string,
  options: WorkOptions,
  policy: RetryPolicy,
): Promise<Attempt> {
  const path = `${file.target}.part`;
  const tell = progressOf(basename(file.target), options);
  const result: TransferResult = await transfer(
    { url, path, idleMs: policy.idleMs },
    options,
    tell,
  );
  switch (result.kind) {
    case "refused":
      return { kind: "useless", reason: result.reason };
    case "interrupted": {
      const { reason, retryAfterMs = 0 } = result;
      if (retryAfterMs > policy.mostPauseMs) {
        const minutes = Math.ceil(retryAfterMs / 60_000);
        const asked = `${reason} and asks to come back in ${minutes} minutes`;
        return { kind: "useless", reason: asked };
      }
      const notBefore = performance.now() + retryAfterMs;
      return { kind: "again", reason, notBefore };
    }
    case "complete": {
      if (await isRight(path, file.md5)) {
        await rename(path, file.target);
        return { kind: "right" };
      }
      await rm(path, { force: true });
      // What was there before may have been another file's; the mirror gets a chance to send it whole.
      if (result.resumed) return attempt(file, url, options, policy);
      return { kind: "useless", reason: "it has a different file" };
    }
    default:
      return result satisfies never;
  }
}

function progressOf(
  name: string,
  options: WorkOptions,
): (done: number, total: number | null) => void {
  let pace: Pace | null = null;
  let next = 0;
  return (done, total) => {
    pace ??= new Pace(`Downloading ${name}`, total, "bytes", options);
    if (performance.now() < next && done !== total) return;
    pace.tell(done);
    next = performance.now() + 100;
  };
}
