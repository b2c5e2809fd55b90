/** One NumPy array: where it lies and what it is called in messages. */
import type { BytesAt } from "./bytes-at";
import { headerBytes, readNpyHeader } from "./npy";
import type { NpyHeader } from "./npy";

export interface NpyArray {
  name: string;
  bytes: BytesAt;
}

/** Rejects with a DataError that names the array. */
export async function readHeader({
  name,
  bytes,
}: NpyArray): Promise<NpyHeader> {
  return readNpyHeader(await bytes.read(0, headerBytes), name, bytes.size);
}
