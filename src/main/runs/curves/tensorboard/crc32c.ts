/**
 * CRC-32C (Castagnoli, RFC 3720 appendix B.4), eight bytes a turn: every recorded step is checked with it when a run is
 * opened, and one byte a turn would take a third of the time that opening may take.
 */
const polynomial = 0x82f63b78;
const tables = buildTables();

/** The checksum of `bytes[start, end)`. */
export function crc32c(
  bytes: Uint8Array,
  start = 0,
  end = bytes.length,
): number {
  let crc = -1;
  let at = start;
  for (; at + 8 <= end; at += 8) {
    crc ^=
      bytes[at] |
      (bytes[at + 1] << 8) |
      (bytes[at + 2] << 16) |
      (bytes[at + 3] << 24);
    crc =
      tables[1792 + (crc & 0xff)] ^
      tables[1536 + ((crc >>> 8) & 0xff)] ^
      tables[1280 + ((crc >>> 16) & 0xff)] ^
      tables[1024 + (crc >>> 24)] ^
      tables[768 + bytes[at + 4]] ^
      tables[512 + bytes[at + 5]] ^
      tables[256 + bytes[at + 6]] ^
      tables[bytes[at + 7]];
  }
  for (; at < end; at++) crc = tables[(crc ^ bytes[at]) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** As TFRecord files store it, so that a checksum of data that holds checksums stays a good one. */
export function maskedCrc32c(
  bytes: Uint8Array,
  start = 0,
  end = bytes.length,
): number {
  const crc = crc32c(bytes, start, end);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** `tables[256 * n + byte]`: the checksum of that byte followed by n zero bytes. */
function buildTables(): Int32Array {
  const result = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++)
      crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    result[byte] = crc;
  }
  for (let index = 256; index < result.length; index++) {
    const shorter = result[index - 256];
    result[index] = result[shorter & 0xff] ^ (shorter >>> 8);
  }
  return result;
}
