/**
 * `npm run icons`: the one drawing (`build/icon.svg`: a real sample is a filled mark, a generated one a hollow ring) as
 * every system wants it: PNGs for Linux, an ICO for Windows, an ICNS for macOS.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import sharp from "sharp";

const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024];

/** The file names below `build/icons`, with what is in them. */
export async function renderIcons(
  drawing: Buffer,
): Promise<Map<string, Buffer>> {
  const pngs = new Map<number, Buffer>();
  for (const size of sizes) pngs.set(size, await render(drawing, size));
  const files = [...pngs].map(([size, png]): [string, Buffer] => [
    `${size}x${size}.png`,
    png,
  ]);
  return new Map([
    ...files.filter(([name]) => name !== "1024x1024.png"),
    ["icon.ico", icoOf(pngs, [16, 24, 32, 48, 64, 128, 256])],
    ["icon.icns", icnsOf(pngs)],
  ]);
}

function render(drawing: Buffer, size: number): Promise<Buffer> {
  // The drawing is 64 units wide, and 72 dots an inch draw a unit as a pixel.
  return sharp(drawing, { density: (72 * size) / 64 })
    .resize(size, size)
    .png({ compressionLevel: 9, palette: true })
    .toBuffer();
}

/** A directory of 16 bytes an entry, then PNGs, which Windows reads since Vista. */
function icoOf(
  pngs: ReadonlyMap<number, Buffer>,
  wanted: readonly number[],
): Buffer {
  const images = wanted.map((size) => ({ size, png: of(pngs, size) }));
  const header = Buffer.alloc(6 + 16 * images.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(images.length, 4);
  let offset = header.length;
  for (const [index, { size, png }] of images.entries()) {
    const at = 6 + 16 * index;
    header[at] = header[at + 1] = size % 256;
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(png.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += png.length;
  }
  return Buffer.concat([header, ...images.map(({ png }) => png)]);
}

/** Chunks of a type, a length and a PNG; the types are in the order of Apple's icon sets. */
function icnsOf(pngs: ReadonlyMap<number, Buffer>): Buffer {
  const types = [
    ["icp4", 16],
    ["ic11", 32],
    ["icp5", 32],
    ["ic12", 64],
    ["ic07", 128],
    ["ic13", 256],
    ["ic08", 256],
    ["ic14", 512],
    ["ic09", 512],
    ["ic10", 1024],
  ] as const;
  const chunks = types.map(([type, size]) => chunk(type, of(pngs, size)));
  return chunk("icns", Buffer.concat(chunks));
}

function chunk(type: string, content: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.write(type, "latin1");
  header.writeUInt32BE(8 + content.length, 4);
  return Buffer.concat([header, content]);
}

function of(pngs: ReadonlyMap<number, Buffer>, size: number): Buffer {
  const png = pngs.get(size);
  if (!png) throw new Error(`No icon of ${size} pixels was drawn.`);
  return png;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const folder = join(import.meta.dirname, "../../build");
  const icons = await renderIcons(await readFile(join(folder, "icon.svg")));
  await mkdir(join(folder, "icons"), { recursive: true });
  for (const [name, content] of icons)
    await writeFile(join(folder, "icons", name), content);
}
