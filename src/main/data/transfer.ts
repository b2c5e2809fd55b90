/** One attempt to bring one file from one address onto the disk, going on where an earlier attempt ended. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { errorCode } from "../../shared/errors";
import { DataError } from "./image-set";
import { throughProxy } from "./proxy";
import type { WorkOptions } from "./source";

export type TransferResult =
  /** The server sent everything it has; `resumed` tells whether part of it was there before. */
  | { kind: "complete"; resumed: boolean }
  /** The server will not have it later either: 404, 403, 410 and their like. */
  | { kind: "refused"; reason: string }
  /** A busy server or a broken connection; what came is kept. A server may say when to ask again. */
  | { kind: "interrupted"; reason: string; retryAfterMs?: number };

export interface Transfer {
  url: string;
  /** The partial file. */
  path: string;
  /** Given up where no byte comes for so long. */
  idleMs: number;
}

/** Rejects only with the signal's reason, or where the disk fails. */
export async function transfer(
  { url, path, idleMs }: Transfer,
  { signal }: Pick<WorkOptions, "signal">,
  onBytes: (done: number, total: number | null) => void,
): Promise<TransferResult> {
  const have = await sizeOf(path);
  const idle = createIdleTimer(idleMs);
  try {
    const request = await throughProxy({
      signal: AbortSignal.any([signal, idle.signal]),
      headers: {
        // A server that packs once more would change the bytes, and with them the checksum and the range.
        "accept-encoding": "identity",
        ...(have > 0 ? { range: `bytes=${have}-` } : {}),
      },
    });
    const response = await fetch(url, request);
    const from = startOf(response, have);
    if (from === null) return await refusal(response);
    const total = totalOf(response, from);
    let done = from;
    const file = await open(path, from > 0 ? "a" : "w");
    try {
      onBytes(done, total);
      for await (const chunk of response.body ?? []) {
        idle.restart();
        await file.appendFile(chunk).catch((error: unknown) => {
          throw new DiskError(path, error);
        });
        done += chunk.byteLength;
        onBytes(done, total);
      }
    } finally {
      await file.close();
    }
    if (total !== null && done < total)
      return { kind: "interrupted", reason: "it ended early" };
    return { kind: "complete", resumed: from > 0 };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof DiskError) throw error;
    const reason = idle.signal.aborted
      ? `no data came for ${idleMs / 1000} s`
      : reasonOf(error);
    return { kind: "interrupted", reason };
  } finally {
    idle.stop();
  }
}

/** The MD5 of a file in lower-case hexadecimal. */
export async function md5Of(path: string): Promise<string> {
  const hash = createHash("md5");
  for await (const chunk of createReadStream(path))
    hash.update(chunk as Buffer);
  return hash.digest("hex");
}

export async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return 0;
    throw error;
  }
}

/** The disk failed, not the connection, so no other mirror will help. */
export class DiskError extends DataError {
  override name = "DiskError";
  constructor(path: string, cause: unknown) {
    const reason = reasonOf(cause);
    super(
      reason === "ENOSPC"
        ? `The disk is full, so ${path} could not be written; free some space and try again.`
        : `${path} could not be written (${reason}); check the folder and try again.`,
      { cause },
    );
  }
}

/** Where in the file the body begins; null where there is no body to keep. */
function startOf(response: Response, have: number): number | null {
  if (response.status === 200) return 0;
  if (response.status !== 206) return null;
  const range = /^bytes (\d+)-/.exec(
    response.headers.get("content-range") ?? "",
  );
  return Number(range?.[1]) === have ? have : null;
}

/** The size of the whole file; null where the server does not say. */
function totalOf(response: Response, from: number): number | null {
  const length = response.headers.get("content-length");
  return length === null ? null : from + Number(length);
}

async function refusal(response: Response): Promise<TransferResult> {
  await response.body?.cancel();
  const { status } = response;
  // The partial file is as long as the whole one: its checksum decides.
  if (status === 416) return { kind: "complete", resumed: true };
  const reason = `it answered ${status}`;
  return status >= 500 || status === 429 || status === 408
    ? { kind: "interrupted", reason, retryAfterMs: retryAfter(response) }
    : { kind: "refused", reason };
}

/** Seconds or a date (RFC 9110, section 10.2.3), as milliseconds from now; 0 where the server does not say. */
function retryAfter({ headers }: Response): number {
  const text = headers.get("retry-after")?.trim() ?? "";
  const ms = /^\d+$/.test(text)
    ? 1000 * Number(text)
    : Date.parse(text) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}

function createIdleTimer(ms: number) {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort();
  }, ms);
  return {
    signal: controller.signal,
    restart: () => void timer.refresh(),
    stop: () => {
      clearTimeout(timer);
    },
  };
}

/** fetch says "fetch failed" and keeps the reason behind it. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return String(cause);
  return errorCode(cause) ?? cause.message;
}
