/** PNG as a stream (ISO/IEC 15948): bands of rows go in, bytes come out, so a sheet of any height needs little memory. */
import { pipeline, Readable } from "node:stream";
import { crc32, createDeflate } from "node:zlib";
import type { Raster } from "./raster";

const signature = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
/** Each row is stored as its difference from the row above, which suits enlarged pixels. */
const filterUp = 2;

/** 8-bit RGB. The bands have the width of the picture, and their heights add up to its height. */
export async function* encodePng(
  size: { width: number; height: number },
  bands: AsyncIterable<Raster>,
): AsyncGenerator<Uint8Array> {
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, size.width);
  header.setUint32(4, size.height);
  header.setUint8(8, 8);
  header.setUint8(9, 2);
  yield signature;
  yield chunk("IHDR", new Uint8Array(header.buffer));
  const deflate = createDeflate({ level: 6 });
  // A failure of the bands destroys the deflater, whose iteration below then throws it.
  pipeline(Readable.from(filterRows(bands)), deflate, () => undefined);
  for await (const data of deflate as AsyncIterable<Uint8Array>)
    yield chunk("IDAT", data);
  yield chunk("IEND", new Uint8Array());
}

async function* filterRows(
  bands: AsyncIterable<Raster>,
): AsyncGenerator<Uint8Array> {
  let above: Uint8Array | null = null;
  for await (const { width, height, data } of bands) {
    const stride = width * 3;
    const filtered = new Uint8Array(height * (stride + 1));
    for (let y = 0; y < height; y++) {
      const row = data.subarray(y * stride, (y + 1) * stride);
      const start = y * (stride + 1);
      filtered[start] = filterUp;
      for (let x = 0; x < stride; x++)
        filtered[start + 1 + x] = row[x] - (above ? above[x] : 0);
      above = row;
    }
    if (height > 0) yield filtered;
  }
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(Buffer.from(type, "latin1"), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}
