/** Bytes that can be read from anywhere within: of a file on disk, or of a buffer in memory. */
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";

export interface BytesAt {
  size: number;
  /** Gives fewer bytes only at the end. */
  read(at: number, length: number): Promise<Buffer>;
}

/** Opens the file for every read, so that nothing need be closed. */
export async function fileBytesAt(path: string | Buffer): Promise<BytesAt> {
  const withFile = async <T>(use: (file: FileHandle) => Promise<T>) => {
    const file = await open(path, "r");
    try {
      return await use(file);
    } finally {
      await file.close();
    }
  };
  return {
    size: await withFile(async (file) => (await file.stat()).size),
    read: (at, length) =>
      withFile(async (file) => {
        const bytes = Buffer.allocUnsafe(length);
        let done = 0;
        while (done < length) {
          const { bytesRead } = await file.read(
            bytes,
            done,
            length - done,
            at + done,
          );
          if (bytesRead === 0) break;
          done += bytesRead;
        }
        return bytes.subarray(0, done);
      }),
  };
}

export function bufferBytesAt(bytes: Buffer): BytesAt {
  return {
    size: bytes.length,
    read: (at, length) => Promise.resolve(bytes.subarray(at, at + length)),
  };
}
