/** The first directory of a TIFF or BigTIFF: enough to tell what its values are and whether the file is all there. */

export interface TiffTags {
  /** 1 unsigned, 2 signed, 3 floats, more for what is rare (tag 339). */
  sampleFormat: number;
  /** Of one value (tag 258). */
  bits: number;
}

/** Null where the directory, or what it points to, lies beyond the end of the file. */
export function readTiffTags(bytes: Buffer): TiffTags | null {
  const reader = createReader(bytes);
  if (bytes.length < (reader.isBig ? 16 : 8)) return null;
  const { isBig, long, short } = reader;
  const countBytes = isBig ? 8 : 2;
  const entryBytes = isBig ? 20 : 12;
  const directory = long(isBig ? 8 : 4);
  if (directory + countBytes > bytes.length) return null;
  const count = isBig ? long(directory) : short(directory);
  if (directory + countBytes + entryBytes * count > bytes.length) return null;
  const tags: TiffTags = { sampleFormat: 1, bits: 1 };
  for (let entry = 0; entry < count; entry++) {
    const at = directory + countBytes + entry * entryBytes;
    const place = placeOf(reader, at);
    if (place.end > bytes.length) return null;
    const tag = short(at);
    if (tag === 258) tags.bits = short(place.start);
    if (tag === 339) tags.sampleFormat = short(place.start);
  }
  return tags;
}

interface Reader {
  isBig: boolean;
  short(at: number): number;
  /** Of 4 bytes, in a BigTIFF of 8. */
  long(at: number): number;
}

function createReader(bytes: Buffer): Reader {
  const isLittle = bytes[0] === 0x49;
  const isBig = (isLittle ? bytes[2] : bytes[3]) === 43;
  const four = (at: number) =>
    isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  const eight = (at: number) =>
    Number(isLittle ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  return {
    isBig,
    short: (at) => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)),
    long: isBig ? eight : four,
  };
}

/** Where the values of an entry lie: within it where they are few. */
function placeOf({ isBig, short, long }: Reader, entry: number) {
  const size = typeBytes[short(entry + 2)] ?? 1;
  const length = size * long(entry + 4);
  const field = entry + (isBig ? 12 : 8);
  const start = length <= (isBig ? 8 : 4) ? field : long(field);
  return { start, end: start + length };
}

/** By TIFF 6.0's number of the type, and BigTIFF's. */
const typeBytes: Record<number, number | undefined> = {
  3: 2,
  4: 4,
  5: 8,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};
