/**
 * `npm run bench:library [-- --json]`: what runs on disk cost. Listing a library of 1,000 runs, opening the curves of
 * 100,000 steps, and recording, in turns with the engine's own steps; medians, in a folder that is removed again.
 * Beside the time on the clock stands the processor time, which says more on a machine that others use as well.
 */
import {
  cp,
  mkdtemp,
  readFile,
  readdir,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RunTable } from "../src/main/runs/run-table";
import { createStore } from "../src/main/runs/store";
import type { RunStore } from "../src/main/runs/store";
import { runQuerySchema } from "../src/shared/query/page";
import { idOf } from "../src/shared/run";
import { wiseoddMlp } from "../src/shared/settings/presets/wiseodd-mlp";
import { createBareEngine } from "./bare-engine";
import { Recording } from "./recording";
import { takeTurns } from "./turns";

const runs = 1000;
const steps = 100_000;
const turns = 7;

const historyPage = runQuerySchema.parse({
  columns: [
    "name",
    "state",
    "preset",
    "data",
    "tags",
    "rate",
    "seed",
    "duration",
    "objective.loss",
    "last:loss/generator",
  ],
  filter: "rate < 1 archived:no",
  sort: [{ column: "created", descending: true }],
  pictures: true,
  page: { from: 0, count: 100 },
});

const library = await mkdtemp(join(tmpdir(), "gan-workbench-bench-"));
try {
  const { id, ...recording } = await measureRecording();
  const curves = await measureCurves(id);
  const list = await measureList();
  const pages = await measurePages();
  report({
    ...list,
    ...pages,
    ...curves,
    ...recording,
    ...(await measureMemory()),
  });
} finally {
  await rm(library, { recursive: true, force: true });
}

/** What a recorder takes of the time of `wiseodd-mlp`, the quickest network: its worst case. */
async function measureRecording() {
  const store = await createStore(library);
  const recording = await Recording.begin(store);
  const engine = await createBareEngine(wiseoddMlp.settings);
  const [step, record] = await takeTurns([engine, recording], turns, 300);
  await engine.close();
  await recording.finish();
  // A run of its own: how many steps the turns took depends on the machine.
  const long = await Recording.begin(store);
  const rest = await timed(() => long.block(steps));
  await long.finish();
  const { id } = long;
  const folder = store.folder(id);
  const log = (await readdir(folder)).find((name) => name.includes("tfevents"));
  const { size } = await stat(join(folder, log ?? ""));
  return {
    id,
    engineBestMicrosecondsPerStep: 1000 * step.best,
    recordingBestMicrosecondsPerStep: 1000 * record.best,
    recordingCpuMicrosecondsPerStep: (1000 * rest.cpuMs) / long.steps,
    recordingPercentOfBest: (100 * record.best) / step.best,
    bytesPerStep: size / long.steps,
    eventFileMegabytesPer100000Steps: (size / long.steps) * 0.1,
    stepsInCurves: long.steps,
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
  return {
    ...medians("curves", fresh),
    ...medians("curvesFromCache", cached),
  };
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

/** One page of a table of 1,000 and of 5,000 runs, as the history asks for it. */
async function measurePages() {
  const store = await createStore(library);
  const [id] = (await store.list()).map(idOf).toSorted();
  const figures: Record<string, number> = {};
  for (const [name, count] of [
    ["page", runs],
    ["pageOfMany", 5 * runs],
  ] as const) {
    await copyRun(store, id, count, (await store.list()).length);
    const first: Cost[] = [];
    const again: Cost[] = [];
    let bytes = 0;
    for (let turn = 0; turn < turns; turn++) {
      const fresh = new RunTable(await createStore(library));
      const ask = async () => {
        const page = await fresh.query(historyPage);
        bytes = JSON.stringify(page).length;
      };
      first.push(await timed(ask));
      again.push(await timed(ask));
    }
    Object.assign(figures, medians(name, first));
    Object.assign(figures, medians(`${name}Again`, again));
    figures[`${name}Kilobytes`] = bytes / 1000;
  }
  return figures;
}

/** How the process grows while it records, after it has warmed up. */
async function measureMemory() {
  const recording = await Recording.begin(await createStore(library));
  await recording.block(200_000);
  const sizes: number[] = [];
  for (let part = 0; part < 30; part++) {
    await recording.block(10_000);
    globalThis.gc?.();
    sizes.push(process.memoryUsage.rss() / 1e6);
  }
  await recording.finish();
  return { residentMegabytesPer10000Steps: slope(sizes) };
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

async function copyRun(store: RunStore, id: string, count: number, from = 1) {
  const text = await readFile(join(store.folder(id), "run.json"), "utf8");
  for (let copy = from; copy < count; copy++) {
    const folder = store.folder(`${id}-${copy}`);
    await cp(store.folder(id), folder, { recursive: true });
    await writeFile(
      join(folder, "run.json"),
      text.replaceAll(id, `${id}-${copy}`),
    );
  }
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
      console.log(`${name.padEnd(34)} ${value.toFixed(3)}`);
}
