import { openPlain } from "./plain-file";

/** Fewer where the file has no more. */
export async function firstBytes(
  path: string,
  most: number,
): Promise<Uint8Array> {
  const file = await openPlain(path);
  try {
    const bytes = new Uint8Array(most);
    const { bytesRead } = await file.read(bytes, 0, most, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
