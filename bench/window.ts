/**
 * `npm run bench:window [-- --json]`: how the window feels, in a headless Chromium that draws without a GPU. First
 * paint after the start of browser mode; frames while a run of 1,020,000 points in view trains at full speed; the time
 * to switch runs; the heap after 100 of them. Wants a built application.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "@playwright/test";
import {
  hasEngine,
  launchBrowser,
  openPage,
  serve,
} from "./window/browser-mode";
import type { Served } from "./window/browser-mode";
import { spreadOf } from "./window/frames";
import type { Frames } from "./window/frames";
import {
  longSteps,
  makeBenchLibrary,
  shortName,
  shortSteps,
} from "./window/library";
import { heapBytes, slope, switchTo } from "./window/runs";
import { measureScenes } from "./window/scenes";

const shortRuns = 100;
const switches = 20;
const starts = 5;

const home = await mkdtemp(join(tmpdir(), "gan-workbench-window-"));
const load = loadavg()[0];
const browser = await launchBrowser();
try {
  await makeBenchLibrary(home, shortRuns);
  const paints = await measureFirstPaint(browser);
  const served = await serve(home);
  const page = await openPage(browser);
  await page.goto(served.url);
  await page.getByRole("slider", { name: "Losses: cursor" }).waitFor();
  await page.waitForTimeout(1000);
  const runs = await measureRuns(page);
  const frames = await measureLive(browser, page, served);
  await served.close();
  report({ load, ...paints, ...runs }, frames);
} finally {
  await browser.close();
  await rm(home, { recursive: true, force: true });
}

/** From the start of the process, the browser being open already; each in a page that has cached nothing. */
async function measureFirstPaint(browser: Browser) {
  const printed: number[] = [];
  const paints: number[] = [];
  const listed: number[] = [];
  let engines: boolean | null = null;
  for (let start = 0; start < starts; start++) {
    const page = await openPage(browser);
    // So that the browser has nothing left to do for it.
    await page.waitForTimeout(1000);
    const served = await serve(home);
    printed.push(Date.now() - served.startedAt);
    await page.goto(served.url, { waitUntil: "commit" });
    paints.push((await firstPaint(page)) - served.startedAt);
    engines = await hasEngine(served);
    await page
      .getByText(shortName(shortRuns - 1))
      .first()
      .waitFor();
    listed.push(Date.now() - served.startedAt);
    await page.context().close();
    await served.close();
  }
  const { p50, max } = spreadOf(paints);
  return {
    addressPrintedMs: spreadOf(printed).p50,
    firstPaintMs: p50,
    firstPaintWorstMs: max,
    runsListedMs: spreadOf(listed).p50,
    engineLoadedAtFirstPaint: engines === null ? NaN : Number(engines),
  };
}

/** In milliseconds since 1970. */
function firstPaint(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => {
          const [paint] = list.getEntriesByName("first-contentful-paint");
          if (paint) resolve(performance.timeOrigin + paint.startTime);
        }).observe({ type: "paint", buffered: true });
      }),
  );
}

async function measureRuns(page: Page) {
  const times: number[] = [];
  const heaps: number[] = [];
  for (let run = 0; run < shortRuns; run++) {
    times.push(await switchTo(page, shortName(run), shortSteps(run)));
    heaps.push((await heapBytes(page)) / 1e6);
  }
  const cold = spreadOf(times.slice(0, switches));
  const back: number[] = [];
  for (let turn = 0; turn < switches; turn++) {
    const run = shortRuns - 1 - (turn % 2);
    back.push(await switchTo(page, shortName(run), shortSteps(run)));
  }
  const long = await switchTo(page, "Long", longSteps);
  return {
    switchMs: cold.p50,
    switchWorstMs: cold.max,
    switchBackMs: spreadOf(back).p50,
    switchBackWorstMs: spreadOf(back).max,
    switchToLongMs: long,
    heapAfter10Megabytes: heaps[9],
    heapAfter50Megabytes: heaps[49],
    heapAfter100Megabytes: heaps[99],
    heapKilobytesPerRun: 1000 * slope(heaps.slice(-50)),
  };
}

/** The long run is in view: everything is measured while nothing trains, and again while the run goes on. */
async function measureLive(browser: Browser, page: Page, served: Served) {
  const idle = await measureScenes(browser, page, "idle");
  await page.getByRole("button", { name: "Resume…" }).click();
  const dialog = page.getByRole("dialog", { name: /^Resume/ });
  await dialog.getByLabel("Additional steps").fill("10000000");
  await dialog.getByRole("button", { name: "Resume", exact: true }).click();
  await page.getByRole("button", { name: "Pause" }).waitFor();
  await page.waitForFunction(
    (begin) => {
      const plot = document.querySelector('[aria-label="Losses: cursor"]');
      return Number(plot?.getAttribute("aria-valuemax")) > begin;
    },
    longSteps,
    { timeout: 60_000 },
  );
  await page.waitForTimeout(1000);
  const training = await measureScenes(browser, page, "training");
  if ((await hasEngine(served)) === false)
    throw new Error("The run did not train while it was measured.");
  return { ...idle, ...training };
}

function report(
  figures: Record<string, number>,
  frames: Record<string, Frames>,
): void {
  if (process.argv.includes("--json")) {
    console.log(JSON.stringify({ ...figures, frames }));
    return;
  }
  for (const [name, value] of Object.entries(figures))
    console.log(`${name.padEnd(28)} ${value.toFixed(2)}`);
  for (const [scene, { count, ...parts }] of Object.entries(frames))
    for (const [part, { p50, p95, max }] of Object.entries(parts))
      console.log(
        `${`${scene} ${part}`.padEnd(28)} ${p50.toFixed(1)} ${p95.toFixed(1)} ${max.toFixed(1)} ms (p50 p95 max of ${count} frames)`,
      );
}
