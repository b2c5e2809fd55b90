/** gzip files that nobody vouches for, unpacked piece by piece and never further than such a file grows. */
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { errorMessage } from "../../shared/errors";
import { whyBomb } from "../disk/unpacking";
import type { BytesAt } from "./bytes-at";
import { DataError } from "./image-set";

/** A file wherever it lies; its name is for messages. */
export interface NamedBytes {
  name: string;
  bytes: BytesAt;
}

const chunkBytes = 2 ** 20;

/** Rejects with a DataError where the file is cut off, damaged or a bomb. */
export async function* gunzip(file: NamedBytes): AsyncGenerator<Buffer> {
  const packed = Readable.from(chunksOf(file.bytes));
  const unpacked = createGunzip();
  packed.on("error", (error) => unpacked.destroy(error)).pipe(unpacked);
  let total = 0;
  try {
    for await (const bytes of unpacked as AsyncIterable<Buffer>) {
      total += bytes.length;
      refuseBomb(file, total);
      yield bytes;
    }
  } catch (error) {
    throw explain(file.name, error);
  } finally {
    packed.destroy();
    unpacked.destroy();
  }
}

async function* chunksOf(bytes: BytesAt): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.size; at += chunkBytes)
    yield await bytes.read(at, chunkBytes);
}

/** The first bytes of its content; fewer where it has no more. Rejects as `gunzip` does. */
export async function gunzipStart(
  file: NamedBytes,
  length: number,
): Promise<Buffer> {
  let start = Buffer.alloc(0);
  for await (const bytes of gunzip(file)) {
    start = Buffer.concat([start, bytes]);
    if (start.length >= length) break;
  }
  return start.subarray(0, length);
}

/** Throws a DataError where a file of its size cannot honestly hold so much. */
export function refuseBomb(
  { name, bytes }: NamedBytes,
  unpacked: number,
): void {
  const bomb = whyBomb(bytes.size, unpacked);
  if (bomb !== null)
    throw new DataError(`${name} is refused: ${bomb}; get it again.`);
}

function explain(name: string, error: unknown): unknown {
  if (error instanceof DataError) return error;
  const cutOff = error instanceof Error && /end of file/.test(error.message);
  return new DataError(
    cutOff
      ? `${name} is cut off: its gzip data ends too early; get it again.`
      : `${name} is damaged: ${errorMessage(error)}; get it again.`,
    { cause: error },
  );
}
