/** NumPy files written from the format's description (numpy.lib.format), independently of the reader. */
import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";

interface Array {
  descr: string;
  shape: readonly number[];
  data: Buffer;
}

/** Version 1.0. `header` replaces the whole dictionary. */
export function npy({ descr, shape, data }: Array, header?: string): Buffer {
  const text =
    header ??
    `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(", ")}${shape.length === 1 ? "," : ""}), }`;
  const padded = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11);
  const length = Buffer.alloc(2);
  length.writeUInt16LE(padded.length + 1);
  return Buffer.concat([
    Buffer.from("\x93NUMPY\x01\x00", "latin1"),
    length,
    Buffer.from(`${padded}\n`),
    data,
  ]);
}

export function bytes(shape: readonly number[], values: readonly number[]) {
  return npy({ descr: "|u1", shape, data: Buffer.from(values) });
}

export function floats(shape: readonly number[], values: readonly number[]) {
  const data = Buffer.from(Float32Array.from(values).buffer);
  return npy({ descr: "<f4", shape, data });
}

/** Numbers of eight bytes, NumPy's own kind on most machines. */
export function integers(shape: readonly number[], values: readonly number[]) {
  const data = Buffer.from(BigInt64Array.from(values, BigInt).buffer);
  return npy({ descr: "<i8", shape, data });
}

/** UTF-32, as NumPy keeps text. */
export function texts(values: readonly string[]): Buffer {
  const most = Math.max(...values.map((text) => text.length));
  const data = Buffer.alloc(4 * most * values.length);
  values.forEach((text, index) => {
    [...text].forEach((letter, place) =>
      data.writeUInt32LE(
        letter.codePointAt(0) ?? 0,
        4 * (index * most + place),
      ),
    );
  });
  return npy({ descr: `<U${most}`, shape: [values.length], data });
}

/** What `allow_pickle` writes. */
export function pickled(count: number): Buffer {
  const data = Buffer.from("\x80\x04N.", "latin1");
  return npy({ descr: "|O", shape: [count], data });
}

/** A ZIP of `names`, as numpy.savez and other programs write it. */
export async function zipOf(
  path: string,
  files: Readonly<Record<string, Buffer>>,
): Promise<void> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files))
    zip.addBuffer(content, name);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
}
