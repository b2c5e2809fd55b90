/**
 * `tsx bench/learning/picture.ts OUT.png SAMPLES...`: the last grid of each run's folder of samples (`samples`, or
 * `samples-average`), side by side and equally large, for docs/learning.md.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";

const side = 320;
const gap = 8;
const [out, ...folders] = process.argv.slice(2);
const grids = await Promise.all(folders.map(lastGrid));
await sharp({
  create: {
    width: grids.length * (side + gap) - gap,
    height: side,
    channels: 3,
    background: "white",
  },
})
  .composite(
    grids.map((input, i) => ({ input, left: i * (side + gap), top: 0 })),
  )
  .png({ palette: true, effort: 10 })
  .toFile(out);

async function lastGrid(folder: string): Promise<Buffer> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".png"));
  const last = names.sort()[names.length - 1];
  return sharp(join(folder, last))
    .resize(side, side, { kernel: "nearest" })
    .png()
    .toBuffer();
}
