/**
 * `npm run fuzz:networks -- [COUNT] [FILE]`: takes the first step of random networks, each in a process of its own, and
 * says which take more than 10 s of processor time beyond what their second step takes, or 2 GB. Results are appended to FILE, one a line, and networks that
 * are in it already are not taken again: so it can be stopped at any time.
 */
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const count = Number(process.argv[2] ?? 200);
const file = process.argv[3] ?? "fuzz-networks.jsonl";
const longest = 10;
const mostMegabytes = 2048;
/** After so long the process is ended, and the network is one that does not start. */
const patience = 240_000;

interface Result {
  seed: number;
  refused?: string;
  /** Seconds of processor time: of the first step, with what it compiles, and of the second. */
  first?: number;
  second?: number;
  megabytes?: number;
  failed?: string;
}

const known = existsSync(file)
  ? readFileSync(file, "utf8").trim().split("\n").filter(Boolean).map(parse)
  : [];
for (let seed = 1; seed <= count; seed++) {
  if (known.some((result) => result.seed === seed)) continue;
  const result = firstStep(seed);
  known.push(result);
  appendFileSync(file, `${JSON.stringify(result)}\n`);
  console.log(JSON.stringify(result));
}
const results = known.filter(({ seed }) => seed <= count);
const bad = results.filter(
  (result) =>
    result.failed !== undefined ||
    compiling(result) > longest ||
    (result.megabytes ?? 0) > mostMegabytes,
);
for (const result of bad) console.error(JSON.stringify(result));
console.log(
  `${results.length} networks: ${results.filter(({ refused }) => refused).length} refused, ${bad.length} too slow, too large or failed; the slowest took ${Math.max(...results.map(compiling)).toFixed(1)} s to compile, the largest ${Math.max(...results.map(({ megabytes = 0 }) => megabytes))} MB.`,
);
process.exit(bad.length > 0 ? 1 : 0);

/** What the first step takes beyond a step. */
function compiling({ first = 0, second = 0 }: Result): number {
  return first - second;
}

function firstStep(seed: number): Result {
  const script = fileURLToPath(new URL("fuzz/first-step.ts", import.meta.url));
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["--import", "tsx", script, String(seed)],
    { encoding: "utf8", timeout: patience },
  );
  if (status === 0) return parse(stdout.trim().split("\n").at(-1) ?? "");
  return { seed, failed: status === null ? "ended" : stderr.slice(-500) };
}

/** The lines are this program's own. */
function parse(line: string): Result {
  return JSON.parse(line) as Result;
}
