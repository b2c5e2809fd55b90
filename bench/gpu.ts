/**
 * `npm run bench:gpu [-- FILE] [--seconds N]`: everything worth knowing about the GPU of this machine, unattended and in at most five
 * minutes: the engines' self-tests, and each engine on each preset in turns with PyTorch on the same card (eager, fused,
 * CUDA graphs). Each measurement is a process of its own, so that a driver that crashes costs one line. Writes one JSON to
 * FILE, or gpu.json.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, release, tmpdir, totalmem, type } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { Engines } from "../src/main/engines/engines";
import { forkNode } from "../src/main/engines/fork";
import { errorMessage } from "../src/shared/errors";
import { presets } from "../src/shared/settings/presets";
import type { EngineId } from "../src/shared/settings/settings";

/** Too little for a measurement. */
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

interface Measurement {
  engine: EngineId;
  preset: string;
  compile: boolean;
  result: unknown;
  /** Why there is no result. */
  problem: string | null;
}

const run = promisify(execFile);
const begin = performance.now();
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: "string", default: "290" } },
});
/** When the last measurement must have ended, in milliseconds. */
const limit = Number(values.seconds) * 1000;
const left = () => limit - (performance.now() - begin);
const file = positionals[0] ?? "gpu.json";

const folder = await mkdtemp(join(tmpdir(), "gan-workbench-gpu-"));
const engines = new Engines(folder, "bench", forkNode);
const listing = await engines.list();
const onGpu = listing.filter(({ id, available }) => available && id !== "onnx");
const measurements: Measurement[] = [];
const card = await ask("nvidia-smi", [
  "--query-gpu=name,driver_version,memory.total",
  "--format=csv,noheader",
]);
for (const compile of [false, true])
  for (const preset of sorted())
    for (const { id } of onGpu) await measure(id, preset, compile);
await writeFile(
  file,
  JSON.stringify(
    {
      at: new Date().toISOString(),
      machine: {
        system: `${type()} ${release()}`,
        processor: cpus().at(0)?.model,
        cores: cpus().length,
        memoryGiB: Math.round(totalmem() / 2 ** 30),
        card,
        node: process.version,
      },
      engines: listing,
      measurements,
      seconds: Math.round((performance.now() - begin) / 1000),
    },
    null,
    1,
  ) + "\n",
);
await engines.close();
await rm(folder, { recursive: true, force: true });
console.log(
  onGpu.length === 0
    ? `No engine can use a GPU here; ${file} says why.`
    : `${measurements.length} measurements are in ${file}.`,
);

/** The presets, those that `order` does not name at the end. */
function sorted(): string[] {
  const rest = presets.map(({ id }) => id).filter((id) => !order.includes(id));
  return [...order, ...rest];
}

async function measure(
  engine: EngineId,
  preset: string,
  compile: boolean,
): Promise<void> {
  const most = compile ? 90_000 : 40_000;
  const timeout = Math.floor(Math.min(left(), most));
  if (timeout < (compile ? compileLeast : least)) return;
  const options = ["--engine", engine, "--preset", preset, "--json"];
  const short = ["--blocks", "5", "--ms", "200", "--cuda", "--no-start"];
  const program = [join(import.meta.dirname, "index.ts"), ...options, ...short];
  const words = compile ? [...program, "--compile"] : program;
  console.error(`${engine} ${preset}${compile ? ", compiled" : ""} …`);
  try {
    const { stdout } = await run(
      process.execPath,
      ["--import", "tsx", ...words],
      { timeout, killSignal: "SIGKILL" },
    );
    const [result] = JSON.parse(stdout) as unknown[];
    measurements.push({ engine, preset, compile, result, problem: null });
  } catch (error) {
    const problem = problemOf(error, timeout);
    measurements.push({ engine, preset, compile, result: null, problem });
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
