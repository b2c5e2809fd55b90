/**
 * `npm run verify:gpu [-- FILE]`, for a machine with a GPU: holds every engine that can use it to the float64 fixtures of
 * PyTorch and to the processor, then measures it (`bench/gpu.ts`, which writes FILE, or gpu.json). Ends with 1 where a
 * test failed.
 */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const root = join(import.meta.dirname, "..");
const vitest = join(
  dirname(createRequire(import.meta.url).resolve("vitest/package.json")),
  "vitest.mjs",
);

const suite = node([
  ...[vitest, "run", "--project", "application"],
  ...["test/engine/webgpu.test.ts", "test/engine/tensorflow.test.ts"],
  ...["test/engine/compiled.test.ts", "test/engine/engines-agree.test.ts"],
  "test/cli/across-engines.test.ts",
]);
const bench = node([
  ...["--import", "tsx", join(root, "bench", "gpu.ts")],
  ...process.argv.slice(2),
]);
process.exitCode = suite || bench;

function node(words: string[]): number {
  const { status } = spawnSync(process.execPath, words, {
    stdio: "inherit",
    cwd: root,
    // The second, because TensorFloat-32 keeps ten bits, which no fixture allows.
    env: {
      ...process.env,
      GAN_WORKBENCH_TEST_GPU: "1",
      NVIDIA_TF32_OVERRIDE: "0",
    },
  });
  return status ?? 1;
}
