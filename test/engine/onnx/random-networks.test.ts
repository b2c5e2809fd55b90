/** No network that the form accepts makes a model that explodes. `npm run fuzz:networks` runs such networks in full. */
import { describe, expect, it } from "vitest";
import { scanModel } from "../../../src/main/engine/onnx/models";
import { unrolledSteps } from "../../../src/main/graph/steps";
import type { Updates } from "../../../src/main/graph/steps";
import { Programs } from "../../../src/main/graph/programs";
import { rewriteForOnnx } from "../../../src/main/engine/onnx/tuning/rewrite";
import { Random } from "../../../src/shared/random";
import { checkSettings } from "../../../src/shared/settings/check";
import { randomSettings } from "../../../tools/fuzz/random-settings";

const limits = { size: 64, filters: 64, layers: 6, batch: 64 };
/** Indices and node descriptions; such models start in a few seconds. */
const mostBytes = 200 * 2 ** 20;

describe("models of random networks stay small", () => {
  const seeds = Array.from({ length: 12 }, (_, i) => i + 1);
  it.each(seeds)("network %i", (seed) => {
    const settings = randomSettings(Random.fromSeed(seed, "fuzz"), limits);
    if (checkSettings(settings).length > 0) return;
    const { batchSize } = settings.schedule;
    const pattern = Array.from(
      { length: unrolledSteps(settings, batchSize) },
      (): Updates => "both",
    );
    const programs = new Programs(settings, rewriteForOnnx);
    const program = programs.steps(batchSize, pattern);
    expect(scanModel(program).bytes.length).toBeLessThan(mostBytes);
  });
});
