/** What the calls are measured on: a library with one large run among many, and large files to be imported. */
import { createWriteStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { encodeLog } from "../../src/main/runs/curves/tensorboard/write-log";
import { createStore } from "../../src/main/runs/store";
import type { RunStore } from "../../src/main/runs/store";
import { metricsWith, stepMetrics } from "../../src/shared/metrics";
import { Random } from "../../src/shared/random";
import { jaketaeMlp } from "../../src/shared/settings/presets/jaketae-mlp";

/** Of noise, which no format makes smaller: as a GIF 72 MB. */
const grids = 370;
const steps = 100_000;
const blockRows = 1_000;
const smallRuns = 300;

export interface CallsLibrary {
  large: string;
  small: string;
  /** One with a checkpoint. */
  trained: string;
  /** A grid of the large run. */
  gridStep: number;
}

/** `train` trains a short run into the library and gives its id. */
export async function makeLibrary(
  library: string,
  train: (library: string) => Promise<string>,
): Promise<CallsLibrary> {
  const store = await createStore(library);
  const large = await addRun(store, "Large", steps, grids);
  let small = "";
  for (let index = 0; index < smallRuns; index++)
    small = await addRun(store, `Small ${index}`, 500, 1);
  await store.close();
  return { large, small, trained: await train(library), gridStep: 0 };
}

async function addRun(
  store: RunStore,
  name: string,
  length: number,
  pictures: number,
): Promise<string> {
  const { settings } = jaketaeMlp;
  const made = { settings, name, environment: null, parent: null };
  const recorder = await store.create(made);
  const random = Random.fromSeed(1, name);
  await recorder.handle({
    type: "started",
    step: 0,
    totalSteps: length,
    stepsPerEpoch: 937,
    data: { title: "Strokes", hash: "0", count: 60_000, classes: null },
  });
  const every = Math.max(1, Math.floor(length / pictures));
  const rows = Math.min(blockRows, length, every);
  for (let first = 1; first <= length; first += rows) {
    if ((first - 1) % every === 0)
      await recorder.handle({
        type: "samples",
        step: first - 1,
        count: 64,
        channels: 1,
        size: 32,
        pixels: Float32Array.from({ length: 64 * 1024 }, () =>
          random.uniform(),
        ),
      });
    await recorder.handle({
      type: "metrics",
      block: {
        firstStep: first,
        rows,
        columns: stepMetrics.map(() =>
          Float32Array.from({ length: rows }, () => random.uniform()),
        ),
        tags: metricsWith(settings),
        generatorUpdated: new Uint8Array(rows).fill(1),
        times: Float64Array.from({ length: rows }, (_, row) => first + row),
      },
    });
  }
  await recorder.handle({ type: "finished", step: length });
  await recorder.close();
  return recorder.id;
}

/** As large as the limits of an import allow. */
export async function makeFiles(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const random = Random.fromSeed(2, "files");
  const log = encodeLog(
    Array.from({ length: 20 }, (_, tag) => ({
      tags: [`metric/${tag}`],
      steps: Float64Array.from({ length: 50_000 }, (__, row) => row),
      times: Float64Array.from({ length: 50_000 }, (__, row) => 1.7e9 + row),
      values: [Float32Array.from({ length: 50_000 }, () => random.uniform())],
    })),
  );
  await writeFile(join(folder, "events.out.tfevents.1.host"), log);
  await lines(join(folder, "long.csv"), "step,a,b,c,d", 159_000, (row) =>
    [row, row % 7, row % 11, (row % 13) / 8, row % 17].join(","),
  );
  const wide = Array.from({ length: 900 }, (_, column) => column);
  await lines(
    join(folder, "wide.csv"),
    ["step", ...wide.map((column) => `metric ${column}`)].join(","),
    880,
    (row) => [row, ...wide.map((column) => (row * column) % 97)].join(","),
  );
  await lines(join(folder, "stats.jsonl"), "", 195_000, (row) =>
    JSON.stringify({ step: row, loss: row / 7, "Progress/kimg": row }),
  );
}

async function lines(
  path: string,
  head: string,
  rows: number,
  line: (row: number) => string,
): Promise<void> {
  await pipeline(
    Readable.from(pieces(head, rows, line)),
    createWriteStream(path),
  );
}

function* pieces(
  head: string,
  rows: number,
  line: (row: number) => string,
): Generator<string> {
  if (head) yield `${head}\n`;
  for (let first = 0; first < rows; first += 1000) {
    const count = Math.min(1000, rows - first);
    yield Array.from(
      { length: count },
      (_, row) => `${line(first + row)}\n`,
    ).join("");
  }
}
