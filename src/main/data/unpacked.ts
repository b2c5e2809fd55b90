/**
 * A compressed file's content as bytes that can be read from anywhere: a small one in memory, a large one in a file of
 * the data folder's cache, where the next who opens it finds it too.
 */
import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { bufferBytesAt, fileBytesAt } from "./bytes-at";
import type { BytesAt } from "./bytes-at";
import { makeRoomInCache, unpackedPath } from "./cache";
import type { LoadOptions } from "./image-set";
import { DiskError } from "./transfer";

/** MNIST's 47 MB are not worth a file. */
const mostInMemory = 2 ** 26;

export interface Packed {
  /** Text that changes with the content. */
  signature: string;
  /** Gives the content piece by piece. */
  unpack(take: (bytes: Buffer) => Promise<void>): Promise<void>;
}

/** Rejects as unpacking does, with a DataError where the disk has no room, or with the signal's reason. */
export async function unpackedBytes(
  { signature, unpack }: Packed,
  { dataFolder, signal }: Pick<LoadOptions, "dataFolder" | "signal">,
): Promise<BytesAt> {
  const path = unpackedPath(dataFolder, signature);
  if (await isThere(path)) return fileBytesAt(path);
  const spool = new Spool(path);
  try {
    await unpack(async (bytes) => {
      signal.throwIfAborted();
      await spool.take(bytes);
    });
    return await spool.finish();
  } catch (error) {
    await spool.abandon();
    throw error;
  }
}

/** In memory until it is too much for that. */
class Spool {
  private readonly temporary: string;
  private parts: Buffer[] = [];
  private length = 0;
  private file: FileHandle | null = null;

  constructor(private readonly path: string) {
    this.temporary = `${path}.${randomUUID()}.tmp`;
  }

  async take(bytes: Buffer): Promise<void> {
    this.parts.push(bytes);
    this.length += bytes.length;
    if (this.file || this.length > mostInMemory) await this.write();
  }

  async finish(): Promise<BytesAt> {
    if (!this.file) return bufferBytesAt(Buffer.concat(this.parts));
    await this.file.close();
    await rename(this.temporary, this.path);
    await makeRoomInCache(this.path);
    return fileBytesAt(this.path);
  }

  async abandon(): Promise<void> {
    await this.file?.close().catch(() => undefined);
    await rm(this.temporary, { force: true }).catch(() => undefined);
  }

  private async write(): Promise<void> {
    try {
      await mkdir(dirname(this.path), { recursive: true });
      this.file ??= await open(this.temporary, "wx");
      await this.file.writev(this.parts);
    } catch (error) {
      throw new DiskError(this.temporary, error);
    }
    this.parts = [];
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
