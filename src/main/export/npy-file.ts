/** Arrays in NumPy's own format, version 1.0 (NEP 1): the header, behind which the values stand row by row. */

/** `<f4` for float32, `|u1` for bytes, `<i8` for whole numbers of 64 bits. */
export type NpyType = "<f4" | "|u1" | "<i8";

export function npyHeader(
  type: NpyType,
  shape: readonly number[],
): Uint8Array<ArrayBuffer> {
  const comma = shape.length === 1 ? "," : "";
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape.join(", ")}${comma}), }`;
  // Magic, version, length, text and a line feed fill a multiple of 64 bytes.
  const size = Math.ceil((10 + text.length + 1) / 64) * 64;
  const bytes = Buffer.alloc(size, " ");
  bytes.write("\x93NUMPY\x01\x00", 0, "latin1");
  bytes.writeUInt16LE(size - 10, 8);
  bytes.write(text, 10, "latin1");
  bytes.write("\n", size - 1, "latin1");
  return Uint8Array.from(bytes);
}

/** Little-endian, as the header says. */
export function littleEndian(values: Float32Array): Uint8Array {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, at) => bytes.writeFloatLE(value, at * 4));
  return bytes;
}
