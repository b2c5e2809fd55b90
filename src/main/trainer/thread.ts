/**
 * The one place that knows where a thread's code is. In the built application the bundler gives its path; under Vitest
 * and tsx the TypeScript source itself is loaded, through tsx, in the new thread.
 */
/// <reference types="electron-vite/node" />
import { Worker } from "node:worker_threads";

/** `trainer` runs `worker.ts`, `studio` runs `studio-worker.ts`. */
export type ThreadName = "trainer";

export async function createThread(name: ThreadName): Promise<Worker> {
  // The GPU engine reads it when its library is loaded, from the environment of the whole process.
  process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= "true";
  if (import.meta.url.endsWith(".ts")) return fromSource("./worker.ts");
  const { default: path } = await import("./worker?modulePath");
  return new Worker(path, { name });
}

function fromSource(file: string): Worker {
  const url = JSON.stringify(new URL(file, import.meta.url).href);
  const code = `import("tsx/esm/api").then(({ register }) => { register(); return import(${url}); });`;
  return new Worker(code, { eval: true });
}
