/**
 * `npm run bench:library [-- --json]`: what runs on disk cost. Listing a library of 1,000 runs, opening the curves of
 * 100,000 steps, and recording while a network trains; medians of several turns, in a folder that is removed again.
 * Beside the time on the clock stands the processor time, which says more on a machine that others use as well.
 */
import {
  cp,
  mkdtemp,
  readFile,
  readdir,
  rm,
  writeFile,
} from "node:fs/promises";
import { stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createStore } from "../src/main/runs/store";
import type { RunStore } from "../src/main/runs/store";
import type { TrainingEvent } from "../src/main/trainer/events";
import { wiseoddMlp } from "../src/shared/presets/wiseodd-mlp";
import { Random } from "../src/shared/random";
import { stepMetrics } from "../src/shared/step";

const runs = 1000;
const steps = 100_000;
const turns = 7;
const stepsAtOnce = 16;

const library = await mkdtemp(join(tmpdir(), "gan-workbench-bench-"));
try {
  const recording = await measureRecording();
  const curves = await measureCurves(recording.id);
  const list = await measureList();
  report({ ...list, ...curves, ...recording.cost });
} finally {
  await rm(library, { recursive: true, force: true });
}

/** Hands `steps` steps to a recorder as fast as it takes them. */
async function measureRecording() {
  const store = await createStore(library);
  const recorder = await store.create({
    settings: wiseoddMlp.settings,
    name: "long",
    environment: null,
    parent: null,
  });
  const blocks = Array.from({ length: 50 }, (_, index) => columns(index));
  await recorder.handle({
    type: "started",
    step: 0,
    totalSteps: steps,
    stepsPerEpoch: 937,
    data: { title: "numbers", hash: "0", count: 60_000, classes: null },
  });
  const memory: number[] = [];
  let handling = 0;
  const cpu = process.cpuUsage();
  for (let first = 1; first <= steps; first += stepsAtOnce) {
    const event: TrainingEvent = {
      type: "metrics",
      block: {
        firstStep: first,
        rows: stepsAtOnce,
        columns: blocks[first % blocks.length],
        generatorUpdated: new Uint8Array(stepsAtOnce).fill(1),
        times: Float64Array.from(
          { length: stepsAtOnce },
          () => Date.now() / 1000,
        ),
      },
    };
    const start = performance.now();
    await recorder.handle(event);
    handling += performance.now() - start;
    if (first % 10_000 < stepsAtOnce) memory.push(residentMegabytes());
  }
  await recorder.handle({ type: "finished", step: steps });
  const { user, system } = process.cpuUsage(cpu);
  await recorder.close();
  const { id } = recorder;
  const folder = store.folder(id);
  const log = (await readdir(folder)).find((name) => name.includes("tfevents"));
  const { size } = await stat(join(folder, log ?? ""));
  return {
    id,
    cost: {
      handleMicrosecondsPerStep: (1000 * handling) / steps,
      cpuMicrosecondsPerStep: (user + system) / steps,
      eventFileMegabytes: size / 1e6,
      bytesPerStep: size / steps,
      residentMegabytesPer10000Steps: slope(memory.slice(2)),
    },
  };
}

/** Opens the curves as a window does, in a store that has seen nothing yet. */
async function measureCurves(id: string) {
  const open = async () => {
    const store = await createStore(library);
    return timed(() => store.metrics(id, 0));
  };
  const fresh: Cost[] = [];
  for (let turn = 0; turn < turns; turn++) {
    await rm(join(library, "cache"), { recursive: true, force: true });
    fresh.push(await open());
  }
  const cached: Cost[] = [];
  for (let turn = 0; turn < turns; turn++) cached.push(await open());
  return { ...medians("curves", fresh), ...medians("curvesFromCache", cached) };
}

/** A library of copies of one small run. */
async function measureList() {
  const store = await createStore(library);
  await copyRun(store, await smallRun(store), runs);
  const first: Cost[] = [];
  const again: Cost[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const fresh = await createStore(library);
    first.push(await timed(() => fresh.list()));
    again.push(await timed(() => fresh.list()));
  }
  return { ...medians("list", first), ...medians("listAgain", again) };
}

async function smallRun(store: RunStore): Promise<string> {
  const recorder = await store.create({
    settings: wiseoddMlp.settings,
    name: null,
    environment: null,
    parent: null,
  });
  for (let step = 0; step < 20; step++)
    await recorder.handle({
      type: "samples",
      step: step * 1000,
      count: 16,
      channels: 1,
      size: 28,
      pixels: new Float32Array(16 * 784),
    });
  await recorder.handle({ type: "finished", step: 0 });
  await recorder.close();
  return recorder.id;
}

async function copyRun(store: RunStore, id: string, count: number) {
  const text = await readFile(join(store.folder(id), "run.json"), "utf8");
  for (let copy = 1; copy < count; copy++) {
    const folder = store.folder(`${id}-${copy}`);
    await cp(store.folder(id), folder, { recursive: true });
    await writeFile(
      join(folder, "run.json"),
      text.replaceAll(id, `${id}-${copy}`),
    );
  }
}

function columns(seed: number): Float32Array[] {
  const random = Random.fromSeed(seed, "bench");
  return stepMetrics.map(() =>
    Float32Array.from({ length: stepsAtOnce }, () => random.uniform()),
  );
}

interface Cost {
  ms: number;
  cpuMs: number;
}

async function timed(work: () => Promise<unknown>): Promise<Cost> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { ms, cpuMs: (user + system) / 1000 };
}

/** `list` becomes `listMs` and `listCpuMs`. */
function medians(name: string, costs: readonly Cost[]): Record<string, number> {
  return {
    [`${name}Ms`]: median(costs.map(({ ms }) => ms)),
    [`${name}CpuMs`]: median(costs.map(({ cpuMs }) => cpuMs)),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

function residentMegabytes(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss() / 1e6;
}

/** Least squares, per place in the list. */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let above = 0;
  let below = 0;
  values.forEach((value, index) => {
    above += (index - middle) * (value - mean);
    below += (index - middle) ** 2;
  });
  return above / below;
}

function report(figures: Record<string, number>): void {
  if (process.argv.includes("--json")) console.log(JSON.stringify(figures));
  else
    for (const [name, value] of Object.entries(figures))
      console.log(`${name.padEnd(32)} ${value.toFixed(3)}`);
}
