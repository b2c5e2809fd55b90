/** PyTorch in a process of its own (`pytorch.py`), one runner for each way of running it. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { TrainingSettings } from "../src/shared/settings/settings";
import { findPython, pythonEnvironment } from "../test/python";
import type { Runner } from "./turns";

interface TorchSetting {
  device: "cpu" | "cuda";
  threads: number;
  fused: boolean;
  compile: boolean;
  channelsLast: boolean;
}

const plain: TorchSetting = {
  device: "cpu",
  threads: 2,
  fused: false,
  compile: false,
  channelsLast: false,
};

const cuda: TorchSetting = { ...plain, device: "cuda" };

/** What is tried on a CUDA device, beside which an engine on a GPU stands. */
const triedOnCuda: Record<string, TorchSetting> = {
  "cuda, eager": cuda,
  "cuda, fused": { ...cuda, fused: true },
  "cuda, fused, channels last": { ...cuda, fused: true, channelsLast: true },
  "cuda, fused, CUDA graphs": { ...cuda, fused: true, compile: true },
};

/** What is tried on the processor; the fastest is what we compare with. */
const tried: Record<string, TorchSetting> = {
  eager: plain,
  "1 thread": { ...plain, threads: 1 },
  fused: { ...plain, fused: true },
  "1 thread, fused": { ...plain, threads: 1, fused: true },
  "fused, channels last": { ...plain, fused: true, channelsLast: true },
  "fused, compile": { ...plain, fused: true, compile: true },
};

/** What is tried where processor time counts, in which more threads can win nothing. */
const triedOnOneThread: Record<string, TorchSetting> = {
  "1 thread": tried["1 thread"],
  "1 thread, fused": tried["1 thread, fused"],
  "1 thread, fused, channels last": {
    ...tried["fused, channels last"],
    threads: 1,
  },
};

export interface Torch {
  version: string;
  runners: Runner[];
  close(): void;
}

/** Gives the reason where PyTorch is not there. `cpu` counts processor time. */
export async function openTorch(
  settings: TrainingSettings,
  {
    compile,
    cuda,
    cpu = false,
  }: { compile: boolean; cuda: boolean; cpu?: boolean },
): Promise<Torch | string> {
  const python = findPython(["torch"]);
  if (!python.available) return python.reason;
  const program = startProgram(python.path);
  const convolves = [settings.generator, settings.discriminator].some(
    ({ layers }) => layers.some(({ type }) => type.startsWith("conv")),
  );
  const runners: Runner[] = [];
  let version = "";
  const onProcessor = cpu ? triedOnOneThread : tried;
  const ways = cuda ? triedOnCuda : onProcessor;
  for (const [name, setting] of Object.entries(ways)) {
    if (setting.compile && !compile) continue;
    if (setting.channelsLast && !convolves) continue;
    const batch = settings.schedule.batchSize;
    const answer = await program.ask({ open: name, settings, batch, setting });
    if (typeof answer.failed === "string") {
      console.error(`PyTorch, ${name}: ${answer.failed}`);
      continue;
    }
    version = String(answer.torch);
    runners.push({
      name,
      async block(steps) {
        const { ms, cpuMs } = await program.ask({ block: name, steps });
        return Number(cpu ? cpuMs : ms);
      },
    });
  }
  return { version, runners, close: program.end };
}

function startProgram(path: string) {
  const script = fileURLToPath(new URL("pytorch.py", import.meta.url));
  const child = spawn(path, [script], {
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
    end: () => void child.stdin.end(),
  };
}
