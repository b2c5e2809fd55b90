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
import { presets } from "../src/shared/settings/presets";
import { dcganNetworks } from "../src/shared/settings/presets/lecture-dcgan";
import type { TrainingSettings } from "../src/shared/settings/settings";
import { findPython, pythonEnvironment } from "../test/python";
import { createBareEngine } from "./bare-engine";
import { takeTurns } from "./turns";
import type { Runner } from "./turns";

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

for (const id of positionals.length ? positionals : presets.map((p) => p.id))
  await measure(id);
process.exit(0);

async function measure(id: string): Promise<void> {
  const settings = settingsOf(id);
  const { batchSize } = settings.schedule;
  const runners = [await engineRunner(settings)];
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
  const times = await takeTurns(
    runners,
    Number(options.blocks),
    Number(options.ms),
  );
  const best = times.map((timing) => timing.best);
  const medians = times.map((timing) => timing.median);
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

function engineRunner(settings: TrainingSettings): Promise<Runner> {
  const alone = options.cpu
    ? { threads: 1, spinning: false }
    : { spinning: true };
  const engine = { ...settings.engine, id: "onnx" as const, ...alone };
  const steps = options.steps === undefined ? undefined : Number(options.steps);
  return createBareEngine({ ...settings, engine }, { steps, now });
}

/** Milliseconds. */
function now(): number {
  if (!options.cpu) return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
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

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
