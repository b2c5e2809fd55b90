/**
 * Why a picture cannot be decoded, told from its own bytes. libvips keeps one buffer of messages for all threads, so
 * that its words may belong to another file and change from one time to the next.
 */
import { crc32 } from "node:zlib";
import type { Format } from "./decode";
import { readTiffTags } from "./tiff-tags";

/** A short reason: the end of a sentence that begins with the file's name. */
export function whyUnreadable(bytes: Buffer, format: Format): string {
  const reason = isCutOff(bytes, format);
  if (reason) return "it is cut off";
  const detail = format === "png" ? pngFault(bytes) : null;
  return detail === null ? "it is damaged" : `it is damaged (${detail})`;
}

function isCutOff(bytes: Buffer, format: Format): boolean {
  switch (format) {
    case "png":
      return pngChunks(bytes).every(({ type }) => type !== "IEND");
    case "jpeg":
      // The end of image marker, which only padding may follow.
      return bytes.lastIndexOf("\xff\xd9", undefined, "latin1") < 0;
    case "gif":
      return bytes.lastIndexOf(0x3b) < 13;
    case "webp":
      return bytes.length < 12 || bytes.readUInt32LE(4) + 8 > bytes.length;
    case "tiff":
      return readTiffTags(bytes) === null;
    case "bmp":
      return false;
    default:
      return format satisfies never;
  }
}

interface Chunk {
  type: string;
  isWhole: boolean;
}

/** Those that are all there (W3C PNG specification, section 5.3). */
function pngChunks(bytes: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 12 + bytes.readUInt32BE(at);
    if (end > bytes.length) break;
    chunks.push({
      type: bytes.toString("latin1", at + 4, at + 8),
      isWhole:
        crc32(bytes.subarray(at + 4, end - 4)) === bytes.readUInt32BE(end - 4),
    });
    at = end;
  }
  return chunks;
}

function pngFault(bytes: Buffer): string | null {
  const wrong = pngChunks(bytes).find(({ isWhole }) => !isWhole);
  return wrong ? `the checksum of its ${wrong.type} is wrong` : null;
}
