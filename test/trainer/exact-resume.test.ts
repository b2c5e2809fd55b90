/** Exact resume on the real engine, for every preset: N and N steps with an exit in between are 2N steps, bit for bit. */
import { describe, expect, it } from "vitest";
import { createEngine } from "../../src/main/engine";
import type { ModelState } from "../../src/main/engine/engine";
import { initialState } from "../../src/main/graph/parameters";
import type { Checkpoint } from "../../src/main/trainer/events";
import { tutorials } from "../../src/shared/settings/presets";
import { Random } from "../../src/shared/random";
import { dcganNetworks } from "../../src/shared/settings/presets/lecture-dcgan";
import type {
  Preset,
  TrainingSettings,
} from "../../src/shared/settings/settings";
import { stepMetrics } from "../../src/shared/metrics";
import { eventsOf, noiseImages, series, trainAll } from "./runs";

const engine = await createEngine("onnx");
/** Epochs of six steps, the last of them short where a preset keeps it. */
const images = 22;
const batchSize = 4;

/** A preset with small batches and often enough samples to see them. */
function shortened(
  settings: TrainingSettings,
  steps: number,
): TrainingSettings {
  return {
    ...settings,
    engine: { id: "onnx", threads: 1, spinning: false },
    schedule: {
      ...settings.schedule,
      batchSize,
      length: { unit: "steps", count: steps },
    },
    sampling: {
      ...settings.sampling,
      count: 4,
      cadences: [{ unit: "step", every: 4, within: "run", at: "end" }],
    },
  };
}

/** A quarter of the lecture's width, which is the same graph in a tenth of the time. */
function affordable({ id, settings }: Preset): TrainingSettings {
  return id === "lecture-dcgan"
    ? { ...settings, ...dcganNetworks(1, 16) }
    : settings;
}

describe.each(
  tutorials.map((preset) => [preset.id, affordable(preset)] as const),
)("resuming %s", (id, settings) => {
  const half = id.endsWith("dcgan") ? 2 : 4;
  const data = noiseImages(images, settings.data.size);
  const run = (steps: number, from: Checkpoint | null = null) =>
    trainAll(shortened(settings, steps), data, engine, from);

  it("equals the uninterrupted run, and differs without the optimiser's memory", async () => {
    const whole = await run(2 * half);
    const first = await run(half);
    const forgetful =
      first.checkpoint && withoutMemory(first.checkpoint, settings);
    const second = await run(2 * half, first.checkpoint);

    expect(differing(second.checkpoint, whole.checkpoint)).toEqual([]);
    stepMetrics.forEach((_, column) => {
      const resumed = [...series(first, column), ...series(second, column)];
      expect(resumed).toEqual(series(whole, column));
    });
    const grid = ({ step }: { step: number }) => step === 2 * half;
    expect(eventsOf(second, "samples").find(grid)?.pixels).toEqual(
      eventsOf(whole, "samples").find(grid)?.pixels,
    );

    // Plain SGD remembers nothing that could be dropped.
    if (settings.optimizers.generator.type === "sgd") return;
    const control = await run(2 * half, forgetful);
    expect(differing(control.checkpoint, whole.checkpoint)).not.toEqual([]);
  }, 120_000);
});

/** The names of the tensors that are not the same bits. */
function differing(a: Checkpoint | null, b: Checkpoint | null): string[] {
  const names = [...(a?.state.keys() ?? [])];
  expect(names.length).toBeGreaterThan(0);
  expect(names).toEqual([...(b?.state.keys() ?? [])]);
  return names.filter((name) => !sameBits(name, a?.state, b?.state));
}

function sameBits(name: string, a?: ModelState, b?: ModelState): boolean {
  const [left, right] = [a, b].map((state) => state?.get(name)?.data);
  if (!left || !right) return false;
  return (
    Buffer.compare(
      Buffer.from(left.buffer, left.byteOffset, left.byteLength),
      Buffer.from(right.buffer, right.byteOffset, right.byteLength),
    ) === 0
  );
}

function withoutMemory(
  { state, position }: Checkpoint,
  settings: TrainingSettings,
): Checkpoint {
  const fresh = initialState(settings, Random.fromSeed(0, "weights"));
  const kept = [...state].map(([name, tensor]) => {
    const empty = name.startsWith("optimizer.") ? fresh.get(name) : undefined;
    return [name, empty ?? tensor] as const;
  });
  return { state: new Map(kept), position };
}
