/** Going from run to run: how long until the curves of the next are painted, and what stays in memory. */
import type { Page } from "@playwright/test";

/** Milliseconds from the click until the frame after the one that drew the curves; `steps` tells the runs apart. */
export async function switchTo(
  page: Page,
  name: string,
  steps: number,
): Promise<number> {
  await page.getByRole("searchbox", { name: "Filter runs" }).fill(name);
  const row = page
    .getByRole("list", { name: "Runs" })
    .getByRole("button", { name })
    .first();
  await row.waitFor();
  return row.evaluate(
    (button, wanted) =>
      new Promise<number>((resolve) => {
        const begin = performance.now();
        const look = () => {
          const plot = document.querySelector('[aria-label="Losses: cursor"]');
          const there = plot?.getAttribute("aria-valuemax") === String(wanted);
          if (!there) requestAnimationFrame(look);
          else
            requestAnimationFrame(() =>
              requestAnimationFrame(() => resolve(performance.now() - begin)),
            );
        };
        (button as HTMLButtonElement).click();
        requestAnimationFrame(look);
      }),
    steps,
  );
}

/** Bytes of the page's heap after a collection, arrays of numbers included. */
export async function heapBytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const usage = (await session.send("Runtime.getHeapUsage")) as {
    usedSize: number;
    backingStorageSize?: number;
  };
  await session.detach();
  return usage.usedSize + (usage.backingStorageSize ?? 0);
}

/** Least squares, per place in the list. */
export function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let above = 0;
  let below = 0;
  values.forEach((value, index) => {
    above += (index - middle) * (value - mean);
    below += (index - middle) ** 2;
  });
  return above / below;
}
