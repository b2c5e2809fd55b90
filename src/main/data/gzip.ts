/** gzip files that nobody vouches for, unpacked piece by piece and never further than such a file grows. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { errorMessage } from "../../shared/errors";
import { whyBomb } from "../disk/unpacking";
import { DataError } from "./image-set";

/** Rejects with a DataError where the file is cut off, damaged or a bomb. */
export async function* gunzip(path: string): AsyncGenerator<Buffer> {
  const { size } = await stat(path);
  const packed = createReadStream(path);
  const unpacked = createGunzip();
  packed.on("error", (error) => unpacked.destroy(error)).pipe(unpacked);
  let total = 0;
  try {
    for await (const bytes of unpacked as AsyncIterable<Buffer>) {
      total += bytes.length;
      refuseBomb(path, size, total);
      yield bytes;
    }
  } catch (error) {
    throw explain(path, error);
  } finally {
    packed.destroy();
    unpacked.destroy();
  }
}

/** The first bytes of its content; fewer where it has no more. Rejects as `gunzip` does. */
export async function gunzipStart(
  path: string,
  length: number,
): Promise<Buffer> {
  let start = Buffer.alloc(0);
  for await (const bytes of gunzip(path)) {
    start = Buffer.concat([start, bytes]);
    if (start.length >= length) break;
  }
  return start.subarray(0, length);
}

/** Throws a DataError where a file of `packed` bytes cannot honestly hold so much. */
export function refuseBomb(
  path: string,
  packed: number,
  unpacked: number,
): void {
  const bomb = whyBomb(packed, unpacked);
  if (bomb !== null)
    throw new DataError(`${path} is refused: ${bomb}; get it again.`);
}

function explain(path: string, error: unknown): unknown {
  if (error instanceof DataError) return error;
  const cutOff = error instanceof Error && /end of file/.test(error.message);
  return new DataError(
    cutOff
      ? `${path} is cut off: its gzip data ends too early; get it again.`
      : `${path} is damaged: ${errorMessage(error)}; get it again.`,
    { cause: error },
  );
}
