/** Strokes with two pixels of mid-grey around them: what only real images have, as an array that is made once. */
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadImages } from "../../src/main/data/load";
import type { DataSettings } from "../../src/shared/settings/settings";

const most = 10_000;

/** Its path. */
export async function borderedStrokes(
  strokes: DataSettings,
  folder: string,
): Promise<string> {
  const path = join(folder, "bordered.npy");
  if (existsSync(path)) return path;
  const { count, size, pixels } = await loadImages(strokes, {
    dataFolder: join(folder, "data"),
    seed: 0,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  pixels.forEach((_, at) => {
    const [row, column] = [Math.floor(at / size) % size, at % size];
    if (Math.min(row, column, size - 1 - row, size - 1 - column) < 2)
      pixels[at] = 128;
  });
  const images = Math.min(count, most);
  const head = `{'descr': '|u1', 'fortran_order': False, 'shape': (${images}, ${size}, ${size}), }`;
  const magic = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
  const body = pixels.subarray(0, images * size * size);
  const header = Buffer.from(`${head.padEnd(117)}\n`);
  await writeFile(path, Buffer.concat([magic, header, body]));
  return path;
}
