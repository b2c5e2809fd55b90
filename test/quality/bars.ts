/** A small data set that tests make: bars of three directions on 8 x 8 pixels, no two alike. */
import { join } from "node:path";
import { Random } from "../../src/shared/random";
import { bytes, integers, zipOf } from "../data/npy-bytes";

const side = 8;

/** Writes `<folder>/bars.npz` with its labels and gives its path. */
export async function writeBars(
  folder: string,
  count: number,
  seed = 1,
): Promise<string> {
  const random = Random.fromSeed(seed, "bars");
  const pixels: number[] = [];
  const labels: number[] = [];
  for (let i = 0; i < count; i++) {
    const kind = i % 3;
    const place = 1 + 6 * random.uniform();
    const light = 150 + 100 * random.uniform();
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) {
        const at = [x, y, (x + y) / 1.5 - 1][kind];
        const glow = Math.exp(-((at - place) ** 2));
        pixels.push(Math.round(glow * light + 5 * random.uniform()));
      }
    labels.push(kind);
  }
  const path = join(folder, "bars.npz");
  await zipOf(path, {
    "x.npy": bytes([count, side, side], pixels),
    "y.npy": integers([count], labels),
  });
  return path;
}
