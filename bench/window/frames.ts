/**
 * How smooth a stretch of time was. `interval` is the time between two frames as the page sees it, at best 16.7 ms on
 * a screen of 60 Hz; `work` is what the page's main thread did for a frame on the clock, and `cpu` the processor time
 * of it, which others on the same cores do not lengthen. From Chromium's own trace.
 */
import type { Browser, Page } from "@playwright/test";

export interface Spread {
  p50: number;
  p95: number;
  max: number;
}

export interface Frames {
  count: number;
  interval: Spread;
  work: Spread;
  cpu: Spread;
}

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** Microseconds, as the others. */
  ts: number;
  dur?: number;
  tdur?: number;
}

const categories = [
  "-*",
  "devtools.timeline",
  "disabled-by-default-devtools.timeline",
];

/** The frames of the page while `act` runs. */
export async function measureFrames(
  browser: Browser,
  page: Page,
  act: () => Promise<void>,
): Promise<Frames> {
  await page.evaluate(() => {
    const state = window as unknown as { ticking: boolean };
    state.ticking = true;
    const tick = () => state.ticking && requestAnimationFrame(tick);
    requestAnimationFrame(tick);
  });
  await browser.startTracing(page, { categories });
  await act();
  const trace = await browser.stopTracing();
  await page.evaluate(() => {
    (window as unknown as { ticking: boolean }).ticking = false;
  });
  const { traceEvents } = JSON.parse(trace.toString()) as {
    traceEvents: TraceEvent[];
  };
  return framesOf(traceEvents);
}

/** Frames begin where the thread that fires the most animation frames fires one. */
function framesOf(events: readonly TraceEvent[]): Frames {
  const ticks = events.filter(({ name }) => name === "FireAnimationFrame");
  const thread = mostFrequent(ticks.map(({ pid, tid }) => `${pid} ${tid}`));
  const own = events
    .filter(({ pid, tid }) => `${pid} ${tid}` === thread)
    .toSorted((a, b) => a.ts - b.ts);
  const tasks = own.filter(({ name, ph }) => name === "RunTask" && ph === "X");
  // Several callbacks of one frame lie within one task.
  const begins = tasks.filter((task) =>
    ticks.some(({ ts }) => ts >= task.ts && ts < task.ts + (task.dur ?? 0)),
  );
  const interval: number[] = [];
  const work: number[] = [];
  const cpu: number[] = [];
  for (const [index, { ts }] of begins.slice(0, -1).entries()) {
    const next = begins[index + 1].ts;
    const inside = tasks.filter((task) => task.ts >= ts && task.ts < next);
    interval.push((next - ts) / 1000);
    work.push(sum(inside.map(({ dur = 0 }) => dur)) / 1000);
    cpu.push(sum(inside.map(({ tdur = 0 }) => tdur)) / 1000);
  }
  return {
    count: interval.length,
    interval: spreadOf(interval),
    work: spreadOf(work),
    cpu: spreadOf(cpu),
  };
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ??
    NaN;
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}

function mostFrequent(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? "";
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
