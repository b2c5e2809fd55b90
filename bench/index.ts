/**
 * `npm run bench [-- --engine ID] [--json] [--preset ID]...`: milliseconds a step of the bare engine (onnx unless told
 * otherwise), of the whole training loop (`--no-loop` leaves it out) and of PyTorch, taken in turns, with the machine's floor. `--compile` also tries
 * torch.compile, `--cuda` runs PyTorch on the CUDA device, `--blocks` and `--ms` say how many blocks of what length, `--no-torch` leaves PyTorch out,
 * `--no-spinning` lets the engine's waiting threads sleep, as they do unless a run asks otherwise. `--width N` sets the
 * filters of `lecture-dcgan`; `--small` takes all networks at an eighth of their widths and batches of four, for a GPU in software. Also how long Pause and Stop take, by the clock, and the way from Train to the first grids
 * (`--no-start` leaves that out). `--cpu` counts processor time instead, of one thread of each: a busy machine disturbs it less.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { presets } from "../src/shared/settings/presets";
import { dcganNetworks } from "../src/shared/settings/presets/lecture-dcgan";
import type {
  EngineId,
  Preset,
  TrainingSettings,
} from "../src/shared/settings/settings";
import { engineIds } from "../src/shared/settings/settings";
import { engineStatus } from "../src/main/engine";
import { narrow } from "../test/engine/narrow";
import { createBareEngine } from "./bare-engine";
import { floorOf, measureMachine } from "./floor";
import type { Machine } from "./floor";
import { openTorch } from "./torch";
import { measureStart } from "./start";
import type { Start } from "./start";
import { bestOf, processorTime, takeTurns, timingOf } from "./turns";
import type { Timing } from "./turns";
import { createWholeLoop } from "./whole-loop";
import type { WholeLoop } from "./whole-loop";

export interface Result {
  preset: string;
  engine: EngineId;
  /** What the engine computes on. */
  device: string;
  batch: number;
  engineMs: Timing;
  /** Null where the loop was left out. */
  loopMs: Timing | null;
  /** Null where the loop was left out. */
  halts: Halts | null;
  /** Null where it was left out. */
  start: Start | null;
  torchMs: Timing | null;
  /** Of each way of running PyTorch. */
  torchWays: Record<string, Timing>;
  /** Its version, the fastest setting and those tried; or why it is missing. */
  torch: string;
  floorMs: number | null;
}

interface Spread {
  median: number;
  worst: number;
}

/** Until a run stands still, in milliseconds. */
interface Halts {
  /** From asking for a pause. */
  pauseMs: Spread;
  /** From the end of the step in flight. */
  pauseAfterStepMs: Spread;
  /** From there until a stopped run is on the disk. */
  stopAfterStepMs: number;
}

const widths = [14, 16, 16, 16, 16, 17, 18, 24, 18, 24, 22, 0];

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    engine: { type: "string", default: "onnx" },
    preset: { type: "string", multiple: true },
    blocks: { type: "string", default: "9" },
    ms: { type: "string", default: "500" },
    compile: { type: "boolean", default: false },
    cuda: { type: "boolean", default: false },
    torch: { type: "boolean", default: true },
    spinning: { type: "boolean", default: true },
    cpu: { type: "boolean", default: false },
    width: { type: "string" },
    small: { type: "boolean", default: false },
    loop: { type: "boolean", default: true },
    start: { type: "boolean", default: true },
  },
  allowNegative: true,
});

const wanted = options.preset ?? presets.map(({ id }) => id);
const unknown = wanted.find((id) => !presets.some((p) => p.id === id));
if (unknown !== undefined) {
  console.error(
    `There is no preset ${unknown}; there are ${presets.map(({ id }) => id).join(", ")}.`,
  );
  process.exit(2);
}
const engineId = engineIds.find((id) => id === options.engine);
if (!engineId) {
  console.error(
    `There is no engine ${options.engine}; there are ${engineIds.join(", ")}.`,
  );
  process.exit(2);
}
const status = await engineStatus(engineId);
if (!status.available) {
  console.error(`${engineId}: ${status.reason}`);
  process.exit(1);
}
const { device } = status;
const dataFolder = await mkdtemp(join(tmpdir(), "gan-workbench-bench-data-"));
// JSON goes without the floor.
const machine = options.json ? null : await measureMachine();
if (machine)
  console.log(
    `The engine: ${engineId}, ${device}.\nOne large matrix product: ${machine.gflops.toFixed(0)} GFLOP/s; memory: ${machine.gigabytes.toFixed(1)} GB/s.`,
  );
const results: Result[] = [];
for (const preset of presets.filter(({ id }) => wanted.includes(id))) {
  const result = await measure(preset, machine, { engineId, device });
  results.push(result);
  if (!options.json) print(result, results.length === 1);
}
await rm(dataFolder, { recursive: true });
if (options.json)
  console.log(
    JSON.stringify(results, (key, value: unknown) =>
      key === "floorMs" ? undefined : value,
    ),
  );

async function measure(
  preset: Preset,
  on: Machine | null,
  { engineId: id, device }: { engineId: EngineId; device: string },
): Promise<Result> {
  const settings = settingsFor(preset, id);
  const { compile, cuda, cpu } = options;
  const time = cpu ? processorTime : undefined;
  const engine = await createBareEngine(settings, { now: time });
  const loop = options.loop ? await createWholeLoop(settings, time) : null;
  const torch = options.torch
    ? await openTorch(settings, { compile, cuda, cpu })
    : "left out";
  const peers = typeof torch === "string" ? [] : torch.runners;
  const ours = loop ? [engine, loop] : [engine];
  const times = await takeTurns(
    [...ours, ...peers],
    Number(options.blocks),
    Number(options.ms),
  );
  const [engineMs] = times;
  const loopMs = loop ? times[1] : null;
  const torchMs = times.slice(ours.length);
  const halts = loop && (await haltsOf(loop));
  await engine.close();
  await loop?.close();
  const data = { ...settings.data, source: "strokes" };
  const start = options.start
    ? await measureStart({ ...settings, data }, dataFolder, time)
    : null;
  if (typeof torch !== "string") torch.close();
  const fastest = torchMs.reduce<number>(
    (best, { median }, index) => (median < torchMs[best].median ? index : best),
    0,
  );
  return {
    preset: preset.id,
    engine: id,
    device,
    batch: settings.schedule.batchSize,
    engineMs,
    loopMs,
    halts,
    start,
    torchMs: torchMs.length > 0 ? bestOf(torchMs) : null,
    torchWays: Object.fromEntries(
      peers.map(({ name }, i) => [name, torchMs[i]]),
    ),
    torch:
      typeof torch === "string"
        ? torch
        : `${torch.version}, fastest: ${peers[fastest]?.name ?? "none"}; tried: ${peers.map(({ name }) => name).join("; ")}`,
    floorMs: on && floorOf(settings, on),
  };
}

function settingsFor(
  { id: presetId, settings }: Preset,
  id: EngineId,
): TrainingSettings {
  const { spinning, cpu, width, small } = options;
  const waiting = cpu ? { threads: 1, spinning: false } : { spinning };
  return {
    ...settings,
    ...(presetId === "lecture-dcgan" &&
      width !== undefined &&
      dcganNetworks(settings.data.channels, Number(width))),
    ...(small && smaller(settings)),
    engine: { ...settings.engine, id, ...waiting },
  };
}

/** What a GPU in software takes in a moment. */
function smaller({
  generator,
  discriminator,
  schedule,
}: TrainingSettings): Partial<TrainingSettings> {
  return {
    generator: narrow(generator),
    discriminator: narrow(discriminator),
    schedule: { ...schedule, batchSize: 4 },
  };
}

function print(result: Result, isFirst: boolean): void {
  const { engineMs, loopMs, halts, start, torchMs, floorMs } = result;
  const columns = [
    ["preset", result.preset],
    ["engine ms", pair(engineMs)],
    ["loop ms", loopMs ? pair(loopMs) : "-"],
    ["overhead", loopMs ? percent(loopMs, engineMs) : "-"],
    ["PyTorch ms", torchMs ? pair(torchMs) : "-"],
    ["PyTorch / engine", torchMs ? ratio(torchMs, engineMs) : "-"],
    ["plain products ms", floorMs?.toFixed(3) ?? "-"],
    [
      "engine / plain products",
      floorMs ? (engineMs.best / floorMs).toFixed(2) : "-",
    ],
    ["pause ms", halts ? spread(halts.pauseMs) : "-"],
    [
      "after its step, stop",
      halts
        ? `${spread(halts.pauseAfterStepMs)} ${halts.stopAfterStepMs.toFixed(0)}`
        : "-",
    ],
    [
      "to grid 0, to grid 1 s",
      start ? `${start.untrained.toFixed(2)} ${start.first.toFixed(2)}` : "-",
    ],
    ["PyTorch", result.torch],
  ];
  if (isFirst) console.log(line(columns.map(([heading]) => heading)));
  console.log(line(columns.map(([, value]) => value)));
}

function line(cells: string[]): string {
  return cells
    .map((cell, i) => cell.padEnd(widths[i]))
    .join(" ")
    .trimEnd();
}

/** Median and best. */
function pair({ median, best }: Timing): string {
  return `${median.toFixed(3)} ${best.toFixed(3)}`;
}

/** Ends the run. */
async function haltsOf(loop: WholeLoop): Promise<Halts> {
  return {
    pauseMs: spreadOf(loop.pauses.map(({ asked }) => asked)),
    pauseAfterStepMs: spreadOf(loop.pauses.map(({ after }) => after)),
    stopAfterStepMs: (await loop.stop()).after,
  };
}

function spreadOf(times: readonly number[]): Spread {
  return { median: timingOf(times).median, worst: Math.max(...times) };
}

/** Median and worst. */
function spread({ median, worst }: Spread): string {
  return `${median.toFixed(0)} ${worst.toFixed(0)}`;
}

function ratio(a: Timing, b: Timing): string {
  return `${(a.median / b.median).toFixed(2)} ${(a.best / b.best).toFixed(2)}`;
}

function percent(a: Timing, b: Timing): string {
  const share = (x: number, y: number) => `${((x / y - 1) * 100).toFixed(1)} %`;
  return `${share(a.median, b.median)} ${share(a.best, b.best)}`;
}
