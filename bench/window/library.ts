/**
 * The library that the window's benchmark looks at: one run with a long past that can go on training, and many short
 * ones to switch between. The long one is trained for a moment, then handed made-up steps, so that it can be resumed.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { createStore } from "../../src/main/runs/store";
import type { RunRecorder, RunStore } from "../../src/main/runs/store";
import { jaketaeMlp } from "../../src/shared/settings/presets/jaketae-mlp";
import { Random } from "../../src/shared/random";
import { metricsWith, stepMetrics } from "../../src/shared/metrics";

/** The run's view draws six curves of the recorded ones: 1.02 million points. */
export const longSteps = 170_000;
export const shortName = (index: number) =>
  `Short ${String(index).padStart(3, "0")}`;
/** Each short run is a little longer than the one before, so that a window can be seen to show it. */
export const shortSteps = (index: number) => 5_000 + index;

const root = join(import.meta.dirname, "../..");
const blockRows = 1_000;

export interface BenchLibrary {
  long: string;
  short: string[];
}

/** `home` is the application's own folder; the library lies in it. */
export async function makeBenchLibrary(
  home: string,
  shortRuns: number,
): Promise<BenchLibrary> {
  const library = join(home, "library");
  await trainForAMoment(home, library);
  const store = await createStore(library);
  const [listing] = await store.list();
  if (listing.kind !== "run") throw new Error("The run could not be made.");
  const long = listing.record.id;
  await makeLong(store, long);
  const short: string[] = [];
  for (let index = 0; index < shortRuns; index++)
    short.push(await makeShort(store, index));
  await store.close();
  return { long, short };
}

async function trainForAMoment(home: string, library: string): Promise<void> {
  const settings = "--preset jaketae-mlp --dataset strokes --steps 20 --seed 1";
  await promisify(execFile)(
    process.execPath,
    [
      join(root, "bin/gan-workbench.mjs"),
      ...["train", ...settings.split(" "), "--name", "Long"],
      ...["--library", library],
    ],
    { env: { ...process.env, GAN_WORKBENCH_HOME: home } },
  );
}

/** Its checkpoint moves to the last of the made-up steps. */
async function makeLong(store: RunStore, id: string): Promise<void> {
  const { recorder, checkpoint } = await store.reopen(id);
  if (!checkpoint) throw new Error("The run has no checkpoint to go on from.");
  const begin = checkpoint.position.step;
  await addSteps(recorder, begin + 1, longSteps, Random.fromSeed(1, "long"));
  const position = { ...checkpoint.position, step: longSteps };
  await recorder.handle({
    type: "checkpoint",
    reason: "final",
    checkpoint: { state: checkpoint.state, position },
  });
  await recorder.handle({ type: "stopped", step: longSteps });
  await recorder.close();
}

async function makeShort(store: RunStore, index: number): Promise<string> {
  const recorder = await store.create({
    settings: jaketaeMlp.settings,
    name: shortName(index),
    environment: null,
    parent: null,
  });
  const steps = shortSteps(index);
  await recorder.handle({
    type: "started",
    step: 0,
    totalSteps: steps,
    stepsPerEpoch: 937,
    data: { title: "Strokes", hash: "0", count: 60_000, classes: null },
  });
  const random = Random.fromSeed(index, "short");
  const pixels = Float32Array.from({ length: 64 * 784 }, () =>
    random.uniform(),
  );
  await recorder.handle({
    type: "samples",
    step: 0,
    count: 64,
    channels: 1,
    size: 28,
    pixels,
  });
  await addSteps(recorder, 1, steps, random);
  await recorder.handle({ type: "finished", step: steps });
  await recorder.close();
  return recorder.id;
}

/** Curves as a training has them: a slow drift, noise at each step, and rare spikes. */
async function addSteps(
  recorder: RunRecorder,
  first: number,
  last: number,
  random: Random,
): Promise<void> {
  const begin = Date.now() / 1000;
  for (let from = first; from <= last; from += blockRows) {
    const rows = Math.min(blockRows, last - from + 1);
    const columns = stepMetrics.map((_, metric) =>
      Float32Array.from({ length: rows }, (_, row) => {
        const drift = 0.5 + 0.3 * Math.sin((from + row) / 9_000 + metric);
        const spike = random.uniform() < 1e-4 ? 2 : 0;
        return Math.max(0, drift + 0.15 * random.normal() + spike);
      }),
    );
    await recorder.handle({
      type: "metrics",
      block: {
        firstStep: from,
        rows,
        columns,
        tags: metricsWith(jaketaeMlp.settings),
        generatorUpdated: new Uint8Array(rows).fill(1),
        times: Float64Array.from(
          { length: rows },
          (_, row) => begin + (from + row - first) * 0.003,
        ),
      },
    });
  }
}
