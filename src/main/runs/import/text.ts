/** The text of a file that anyone may have written: UTF-8 or UTF-16 by its byte order mark, else Windows-1252. */
import { readFile } from "node:fs/promises";

/** A minus sign as type-setters have it, before a number. */
const minus = /[\u2212\uFE63\uFF0D](?=[\d.]|inf)/gi;

/** Without a byte order mark. */
export async function readText(path: string): Promise<string> {
  return decodeText(await readFile(path));
}

export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return decode("utf-16le", bytes);
  if (first === 0xfe && second === 0xff) return decode("utf-16be", bytes);
  try {
    return decode("utf-8", bytes, true);
  } catch {
    // Excel outside of the English world, and other programs of Windows.
    return decode("windows-1252", bytes);
  }
}

function decode(encoding: string, bytes: Uint8Array, fatal = false): string {
  const text = new TextDecoder(encoding, { fatal }).decode(bytes);
  return text.replace(minus, "-");
}
