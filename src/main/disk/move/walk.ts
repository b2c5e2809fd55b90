/** Every file of some folders, with what tells it from a changed one. A folder that cannot be read is a failure here: nothing may be left out. */
import type { BigIntStats } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../../../shared/errors";

export interface FoundFile {
  /** Below the folder that was walked, with `/`. */
  path: string;
  bytes: number;
  identity: string;
}

export type Found =
  | ({ kind: "file" } & FoundFile)
  | { kind: "lock" | "other"; path: string };

/** What went meanwhile is left out. */
export async function* walk(root: string, path: string): AsyncGenerator<Found> {
  for (const entry of await entriesOf(join(root, path))) {
    const inner = `${path}/${entry.name}`;
    if (entry.isDirectory()) yield* walk(root, inner);
    else if (!entry.isFile()) yield { kind: "other", path: inner };
    else if (isLock(entry.name)) yield { kind: "lock", path: inner };
    else {
      const facts = await factsOf(join(root, inner));
      if (facts)
        yield {
          kind: "file",
          path: inner,
          bytes: Number(facts.size),
          identity: `${facts.size} ${facts.mtimeNs} ${facts.ctimeNs}`,
        };
    }
  }
}

/** Those that `lock.ts` makes. */
function isLock(name: string): boolean {
  return /(^|\.)lock$|\.takeover$/.test(name);
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
}

async function factsOf(path: string): Promise<BigIntStats | null> {
  try {
    return await lstat(path, { bigint: true });
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw error;
  }
}
