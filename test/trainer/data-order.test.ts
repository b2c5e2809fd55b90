/** Which images the steps of a run get to see, told by images that are of one grey level each. */
import { describe, expect, it } from "vitest";
import type { TrainingSettings } from "../../src/shared/settings/settings";
import { createTinyEngine } from "./tiny-engine";
import { noiseImages, smallSettings, trainAll } from "./runs";

const count = 43;
const pixels = 28 * 28;

describe("shuffled images", () => {
  it("come once an epoch, the short last batch included, and in another order in the next", async () => {
    const seen = await imagesOf(22, { lastBatch: "keep" });
    const epochs = [seen.slice(0, count), seen.slice(count)];
    for (const epoch of epochs) expect(ascending(epoch)).toEqual(all());
    expect(epochs[0]).not.toEqual(epochs[1]);
    expect(epochs[0]).not.toEqual(all());
  });

  it("leave out another few each epoch where the last batch is dropped", async () => {
    const seen = await imagesOf(20, { lastBatch: "drop" });
    const epochs = [seen.slice(0, 40), seen.slice(40)];
    for (const epoch of epochs) expect(new Set(epoch).size).toBe(40);
    expect(ascending(epochs[0])).not.toEqual(ascending(epochs[1]));
  });
});

it("randomly drawn images differ within a batch, and come about equally often", async () => {
  const seen = await imagesOf(2000, { order: "random" });
  const times = new Array<number>(count).fill(0);
  for (let step = 0; step < 2000; step++) {
    const batch = seen.slice(4 * step, 4 * step + 4);
    expect(new Set(batch).size).toBe(4);
    for (const image of batch) times[image]++;
  }
  // 186 on average, with a standard deviation of 13.
  expect(Math.min(...times)).toBeGreaterThan(130);
  expect(Math.max(...times)).toBeLessThan(240);
});

/** The numbers of the images that so many steps are given, in order. */
async function imagesOf(
  steps: number,
  schedule: Partial<TrainingSettings["schedule"]>,
): Promise<number[]> {
  const images = noiseImages(count);
  images.pixels.forEach((_, i) => {
    images.pixels[i] = Math.floor(i / pixels);
  });
  const seen: number[] = [];
  const engine = createTinyEngine({
    onTrain: ({ inputs }) => {
      const real = inputs.get("real") ?? new Float32Array();
      for (let at = 0; at < real.length; at += pixels)
        seen.push(Math.round(((real[at] + 1) / 2) * 255));
    },
  });
  const settings = smallSettings(steps);
  settings.schedule = { ...settings.schedule, ...schedule };
  await trainAll(settings, images, engine);
  return seen;
}

function all(): number[] {
  return Array.from({ length: count }, (_, image) => image);
}

function ascending(numbers: readonly number[]): number[] {
  return [...numbers].sort((a, b) => a - b);
}
