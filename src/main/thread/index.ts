/**
 * The one place that knows where the code of a thread, and of the process for trials, is. In the built application the
 * bundler gives its path; under Vitest and tsx the TypeScript source itself is loaded, through tsx, in the new thread.
 */
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { ResourceLimits, WorkerOptions } from "node:worker_threads";

/** Each runs the `worker.ts` in the folder of its name. */
export type ThreadName = "trainer" | "studio" | "exchange" | "quality";

/** What a thread is told at its start. */
export interface ThreadData {
  /** Whether it leaves the cores to the window; see `background.ts`. */
  background: boolean;
  /** Where TensorFlow's library is kept for this user. */
  tensorFlow?: string;
}

/** Whether this is the TypeScript itself, where what only the bundler makes is missing. */
export const isSource = import.meta.url.endsWith(".ts");

export async function createThread(
  name: ThreadName,
  workerData: ThreadData = { background: false },
  resourceLimits?: ResourceLimits,
): Promise<Worker> {
  setEngineVariables();
  const options = { name, workerData, resourceLimits };
  if (isSource) return fromSource(name, options);
  const { default: path } = await built(name);
  return new Worker(path, options);
}

/** Engines read them when their libraries are loaded, from the environment of the whole process. */
export function setEngineVariables(): void {
  process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= "true";
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  // Ten bits of mantissa would not be the arithmetic of the other engines.
  process.env.NVIDIA_TF32_OVERRIDE ??= "0";
}

/** The file that a process runs in which engines are tried. */
export async function trialFile(): Promise<string> {
  if (isSource)
    return fileURLToPath(
      new URL("../engine/trial/process.ts", import.meta.url),
    );
  return (await import("../engine/trial/process?path")).default;
}

/** Calls back once when a thread is gone, with the reason: a thread that breaks down also exits. */
export function onGone(thread: Worker, callback: (cause: Error) => void): void {
  let isGone = false;
  const leave = (cause: Error) => {
    if (!isGone) callback(cause);
    isGone = true;
  };
  thread.once("error", leave);
  thread.once("exit", () => {
    leave(new Error("its thread ended without a word"));
  });
}

function built(name: ThreadName): Promise<{ default: string }> {
  switch (name) {
    case "trainer":
      return import("../trainer/worker?path");
    case "studio":
      return import("../studio/worker?path");
    case "exchange":
      return import("../exchange/worker?path");
    case "quality":
      return import("../quality/worker?path");
    default:
      return name satisfies never;
  }
}

function fromSource(name: ThreadName, options: WorkerOptions): Worker {
  const file = `../${name}/worker.ts`;
  const url = JSON.stringify(new URL(file, import.meta.url).href);
  const code = `import("tsx/esm/api").then(({ register }) => { register(); return import(${url}); });`;
  return new Worker(code, { ...options, eval: true });
}
