/**
 * `npm run bench:queue [-- --json]`: what a queue of 1,000 runs costs. A sweep of 1,000 is planned, put in the queue and
 * worked on, and while it trains each call that the window makes is timed again and again: medians, 95th percentiles and
 * the longest, in milliseconds. Beside them the longest time that nobody else had a turn in this thread.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { createApplication } from "../src/main/host/app";
import { createPreferences } from "../src/main/host/preferences";
import { browserShell } from "../src/main/host/shell";
import { runQuerySchema } from "../src/shared/query/page";
import { wiseoddMlp } from "../src/shared/settings/presets/wiseodd-mlp";
import type { SweepOrder } from "../src/shared/sweeps/plan";
import { parseAxis } from "../src/shared/sweeps/values";

const runs = 1000;
const rounds = 25;

const home = await mkdtemp(join(tmpdir(), "gan-workbench-bench-"));
const values: Record<string, unknown> = {};
const application = await createApplication({
  library: join(home, "library"),
  dataFolder: join(home, "data"),
  shell: browserShell,
  hasWindows: true,
  preferences: createPreferences({
    get: (key) => values[key],
    set: (key, value) => void (values[key] = value),
  }),
  version: "0.0.0",
});
try {
  report(await measure());
} finally {
  await application.stopTraining();
  await application.close();
  await rm(home, { recursive: true, force: true });
}

type Figures = Record<string, { median: number; p95: number; longest: number }>;

async function measure(): Promise<Figures> {
  const { queue, runs: library, sweeps } = application.handlers;
  const { settings } = wiseoddMlp;
  const order: SweepOrder = {
    settings: {
      ...settings,
      data: { ...settings.data, source: "strokes" },
      schedule: { ...settings.schedule, length: { unit: "steps", count: 50 } },
    },
    presets: [],
    axes: [parseAxis(`learningRate=1e-5 .. 1e-2 log ${runs}`)],
    seeds: [],
    random: null,
  };
  const once: Figures = {};
  const timed = async (
    name: string,
    work: () => unknown,
    figures: number[],
  ) => {
    const begun = performance.now();
    await work();
    figures.push(performance.now() - begun);
    once[name] = summary(figures);
  };
  const loop = monitorEventLoopDelay({ resolution: 5 });
  loop.enable();
  await timed("sweeps.plan", () => sweeps.plan({ order }), []);
  const identity = { name: "bench", earlyStop: null, report: false };
  let id = "";
  await timed(
    "sweeps.start",
    async () => ({ id } = await sweeps.start({ order, ...identity })),
    [],
  );
  once["thread held"] = loopSummary(loop);
  await delay(3_000);
  loop.reset();
  const { items } = await queue.state({});
  const last = items.at(-1)?.run ?? "";
  const page = runQuerySchema.parse({
    columns: ["name", "state", "step"],
    filter: "archived:no",
    page: { from: 0, count: 100 },
  });
  const calls: Record<string, () => unknown> = {
    "queue.state": () => queue.state({}),
    "queue.move": () => queue.move({ run: last, to: 0 }),
    "queue.change": () => queue.change({ atOnce: 1 }),
    "sweeps.status": () => sweeps.status({ id }),
    "sweeps.list": () => sweeps.list({}),
    "runs.query": () => library.query(page),
  };
  const times = new Map(
    Object.keys(calls).map((name) => [name, [] as number[]]),
  );
  for (let round = 0; round < rounds; round++)
    for (const [name, work] of Object.entries(calls)) {
      await timed(name, work, times.get(name) ?? []);
      await delay(20);
    }
  once["thread held while it trains"] = loopSummary(loop);
  const { counts } = await sweeps.status({ id });
  console.error(JSON.stringify(counts));
  return once;
}

function summary(times: readonly number[]) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))];
  return { median: at(0.5), p95: at(0.95), longest: at(1) };
}

/** Nanoseconds, in whole milliseconds. */
function loopSummary(loop: ReturnType<typeof monitorEventLoopDelay>) {
  return {
    median: loop.percentile(50) / 1e6,
    p95: loop.percentile(95) / 1e6,
    longest: loop.max / 1e6,
  };
}

function report(figures: Figures): void {
  if (process.argv.includes("--json"))
    return console.log(JSON.stringify(figures, null, 1));
  for (const [name, { longest, median, p95 }] of Object.entries(figures))
    console.log(
      `${name.padEnd(28)} ${[median, p95, longest].map((one) => one.toFixed(1).padStart(9)).join("")}`,
    );
}
