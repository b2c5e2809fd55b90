/**
 * `npm run bench:compare`: from the click that opens a comparison of eight runs of 100,000 steps until their curves are
 * drawn, in a headless Chromium without a GPU; the first time, and again with everything known. Wants a built application.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { launchBrowser, openPage, serve } from "./window/browser-mode";
import { spreadOf } from "./window/frames";
import { comparedSteps, makeComparedRuns } from "./window/library";

const rounds = 5;

const home = await mkdtemp(join(tmpdir(), "gan-workbench-compare-"));
const load = loadavg()[0];
const browser = await launchBrowser();
try {
  const ids = await makeComparedRuns(home, 8);
  const served = await serve(home);
  const first: number[] = [];
  const again: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const page = await openPage(browser);
    await page.goto(served.url);
    await page.getByRole("heading", { name: "Runs" }).waitFor();
    await page.waitForTimeout(1500);
    first.push(await openComparison(page, ids));
    await page.goBack();
    await page.waitForTimeout(500);
    again.push(await openComparison(page, ids));
    await page.context().close();
  }
  await served.close();
  for (const [name, times] of Object.entries({ first, again }))
    console.log(
      `${name}: median ${spreadOf(times).p50.toFixed(0)} ms, best ${Math.min(...times).toFixed(0)}, worst ${spreadOf(times).max.toFixed(0)} (load ${load.toFixed(2)})`,
    );
} finally {
  await browser.close();
  await rm(home, { recursive: true, force: true });
}

/** Milliseconds until the frame after the one that drew the last of the curves. */
function openComparison(page: Page, ids: readonly string[]): Promise<number> {
  return page.evaluate(
    ({ runs, steps }) =>
      new Promise<number>((resolve) => {
        const begin = performance.now();
        const isDrawn = () => {
          const plot = document.querySelector('[aria-label="G loss: cursor"]');
          const values = [
            ...document.querySelectorAll('figure[aria-label="G loss"] output'),
          ];
          return (
            plot?.getAttribute("aria-valuemax") === String(steps) &&
            values.length === runs.length &&
            values.every((one) => one.textContent !== "–")
          );
        };
        const look = () => {
          if (!isDrawn()) requestAnimationFrame(look);
          else
            requestAnimationFrame(() =>
              requestAnimationFrame(() => resolve(performance.now() - begin)),
            );
        };
        location.hash = `#/compare/${runs.join(",")}`;
        requestAnimationFrame(look);
      }),
    { runs: [...ids], steps: comparedSteps },
  );
}
