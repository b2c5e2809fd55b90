/* eslint-disable @typescript-eslint/no-require-imports -- Node loads only CommonJS into every thread (--require) */
/** Loaded into every thread of a process: the training thread kills the process as a driver would, once there is a checkpoint. */
const { existsSync } = require("node:fs");
const { join } = require("node:path");
const { isMainThread } = require("node:worker_threads");

// A thread has no arguments of its own.
const folder = join(process.env.CRASHING_LIBRARY, "runs", "crashing");
if (!isMainThread)
  setInterval(() => {
    if (existsSync(join(folder, "checkpoints", "step-000020.safetensors")))
      process.kill(process.pid, "SIGSEGV");
  }, 5).unref();
