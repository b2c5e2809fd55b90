/** `npm run test:slurm [-- --requeue]`: a sweep on a real Slurm cluster of this machine. */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";

const words = process.argv.slice(2);
const requeues = words.includes("--requeue");
const { resolve } = createRequire(import.meta.url);
const { status } = spawnSync(
  process.execPath,
  [
    resolve("vitest/vitest.mjs"),
    ...["run", "--project", "slurm"],
    ...words.filter((word) => word !== "--requeue"),
  ],
  {
    stdio: "inherit",
    env: {
      ...process.env,
      ...(requeues && { GAN_WORKBENCH_TEST_REQUEUE: "1" }),
    },
  },
);
process.exitCode = status ?? 1;
