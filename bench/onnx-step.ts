/**
 * The bare train step of the `onnx` engine against PyTorch's, in turns: `npx tsx bench/onnx-step.ts [PRESET ...]`.
 * `--torch NAME|...` picks PyTorch settings (`none` for no PyTorch), `--blocks N`, `--width N` the filters of
 * `lecture-dcgan`, `--steps N` the steps of one engine call, `--cpu` counts processor time of one thread instead, which
 * a busy machine disturbs less. Prints JSON, one line a preset.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createOnnxEngine } from "../src/main/engine/onnx";
import type { StepBatch, TrainingSession } from "../src/main/engine/engine";
import { initialState } from "../src/main/engine/parameters";
import { volume } from "../src/shared/network";
import { presets } from "../src/shared/presets";
import { dcganNetworks } from "../src/shared/presets/lecture-dcgan";
import { Random } from "../src/shared/random";
import type { TrainingSettings } from "../src/shared/settings";
import { stepInputs } from "../src/shared/step";
import { findPython, pythonEnvironment } from "../test/python";

const torchSettings: Record<string, object> = {
  "1 thread": { threads: 1, fused: false, compile: false, channelsLast: false },
  eager: { threads: 2, fused: false, compile: false, channelsLast: false },
  "1 thread, fused": {
    threads: 1,
    fused: true,
    compile: false,
    channelsLast: false,
  },
  fused: { threads: 2, fused: true, compile: false, channelsLast: false },
  "channels last": {
    threads: 2,
    fused: true,
    compile: false,
    channelsLast: true,
  },
  compile: { threads: 2, fused: true, compile: true, channelsLast: false },
};

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    torch: { type: "string", default: "eager|fused" },
    blocks: { type: "string", default: "7" },
    ms: { type: "string", default: "500" },
    width: { type: "string" },
    steps: { type: "string" },
    cpu: { type: "boolean", default: false },
  },
});

interface Runner {
  name: string;
  /** Milliseconds a step. */
  block(steps: number): Promise<number>;
}

for (const id of positionals.length ? positionals : presets.map((p) => p.id))
  await measure(id);
process.exit(0);

async function measure(id: string): Promise<void> {
  const settings = settingsOf(id);
  const { batchSize } = settings.schedule;
  const runners = [await engineRunner(settings, batchSize)];
  const torch = options.torch === "none" ? [] : options.torch.split("|");
  const python = torch.length > 0 ? startPython() : null;
  for (const name of torch) {
    const answer = await python?.ask({
      open: name,
      settings,
      batch: batchSize,
      setting: torchSettings[name],
    });
    if (!answer || "failed" in answer) {
      console.error(name, answer);
      continue;
    }
    runners.push({
      name,
      block: async (steps) =>
        Number(
          (await python?.ask({ block: name, steps }))?.[
            options.cpu ? "cpuMs" : "ms"
          ],
        ),
    });
  }
  const times = await takeTurns(runners);
  const best = times.map((list) => Math.min(...list));
  const medians = times.map(median);
  const peers = (list: number[]) => Math.min(...list.slice(1));
  console.log(
    JSON.stringify({
      preset: id,
      width: options.width,
      best: named(runners, best),
      median: named(runners, medians),
      ...(torch.length > 0 && {
        ratioOfBest: round(peers(best) / best[0]),
        ratioOfMedians: round(peers(medians) / medians[0]),
      }),
    }),
  );
  python?.end();
}

function settingsOf(id: string): TrainingSettings {
  const preset = presets.find((p) => p.id === id);
  if (!preset) throw new Error(`There is no preset ${id}.`);
  if (id !== "lecture-dcgan" || !options.width) return preset.settings;
  return { ...preset.settings, ...dcganNetworks(1, Number(options.width)) };
}

/** Warm-up, then blocks in turns, each about as long as asked for. */
async function takeTurns(runners: Runner[]): Promise<number[][]> {
  const steps: number[] = [];
  for (const runner of runners) {
    const first = await runner.block(1);
    const estimate = await runner.block(
      Math.max(1, Math.min(50, Math.round(200 / first))),
    );
    steps.push(Math.max(1, Math.round(Number(options.ms) / estimate)));
  }
  const times: number[][] = runners.map(() => []);
  for (let block = 0; block < Number(options.blocks); block++)
    for (let i = 0; i < runners.length; i++)
      times[i].push(await runners[i].block(steps[i]));
  return times;
}

async function engineRunner(
  settings: TrainingSettings,
  batch: number,
): Promise<Runner> {
  const engine = await createOnnxEngine();
  const state = initialState(settings, Random.fromSeed(1, "weights"));
  const session = await engine.createSession(
    settings,
    state,
    options.cpu
      ? { ...settings.engine, threads: 1, spinning: false }
      : settings.engine,
  );
  const steps = Number(options.steps ?? session.preferredSteps(batch));
  const prepared = batchOf(settings, batch, steps);
  return {
    name: "onnx",
    block: (count) => timeSteps(session, prepared, count),
  };
}

async function timeSteps(
  session: TrainingSession,
  batch: StepBatch,
  steps: number,
): Promise<number> {
  const calls = Math.max(1, Math.round(steps / batch.steps));
  const start = now();
  for (let call = 0; call < calls; call++) await session.train(batch);
  return (now() - start) / (calls * batch.steps);
}

/** Milliseconds. */
function now(): number {
  if (!options.cpu) return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function batchOf(
  settings: TrainingSettings,
  batch: number,
  steps: number,
): StepBatch {
  const random = Random.fromSeed(2, "bench");
  const inputs = stepInputs(settings).map((input) => {
    const data = new Float32Array(steps * batch * volume(input.shape));
    if (input.kind === "noise") random.fillNormal(data);
    else if (input.kind === "mask") random.fillMask(data, input.rate);
    else
      for (let i = 0; i < data.length; i++) data[i] = random.uniform() * 2 - 1;
    return [input.name, data] as const;
  });
  const { generator, discriminator } = settings.optimizers;
  const every = settings.objective.generatorEvery;
  return {
    steps,
    batch,
    inputs: new Map(inputs),
    generatorUpdates: Array.from({ length: steps }, (_, i) => i % every === 0),
    learningRates: {
      generator: generator.learningRate,
      discriminator: discriminator.learningRate,
    },
  };
}

function startPython() {
  const python = findPython(["torch"]);
  if (!python.available) throw new Error(python.reason);
  const script = fileURLToPath(new URL("pytorch.py", import.meta.url));
  const child = spawn(python.path, [script], {
    env: pythonEnvironment(),
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[
    Symbol.asyncIterator
  ]();
  return {
    async ask(request: object): Promise<Record<string, unknown>> {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value } = await lines.next();
      return JSON.parse(String(value)) as Record<string, unknown>;
    },
    end: () => child.stdin.end(),
  };
}

function named(runners: Runner[], values: number[]): Record<string, number> {
  return Object.fromEntries(
    runners.map(({ name }, i) => [name, round(values[i])]),
  );
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
