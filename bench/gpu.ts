/**
 * `npm run bench:gpu [-- FILE] [--seconds N] [--small]`: everything worth knowing about the GPU of this machine, unattended
 * and in at most five minutes: the engines' self-tests, and each engine on each preset in turns with PyTorch on the same card
 * (eager, fused, CUDA graphs). Each measurement is a process of its own, so that a driver that crashes costs one line.
 * Prints a table (gpu-table.ts) and writes one JSON to FILE, or gpu.json, anew after each measurement.
 *
 * `--small` is a rehearsal for machines without a GPU: small networks on SwiftShader, and on TensorFlow's library for processors
 * where `GAN_WORKBENCH_TFJS_NATIVE` names one, beside PyTorch on the processor.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, release, tmpdir, totalmem, type } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { Engines } from "../src/main/engines/engines";
import { forkNode } from "../src/main/engines/fork";
import { errorMessage } from "../src/shared/errors";
import type { EngineId } from "../src/shared/settings/settings";
import { prepareSoftwareGpu } from "../test/engine/software-gpu";
import type { Measurement } from "./gpu-table";
import { tableOf } from "./gpu-table";
import type { Result } from "./index";

/** Too little for a measurement, in milliseconds. */
const least = 8_000;
/** What PyTorch's compiler needs once more, so that it is left to the end. */
const compileLeast = 45_000;
/** What matters most first: if time runs out, the rest is missing. */
const order = [
  "jrtechs-dcgan",
  "lecture-dcgan",
  "jrtechs-gan",
  "wiseodd-mlp",
  "jrtechs-wgan",
  "jaketae-mlp",
  "lecture-mlp",
];

const run = promisify(execFile);
const begin = performance.now();
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: "string", default: "290" },
    small: { type: "boolean", default: false },
  },
});
const { small } = values;
/** When the last measurement must have ended, in milliseconds. */
const limit = Number(values.seconds) * 1000;
const left = () => limit - (performance.now() - begin);
const file = positionals[0] ?? "gpu.json";

if (small) {
  const missing = await prepareSoftwareGpu();
  if (missing !== null) console.error(missing);
}
const folder = await mkdtemp(join(tmpdir(), "gan-workbench-gpu-"));
const engines = new Engines(folder, "bench", forkNode);
console.error("Testing the engines …");
const listing = await engines.list();
const onGpu = listing.filter(({ id, available }) => available && id !== "onnx");
const measurements: Measurement[] = [];
const machine = {
  system: `${type()} ${release()}`,
  processor: cpus().at(0)?.model,
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  card: await ask("nvidia-smi", [
    "--query-gpu=name,driver_version,memory.total",
    "--format=csv,noheader",
  ]),
  node: process.version,
};
await save();
for (const compile of small ? [false] : [false, true])
  // A GPU in software gets through the light ones only.
  for (const preset of small ? order.toReversed() : order)
    for (const { id } of onGpu) {
      await measure(id, preset, compile);
      await save();
    }
await engines.close();
await rm(folder, { recursive: true, force: true });
for (const { id, selfTest, device, version, reason } of listing)
  console.log(
    selfTest
      ? `${id}: ${device}; ${version}; ${selfTest.difference.toExponential(1)} apart from the processor after three steps`
      : `${id}: ${reason}`,
  );
if (onGpu.length === 0) console.log("No engine can use a GPU here.");
else console.log(`\n${tableOf(measurements)}`);
console.log(`\nAll of it is in ${file}.`);

function save(): Promise<void> {
  const seconds = Math.round((performance.now() - begin) / 1000);
  const at = new Date().toISOString();
  const all = { at, machine, small, engines: listing, measurements, seconds };
  return writeFile(file, JSON.stringify(all, null, 1) + "\n");
}

async function measure(
  engine: EngineId,
  preset: string,
  compile: boolean,
): Promise<void> {
  const most = compile || small ? 90_000 : 40_000;
  const timeout = Math.floor(Math.min(left(), most));
  if (timeout < (compile ? compileLeast : least)) return;
  const words = [
    ...[join(import.meta.dirname, "index.ts"), "--json", "--no-start"],
    ...["--engine", engine, "--preset", preset],
    ...(small
      ? ["--small", "--no-loop", "--blocks", "3", "--ms", "100"]
      : ["--cuda", "--blocks", "5", "--ms", "200"]),
    ...(compile ? ["--compile"] : []),
  ];
  console.error(
    `${engine} ${preset}${compile ? ", compiled" : ""} … ${Math.round(left() / 1000)} s left`,
  );
  const told = { engine, preset, compile };
  try {
    const { stdout } = await run(
      process.execPath,
      ["--import", "tsx", ...words],
      { timeout, killSignal: "SIGKILL" },
    );
    const [result] = JSON.parse(stdout) as Result[];
    measurements.push({ ...told, result, problem: null });
  } catch (error) {
    const problem = problemOf(error, timeout);
    measurements.push({ ...told, result: null, problem });
  }
}

/** The last line that a program wrote, or that it took too long. */
function problemOf(error: unknown, timeout: number): string {
  const { killed, stderr } = error as { killed?: boolean; stderr?: string };
  if (killed) return `it took longer than ${Math.round(timeout / 1000)} s`;
  return stderr?.trim().split("\n").at(-1) ?? errorMessage(error);
}

/** What a program prints; null where there is none. */
async function ask(program: string, words: string[]): Promise<string | null> {
  try {
    return (await run(program, words, { timeout: 10_000 })).stdout.trim();
  } catch {
    return null;
  }
}
