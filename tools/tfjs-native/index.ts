/**
 * `npm run verify:tfjs-native [-- --time]`: builds the native addon in a temporary folder, runs the engine suite on it
 * and, with `--time`, compares its speed (compare.ts). Says "skipped: ..." and succeeds where the machine lacks what it
 * takes.
 * `npm run build:tfjs-native -- FOLDER [WHEEL]` builds it to keep, for users whose CUDA is newer than the package's.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildNative, NotHere } from "./build";

const [command, folder, wheel] = process.argv.slice(2);
try {
  process.exitCode = command === "build" ? build() : verify();
} catch (error) {
  if (!(error instanceof NotHere)) throw error;
  console.log(`skipped: ${error.message}`);
}

function build(): number {
  if (!folder) {
    console.error("Name the folder to build in.");
    return 2;
  }
  const target = buildNative(resolve(folder), wheel ?? "tensorflow==2.21.0");
  console.log(
    `Built. Start the application with GAN_WORKBENCH_TFJS_NATIVE=${target}`,
  );
  return 0;
}

function verify(): number {
  const temporary = mkdtempSync(join(tmpdir(), "tfjs-native-"));
  try {
    const target = buildNative(temporary, "tensorflow-cpu==2.21.0");
    const suite = run(target, [
      "vitest",
      "run",
      "test/engine/tensorflow.test.ts",
      "test/engine/compiled.test.ts",
      "test/engine/engines-agree.test.ts",
    ]);
    if (suite !== 0 || folder !== "--time") return suite;
    return run(target, ["tsx", "tools/tfjs-native/compare.ts", "--memory"]);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Runs one of the project's own tools with the built package. */
function run(target: string, command: string[]): number {
  const { status } = spawnSync("npx", command, {
    stdio: "inherit",
    cwd: join(import.meta.dirname, "..", ".."),
    env: {
      ...process.env,
      GAN_WORKBENCH_TFJS_NATIVE: target,
      TF_CPP_MIN_LOG_LEVEL: "2",
    },
  });
  return status ?? 1;
}
