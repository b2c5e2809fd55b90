/**
 * Windows bitmaps, which sharp's libraries do not read: 1 to 32 bits a pixel, plain, in runs or with bit masks, as the
 * BITMAPINFOHEADER and its successors describe them. Embedded JPEG or PNG is told, not read.
 */
import { unpackRuns } from "./bmp-runs";
import type { DecodedImage } from "./decoded-image";

interface BmpHeader {
  width: number;
  height: number;
  /** Rows begin at the top. */
  topDown: boolean;
  bits: number;
  pixelsAt: number;
  /** Three bytes a colour, or null where pixels hold their colour. */
  palette: Buffer | null;
  /** Red, green and blue within a pixel's bits. */
  masks: [number, number, number];
  /** Opacity within a pixel's bits; 0 where there is none. */
  alphaMask: number;
  isInRuns: boolean;
}

/** Throws an Error with a short reason. Transparency is laid over white. */
export function decodeBmp(bytes: Buffer, mostPixels: number): DecodedImage {
  if (bytes.length < 26) throw new Error("it is cut off");
  const header = readHeader(bytes);
  const { width, height, bits, pixelsAt } = header;
  if (width < 1 || height < 1) throw new Error("it has no pixels");
  if (width * height > mostPixels) throw new Error("it has too many pixels");
  if (header.isInRuns) return inRuns(bytes, header);
  const stride = 4 * Math.ceil((width * bits) / 32);
  if (bytes.length < pixelsAt + stride * height)
    throw new Error("it is cut off");
  const data = new Uint8Array(width * height * 3);
  const readRow = header.palette
    ? paletteReader(bytes, header, header.palette)
    : colourReader(bytes, header);
  for (let row = 0; row < height; row++) {
    const line = header.topDown ? row : height - 1 - row;
    readRow(pixelsAt + line * stride, data, row * width * 3);
  }
  if (header.alphaMask !== 0) layOverWhite(bytes, header, stride, data);
  return { data, width, height, channels: 3 };
}

function inRuns(bytes: Buffer, header: BmpHeader): DecodedImage {
  const { width, height, bits, pixelsAt, palette } = header;
  if ((bits !== 4 && bits !== 8) || !palette)
    throw new Error(`runs of ${bits} bits a pixel are not supported`);
  const indices = unpackRuns(bytes, { width, height, bits, from: pixelsAt });
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const line = header.topDown ? row : height - 1 - row;
    for (let column = 0; column < width; column++) {
      const colour = 3 * indices[line * width + column];
      data.set(
        palette.subarray(colour, colour + 3),
        3 * (row * width + column),
      );
    }
  }
  return { data, width, height, channels: 3 };
}

/** Many programs leave the fourth byte empty, which then means nothing. */
function layOverWhite(
  bytes: Buffer,
  { width, height, bits, topDown, pixelsAt, alphaMask }: BmpHeader,
  stride: number,
  data: Uint8Array,
): void {
  const shift = Math.max(0, 31 - Math.clz32(alphaMask & -alphaMask));
  const top = alphaMask >>> shift || 1;
  const alphas = Float32Array.from({ length: width * height }, (_, pixel) => {
    const row = Math.floor(pixel / width);
    const line = topDown ? row : height - 1 - row;
    const at = pixelsAt + line * stride + ((pixel % width) * bits) / 8;
    const value = bytes.readUIntLE(at, bits / 8);
    return ((value & alphaMask) >>> shift) / top;
  });
  if (alphas.every((alpha) => alpha === 0)) return;
  for (let at = 0; at < data.length; at++) {
    const alpha = alphas[Math.floor(at / 3)];
    data[at] = Math.round(data[at] * alpha + 255 * (1 - alpha));
  }
}

function readHeader(bytes: Buffer): BmpHeader {
  const size = bytes.readUInt32LE(14);
  const old = size === 12;
  if (!old && (size < 40 || bytes.length < 54))
    throw new Error("it is cut off");
  const width = old ? bytes.readUInt16LE(18) : bytes.readInt32LE(18);
  const height = old ? bytes.readUInt16LE(20) : bytes.readInt32LE(22);
  const bits = bytes.readUInt16LE(old ? 24 : 28);
  const compression = old ? 0 : bytes.readUInt32LE(30);
  const hasMasks = compression === 3 || compression === 6;
  const isInRuns = compression === 1 || compression === 2;
  if (compression !== 0 && !hasMasks && !isInRuns)
    throw new Error("its kind of BMP compression is not supported");
  if (![1, 4, 8, 16, 24, 32].includes(bits))
    throw new Error(`${bits} bits a pixel are not supported`);
  return {
    width,
    height: Math.abs(height),
    topDown: height < 0,
    bits,
    pixelsAt: bytes.readUInt32LE(10),
    palette: bits <= 8 ? readPalette(bytes, size, bits) : null,
    masks: hasMasks ? readMasks(bytes) : plainMasks(bits),
    // The fourth mask belongs to the larger headers, or follows the small one where the compression says so.
    alphaMask:
      hasMasks && (size >= 56 || compression === 6) && bytes.length >= 70
        ? bytes.readUInt32LE(66)
        : 0,
    isInRuns,
  };
}

function readPalette(bytes: Buffer, headerSize: number, bits: number): Buffer {
  const entry = headerSize === 12 ? 3 : 4;
  const declared = headerSize === 12 ? 0 : bytes.readUInt32LE(46);
  const colours = declared > 0 ? Math.min(declared, 256) : 2 ** bits;
  const palette = Buffer.alloc(3 * 256);
  for (let colour = 0; colour < colours; colour++) {
    const at = 14 + headerSize + colour * entry;
    if (at + 3 > bytes.length) throw new Error("it is cut off");
    // Stored blue first.
    for (let channel = 0; channel < 3; channel++)
      palette[3 * colour + channel] = bytes[at + 2 - channel];
  }
  return palette;
}

function readMasks(bytes: Buffer): [number, number, number] {
  if (bytes.length < 66) throw new Error("it is cut off");
  return [
    bytes.readUInt32LE(54),
    bytes.readUInt32LE(58),
    bytes.readUInt32LE(62),
  ];
}

function plainMasks(bits: number): [number, number, number] {
  return bits === 16 ? [0x7c00, 0x3e0, 0x1f] : [0xff0000, 0xff00, 0xff];
}

/** Reads the row at `from` as interleaved RGB to `to`. */
type RowReader = (from: number, data: Uint8Array, to: number) => void;

function paletteReader(
  bytes: Buffer,
  { width, bits }: BmpHeader,
  palette: Buffer,
): RowReader {
  const perByte = 8 / bits;
  const mask = 2 ** bits - 1;
  return (from, data, to) => {
    for (let column = 0; column < width; column++) {
      const byte = bytes[from + Math.floor(column / perByte)];
      const shift = 8 - bits * ((column % perByte) + 1);
      const colour = 3 * ((byte >> shift) & mask);
      data.set(palette.subarray(colour, colour + 3), to + 3 * column);
    }
  };
}

function colourReader(
  bytes: Buffer,
  { width, bits, masks }: BmpHeader,
): RowReader {
  const shifts = masks.map((mask) =>
    Math.max(0, 31 - Math.clz32(mask & -mask)),
  );
  const tops = masks.map((mask, channel) => mask >>> shifts[channel] || 1);
  const size = bits / 8;
  return (from, data, to) => {
    for (let column = 0; column < width; column++) {
      const pixel = bytes.readUIntLE(from + column * size, size);
      for (let channel = 0; channel < 3; channel++) {
        const value = (pixel & masks[channel]) >>> shifts[channel];
        data[to + 3 * column + channel] = Math.round(
          (value * 255) / tops[channel],
        );
      }
    }
  };
}
