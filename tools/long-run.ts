/**
 * `npm run long-run [-- STEPS]`: trains `wiseodd-mlp` on the built-in strokes by the real command line and watches its
 * memory. Prints the resident size at each tenth, its slope, and the size of the event file. Linux only (/proc).
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { commandLine } from "./torture/round";

const total = Number(process.argv[2] ?? 100_000);
const library = await mkdtemp(join(tmpdir(), "gan-workbench-long-"));
const child = spawn(
  process.execPath,
  [
    commandLine,
    ...["train", "--preset", "wiseodd-mlp", "--dataset", "strokes"],
    ...["--steps", String(total), "--library", library, "--json"],
  ],
  { stdio: ["ignore", "pipe", "inherit"] },
);
const ended = once(child, "close");
const progress = z.object({ type: z.literal("progress"), step: z.int() });
const sizes: { step: number; megabytes: number }[] = [];
const began = Date.now();
for await (const line of createInterface(child.stdout)) {
  const event = progress.safeParse(JSON.parse(line)).data;
  if (!event) continue;
  const megabytes = await residentMegabytes();
  if (megabytes !== null) sizes.push({ step: event.step, megabytes });
}
const [code] = await ended;
for (let tenth = 1; tenth <= 10; tenth++) {
  const at = sizes.findLast(({ step }) => step <= (tenth * total) / 10);
  if (at) console.log(`step ${at.step}: ${at.megabytes.toFixed(1)} MB`);
}
// The first fifth fills the buffers and warms the compiler up; at the end the last checkpoint passes through.
const steady = sizes.filter(
  ({ step }) => step > total * 0.2 && step < total * 0.98,
);
console.log(
  `slope ${(slope(steady) * 10_000).toFixed(3)} MB per 10,000 steps from the first fifth on`,
);
console.log(
  `event file ${((await logBytes()) / 1e6).toFixed(1)} MB, ${((Date.now() - began) / 1000).toFixed(0)} s, exit ${code}`,
);
await rm(library, { recursive: true, force: true });

async function residentMegabytes(): Promise<number | null> {
  const status = await readFile(`/proc/${child.pid}/status`, "utf8").catch(
    () => "",
  );
  const match = /VmRSS:\s+(\d+) kB/.exec(status);
  return match ? Number(match[1]) / 1024 : null;
}

async function logBytes(): Promise<number> {
  const runs = join(library, "runs");
  for (const id of await readdir(runs))
    for (const name of await readdir(join(runs, id)))
      if (name.includes("tfevents"))
        return (await stat(join(runs, id, name))).size;
  return 0;
}

/** Least squares. */
function slope(points: readonly { step: number; megabytes: number }[]): number {
  const mean = (of: (point: (typeof points)[number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const step = mean((point) => point.step);
  const size = mean((point) => point.megabytes);
  const above = mean((point) => (point.step - step) * (point.megabytes - size));
  return above / mean((point) => (point.step - step) ** 2);
}
