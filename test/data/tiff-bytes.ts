/** A grey TIFF in one strip, written from TIFF 6.0's description, independently of the reader. */

/** `format` is tag 339: 1 unsigned, 2 signed, 3 float. */
export function tiff(
  width: number,
  height: number,
  format: 1 | 2 | 3,
  bits: 16 | 32 | 64,
  values: readonly number[],
): Buffer {
  const tags: [tag: number, type: 3 | 4, value: number][] = [
    [256, 4, width],
    [257, 4, height],
    [258, 3, bits],
    [259, 3, 1],
    [262, 3, 1],
    [273, 4, 8],
    [277, 3, 1],
    [278, 4, height],
    [279, 4, (values.length * bits) / 8],
    [339, 3, format],
  ];
  const pixels = Buffer.concat(
    values.map((value) => sample(value, format, bits)),
  );
  const directory = Buffer.alloc(2 + 12 * tags.length + 4);
  directory.writeUInt16LE(tags.length);
  tags.forEach(([tag, type, value], index) => {
    const at = 2 + 12 * index;
    directory.writeUInt16LE(tag, at);
    directory.writeUInt16LE(type, at + 2);
    directory.writeUInt32LE(1, at + 4);
    if (type === 3) directory.writeUInt16LE(value, at + 8);
    else directory.writeUInt32LE(value, at + 8);
  });
  const head = Buffer.from("II*\0\0\0\0\0", "latin1");
  head.writeUInt32LE(8 + pixels.length, 4);
  return Buffer.concat([head, pixels, directory]);
}

function sample(value: number, format: 1 | 2 | 3, bits: 16 | 32 | 64): Buffer {
  const bytes = Buffer.alloc(bits / 8);
  if (format === 3 && bits === 64) bytes.writeDoubleLE(value);
  else if (format === 3) bytes.writeFloatLE(value);
  else if (format === 2) bytes.writeIntLE(value, 0, bits / 8);
  else bytes.writeUIntLE(value, 0, bits / 8);
  return bytes;
}
