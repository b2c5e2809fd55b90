/** Bytes that must wait for the size of what they are part of: kept in a temporary file, not in memory. */
import { createReadStream } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Takes all of `bytes`, then gives `head(size)` followed by them. */
export async function* behindHeader(
  bytes: AsyncIterable<Uint8Array>,
  head: (size: number) => Uint8Array,
): AsyncGenerator<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "gan-workbench-"));
  try {
    const path = join(folder, "spool");
    yield head(await write(path, bytes));
    yield* createReadStream(path) as AsyncIterable<Uint8Array>;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function write(
  path: string,
  bytes: AsyncIterable<Uint8Array>,
): Promise<number> {
  const file = await open(path, "wx");
  try {
    let size = 0;
    for await (const part of bytes) {
      await file.writeFile(part);
      size += part.length;
    }
    return size;
  } finally {
    await file.close();
  }
}
