/** Loaded into every thread of a process: the training thread kills the process as a driver would, once there is a checkpoint. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isMainThread } from "node:worker_threads";

// A thread has no arguments of its own.
const folder = join(process.env.CRASHING_LIBRARY, "runs", "crashing");
if (!isMainThread)
  setInterval(() => {
    if (existsSync(join(folder, "checkpoints", "step-000020.safetensors")))
      process.kill(process.pid, "SIGSEGV");
  }, 5).unref();
