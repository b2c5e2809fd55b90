/** IDX files written from the format's description, independently of the reader. */

export function idxImages(
  count: number,
  height: number,
  width: number,
  level: (index: number) => number,
): Buffer {
  const header = Buffer.alloc(16);
  [0x00000803, count, height, width].forEach((value, index) =>
    header.writeUInt32BE(value, 4 * index),
  );
  const pixels = Uint8Array.from({ length: count * height * width }, (_, i) =>
    level(i),
  );
  return Buffer.concat([header, pixels]);
}

export function idxLabels(labels: readonly number[]): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(0x00000801, 0);
  header.writeUInt32BE(labels.length, 4);
  return Buffer.concat([header, Uint8Array.from(labels)]);
}
