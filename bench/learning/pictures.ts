/** A folder of a few hundred small colour pictures, the same each time: a bright fruit on a shaded table. */
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { Random } from "../../src/shared/random";

const size = 72;

/** Makes those that are not there yet. Gives the folder. */
export async function makePictures(
  folder: string,
  count = 300,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (let index = 0; index < count; index++) {
    const file = join(folder, `picture-${String(index).padStart(3, "0")}.png`);
    if (existsSync(file)) continue;
    const raw = { width: size, height: size, channels: 3 } as const;
    await sharp(picture(index), { raw }).png().toFile(file);
  }
  return folder;
}

function picture(index: number): Buffer {
  const random = Random.fromSeed(index, "learning pictures");
  const between = (low: number, high: number) =>
    low + (high - low) * random.uniform();
  const [x, y, radius] = [between(22, 50), between(22, 50), between(10, 20)];
  const fruit = [between(150, 255), between(40, 220), between(10, 90)];
  const table = [between(30, 110), between(40, 120), between(60, 150)];
  const bytes = Buffer.alloc(size * size * 3);
  for (let at = 0; at < size * size; at++) {
    const [column, row] = [at % size, Math.floor(at / size)];
    const far = Math.hypot(column - x, row - y) / radius;
    const light = Math.hypot(column - x + radius / 3, row - y + radius / 3);
    const shade = far < 1 ? 1.15 - light / (2.2 * radius) : 0.5 + row / size;
    const color = far < 1 ? fruit : table;
    for (let channel = 0; channel < 3; channel++)
      bytes[at * 3 + channel] = Math.min(255, color[channel] * shade);
  }
  return bytes;
}
