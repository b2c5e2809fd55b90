/**
 * `npm run bench:table`: how smoothly the history's table of 5,000 runs scrolls, in a headless Chromium that draws
 * without a GPU: slowly (a wheel's notch a frame) and fast (a page a frame). Wants a built application.
 */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { createStore } from "../src/main/runs/store";
import { addRun } from "../test/export/library";
import { launchBrowser, openPage, serve } from "./window/browser-mode";
import { measureFrames } from "./window/frames";
import type { Frames, Spread } from "./window/frames";

const count = 5000;
const frames = 150;

const home = await mkdtemp(join(tmpdir(), "gan-workbench-table-"));
const browser = await launchBrowser();
try {
  await makeLibrary(join(home, "library"));
  const load = loadavg()[0];
  const served = await serve(home);
  const page = await openPage(browser);
  await page.goto(served.url);
  await page
    .getByRole("navigation", { name: "Application" })
    .getByRole("button", { name: "History" })
    .click();
  await page.getByText(`${count.toLocaleString("en")} of`).waitFor();
  await page.waitForTimeout(2000);
  console.log(
    `load ${load.toFixed(1)}; median, 95th percentile and worst in ms`,
  );
  for (const [name, pixels] of [
    ["a notch a frame", 100],
    ["a page a frame", 600],
  ] as const)
    print(name, await measureFrames(browser, page, () => scroll(page, pixels)));
  await served.close();
} finally {
  await browser.close();
  await rm(home, { recursive: true, force: true });
}

/** One run with its grids, and copies of it that differ in name, seed and rate. */
async function makeLibrary(library: string): Promise<void> {
  const store = await createStore(library);
  const id = await addRun(store, { name: "Run 0" });
  await store.close();
  const first = join(library, "runs", id);
  const record = JSON.parse(
    await readFile(join(first, "run.json"), "utf8"),
  ) as {
    settings: { seed: number };
  };
  for (let run = 1; run < count; run++) {
    const other = `20260101-${String(run).padStart(6, "0")}-copy`;
    const folder = join(library, "runs", other);
    await mkdir(folder);
    await cp(join(first, "samples"), join(folder, "samples"), {
      recursive: true,
    });
    const text = JSON.stringify({
      ...record,
      id: other,
      name: `Run ${run}`,
      settings: { ...record.settings, seed: run },
    });
    await writeFile(join(folder, "run.json"), text);
  }
}

/** As fast as frames come. */
function scroll(page: Page, pixels: number): Promise<void> {
  return page.evaluate(
    async ([step, times]) => {
      const grid = document.querySelector("[role=grid] .scroller");
      if (!grid) throw new Error("There is no table.");
      grid.scrollTop = 0;
      for (let frame = 0; frame < times; frame++) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        grid.scrollTop += step;
      }
    },
    [pixels, frames],
  );
}

function print(name: string, { interval, work, cpu, count: seen }: Frames) {
  const say = ({ p50, p95, max }: Spread) =>
    `${p50.toFixed(1)} ${p95.toFixed(1)} ${max.toFixed(1)}`;
  console.log(
    `${name}: ${seen} frames; interval ${say(interval)}; work ${say(work)}; cpu ${say(cpu)}`,
  );
}
