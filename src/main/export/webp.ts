/**
 * Frames as a lossless animated WebP that repeats for ever. Each frame is compressed alone and put into an ANMF chunk
 * of the container (RFC 9649, section 2.7), so that memory holds a few frames: as many as there are cores to compress.
 */
import { availableParallelism } from "node:os";
import sharp from "sharp";
import type { Frame } from "./frames";
import type { Raster } from "./raster";
import { behindHeader } from "./spool";

const animationFlag = 0x02;
/** Show the frame as it is, without blending it over the one before. */
const noBlending = 0x02;

export async function* encodeWebp(
  frames: AsyncIterable<Frame>,
): AsyncGenerator<Uint8Array> {
  yield* behindHeader(body(frames), (size) => {
    const head = Buffer.alloc(12);
    head.write("RIFF", 0, "latin1");
    head.writeUInt32LE(size + 4, 4);
    head.write("WEBP", 8, "latin1");
    return head;
  });
}

async function* body(frames: AsyncIterable<Frame>): AsyncGenerator<Uint8Array> {
  const waiting: Promise<Uint8Array>[] = [];
  let first = true;
  for await (const frame of frames) {
    if (first) {
      yield chunk("VP8X", canvas(frame.picture));
      // Transparent black behind the frames, repeated for ever.
      yield chunk("ANIM", Buffer.alloc(6));
      first = false;
    }
    const compressed = frameChunk(frame);
    // A failure is met when its turn comes.
    compressed.catch(() => undefined);
    waiting.push(compressed);
    if (waiting.length > availableParallelism())
      yield await (waiting.shift() as Promise<Uint8Array>);
  }
  for (const compressed of waiting) yield await compressed;
}

async function frameChunk({ picture, duration }: Frame): Promise<Uint8Array> {
  return chunk(
    "ANMF",
    Buffer.concat([frameHead(picture, duration), await compress(picture)]),
  );
}

function canvas({ width, height }: Raster): Buffer {
  const data = Buffer.alloc(10);
  data.writeUInt8(animationFlag, 0);
  data.writeUIntLE(width - 1, 4, 3);
  data.writeUIntLE(height - 1, 7, 3);
  return data;
}

function frameHead({ width, height }: Raster, duration: number): Buffer {
  const data = Buffer.alloc(16);
  data.writeUIntLE(width - 1, 6, 3);
  data.writeUIntLE(height - 1, 9, 3);
  data.writeUIntLE(duration, 12, 3);
  data.writeUInt8(noBlending, 15);
  return data;
}

/** The image chunks of a still WebP, without its container. More effort takes three times as long and saves 2 %. */
async function compress(picture: Raster): Promise<Buffer> {
  const { width, height, data } = picture;
  const still = await sharp(data, { raw: { width, height, channels: 3 } })
    .webp({ lossless: true, effort: 0 })
    .toBuffer();
  const kept: Buffer[] = [];
  for (let offset = 12; offset < still.length;) {
    const size = still.readUInt32LE(offset + 4);
    const end = offset + 8 + size + (size & 1);
    const type = still.toString("latin1", offset, offset + 4);
    if (["VP8L", "VP8 ", "ALPH"].includes(type))
      kept.push(still.subarray(offset, end));
    offset = end;
  }
  return Buffer.concat(kept);
}

/** All that comes here has an even length, so that no chunk needs padding. */
function chunk(type: string, data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(8 + data.length);
  bytes.write(type, 0, "latin1");
  bytes.writeUInt32LE(data.length, 4);
  bytes.set(data, 8);
  return bytes;
}
