/** PyTorch trains a preset for a while (`reproduction.py`), and its lines are added to the run's. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import type { TrainingSettings } from "../../src/shared/settings/settings";
import { findPython, pythonEnvironment } from "../../test/python";
import type { ReproducedRun } from "./result";

export interface TorchOrder {
  settings: TrainingSettings;
  seed: number;
  steps: number;
  /** The steps whose figures are wanted. */
  printed: number[];
  /** A file of the images' bytes. */
  images: string;
  /** A file in which it is kept where it stopped. */
  state: string;
  seconds: number;
}

/** Rejects with the reason where PyTorch is not there or fails. */
export async function trainTorch(
  order: TorchOrder,
  run: ReproducedRun,
): Promise<void> {
  const python = findPython(["torch", "numpy"]);
  if (!python.available) throw new Error(python.reason);
  const script = join(import.meta.dirname, "reproduction.py");
  if (!existsSync(order.state)) Object.assign(run, { step: 0, lines: [] });
  const child = spawn(python.path, [script], {
    env: pythonEnvironment(),
    stdio: ["pipe", "pipe", "inherit"],
  });
  const setting = {
    device: "cpu",
    threads: 1,
    fused: false,
    compile: false,
    channelsLast: false,
  };
  child.stdin.end(JSON.stringify({ ...order, setting }));
  const ended = new Promise<number | null>((resolve) =>
    child.on("close", resolve),
  );
  for await (const text of createInterface({ input: child.stdout })) {
    const line = z.array(z.number()).parse(JSON.parse(text));
    run.step = line[0];
    if (line.length > 1) run.lines.push(line);
  }
  const code = await ended;
  if (code !== 0) throw new Error(`PyTorch's side ended with ${code}.`);
}
