/** What a pointer does to the graphs of a run. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { figureAt } from "../export/library";
import { expect, test } from "./fixture";
import { importLog, makeRuns } from "./made-runs";
import { openTrainedRun } from "./trained-run";

const names = ["Losses: cursor", "D(x) and D(G(z)): cursor"];

test("the cursor moves above all graphs of a run, and nothing below it is drawn again", async ({
  application,
}) => {
  const page = await openTrainedRun(application);
  const [losses, scores] = await graphs(page);
  const before = await pixels(losses);
  await hover(page, losses, 0.5);
  for (const graph of [losses, scores])
    await expect.poll(() => cursors(graph)).toHaveLength(3);
  const first = await cursors(scores);
  await hover(page, losses, 0.7);
  await expect.poll(() => cursors(scores)).not.toEqual(first);
  expect((await pixels(losses)).data).toBe(before.data);
  await page.mouse.move(2, 2);
  await expect.poll(() => cursors(scores)).toEqual([]);
});

test("Ctrl and wheel zoom, dragging zooms to a stretch, Shift and dragging pans; a hint says so once", async ({
  application,
}) => {
  const page = await openTrainedRun(application);
  const [losses] = await graphs(page);
  const showAll = page.getByRole("button", { name: "Show all" });
  const hint = page.getByRole("note", { name: "Using the charts" });
  await expect(hint).toBeVisible();
  await hover(page, losses, 0.5);
  await page.keyboard.down("Control");
  for (let turn = 0; turn < 8; turn++) await page.mouse.wheel(0, -100);
  await page.keyboard.up("Control");
  await expect(showAll).toBeVisible();
  const zoomed = await pixels(losses);
  await page.keyboard.down("Shift");
  await drag(page, losses, 0.6, 0.4);
  await page.keyboard.up("Shift");
  await expect
    .poll(async () => (await pixels(losses)).data)
    .not.toBe(zoomed.data);
  await losses.dblclick();
  await expect(showAll).toBeHidden();
  await drag(page, losses, 0.4, 0.6);
  await expect(showAll).toBeVisible();
  await expect(hint).toBeHidden();
  await page.reload();
  await graphs(page);
  await expect(hint).toBeHidden();
});

test("a chart is read by keyboard and as a table, tells what is in view, and shares the place of the samples", async ({
  application,
}) => {
  await makeRuns(application.library, [
    { name: "One step", steps: 1, samples: [0, 1] },
    { name: "Forty steps" },
  ]);
  const page = await application.open();
  await page.getByRole("button", { name: /Forty steps/ }).click();
  const losses = page.getByRole("slider", { name: "Losses: cursor" });
  await expect(losses).toHaveAttribute("aria-valuemax", "40");
  const figure = page.getByRole("figure", { name: "Losses" });
  const live = figure.locator("[aria-live]");
  const dLoss = (step: number) => `D loss ${figureAt(0, step).toFixed(4)}`;

  const table = figure.getByRole("table", { name: /^Losses, 12 points/ });
  await expect(table.getByRole("row").last()).toHaveText(
    new RegExp(`^40\\s*${figureAt(0, 40).toFixed(4)}`),
  );

  for (const any of await page.getByRole("figure").all())
    await expect(any.getByRole("table").first()).toBeAttached();

  // The slider moves the mark on every chart, and a click on a chart moves the slider.
  const slider = page.getByRole("slider", { name: "Step", exact: true });
  const end = await samplesPlace(losses);
  await slider.press("ArrowLeft");
  await expect(
    page.getByText("step 30", { exact: true }).first(),
  ).toBeVisible();
  await expect.poll(() => samplesPlace(losses)).toBeLessThan(end);
  await hover(page, losses, 0.32);
  await page.mouse.down();
  await page.mouse.up();
  await expect(
    page.getByRole("img", { name: "Samples at step 10" }),
  ).toBeVisible();

  // From the place of the samples, step by step.
  await page.mouse.move(2, 2);
  await losses.focus();
  await losses.press("ArrowRight");
  await losses.press("ArrowRight");
  await expect(losses).toHaveAttribute("aria-valuetext", "step 12");
  await expect(live).toContainText(`step 12: ${dLoss(12)}`);
  await losses.press("+");
  await expect(live).toHaveText(/^Zoomed to step \d+ to \d+\.$/);
  const inView = figure.getByRole("table", { name: "Losses, what is in view" });
  await expect(inView.getByRole("row", { name: /^D loss/ })).toHaveText(
    /D loss(\s*-?\d+\.\d+){4}\s*20$/,
  );
  await losses.press("0");
  await expect(live).toHaveText("Everything is shown.");

  // One step is a point in the middle of its chart.
  await page.getByRole("button", { name: /One step/ }).click();
  await expect(losses).toHaveAttribute("aria-valuemax", "1.5");
  await expect
    .poll(() => losses.locator("canvas").evaluate(hasPointInTheMiddle))
    .toBe(true);
});

test("ticks are never the same number twice, whatever the curve", async ({
  application,
}) => {
  const log = join(application.home, "odd.csv");
  const rows = Array.from({ length: 60 }, (_, step) =>
    [step + 1, 1, 1e34 * (1 + step / 1e9), 1e-7, 1 + step * 1e-9].join(),
  );
  const head = "step,same,huge,tiny,nearly same";
  await writeFile(log, [head, ...rows].join("\n"));
  importLog(application.library, log);
  const page = await application.open();
  await page.addInitScript(recordTexts);
  await page.reload();
  await page
    .getByRole("list", { name: "Runs" })
    .getByRole("button", { name: /odd/ })
    .click();
  for (const name of ["same", "huge", "tiny", "nearly same"]) {
    const canvas = page
      .getByRole("figure", { name, exact: true })
      .locator("canvas");
    await canvas.scrollIntoViewIfNeeded();
    await expect.poll(() => ticksOf(canvas), name).toBeGreaterThan(1);
  }
});

/** Keeps what each canvas was last written on, by its alignment: an axis at the left writes to the right. */
function recordTexts(): void {
  const { clearRect, fillText } = CanvasRenderingContext2D.prototype;
  const texts = new WeakMap<HTMLCanvasElement, string[]>();
  Object.assign(window, { texts });
  CanvasRenderingContext2D.prototype.clearRect = function (x, y, w, h) {
    if (w >= this.canvas.width) texts.set(this.canvas, []);
    clearRect.call(this, x, y, w, h);
  };
  CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
    texts.get(this.canvas)?.push(`${this.textAlign} ${text}`);
    fillText.call(this, text, ...place);
  };
}

/** How many numbers stand at the y axis; 0 where two are the same on either axis. */
function ticksOf(canvas: Locator): Promise<number> {
  return canvas.evaluate((element) => {
    const { texts } = window as unknown as {
      texts: WeakMap<Element, string[]>;
    };
    const all = texts.get(element) ?? [];
    return new Set(all).size < all.length
      ? 0
      : all.filter((text) => text.startsWith("right ")).length;
  });
}

test("a click on a name hides its curve, Alt and a click shows it alone", async ({
  application,
}) => {
  const page = await openTrainedRun(application);
  const [losses] = await graphs(page);
  const legend = page.getByRole("figure", { name: "Losses" });
  const names = legend.getByRole("button");
  const whole = await pixels(losses);
  await names.first().click();
  await expect(names.first()).toHaveAttribute("aria-pressed", "false");
  await expect
    .poll(async () => (await pixels(losses)).data)
    .not.toBe(whole.data);
  await names.first().click({ modifiers: ["Alt"] });
  await expect(names.first()).toHaveAttribute("aria-pressed", "true");
  await expect(names.nth(1)).toHaveAttribute("aria-pressed", "false");
  await names.first().click({ modifiers: ["Alt"] });
  await expect.poll(async () => (await pixels(losses)).data).toBe(whole.data);
});

/** Once their curves are drawn. */
async function graphs(page: Page): Promise<Locator[]> {
  const found = names.map((name) => page.getByRole("slider", { name }));
  for (const graph of found) {
    await expect(graph).toHaveAttribute("aria-valuemax", "120");
    await expect.poll(() => pixels(graph)).toMatchObject({ isEmpty: false });
  }
  // The others follow one a frame.
  await page.waitForTimeout(200);
  return found;
}

function pixels(graph: Locator): Promise<{ data: string; isEmpty: boolean }> {
  return graph.locator("canvas").evaluate((canvas: HTMLCanvasElement) => {
    const empty = document.createElement("canvas");
    empty.width = canvas.width;
    empty.height = canvas.height;
    const data = canvas.toDataURL();
    return { data, isEmpty: data === empty.toDataURL() };
  });
}

/** Whether the discriminator's blue is there, within a tenth of the width. */
function hasPointInTheMiddle(canvas: HTMLCanvasElement | SVGElement): boolean {
  if (!(canvas instanceof HTMLCanvasElement)) return false;
  const { height, width } = canvas;
  const { data } =
    canvas
      .getContext("2d")
      ?.getImageData(width * 0.5, 0, width * 0.1, height) ?? {};
  for (let at = 0; data && at < data.length; at += 4)
    if (data[at] < 20 && data[at + 2] > 150 && data[at + 3] > 200) return true;
  return false;
}

/** How far from the left the mark of the samples stands. */
function samplesPlace(graph: Locator): Promise<number> {
  return graph
    .locator("[data-part=samples]")
    .evaluate((mark) => mark.getBoundingClientRect().left);
}

/** Where the cursor's line and marks stand that are seen. */
function cursors(graph: Locator): Promise<string[]> {
  return graph.evaluate((plot) =>
    [
      ...plot.querySelectorAll<HTMLElement>(
        "[data-part=cursor], [data-part=mark]",
      ),
    ]
      .filter(({ style }) => style.visibility === "visible")
      .map(({ style }) => style.transform),
  );
}

async function hover(page: Page, graph: Locator, share: number): Promise<void> {
  const box = await graph.boundingBox();
  if (box)
    await page.mouse.move(box.x + box.width * share, box.y + box.height / 2);
}

async function drag(page: Page, graph: Locator, from: number, to: number) {
  await hover(page, graph, from);
  await page.mouse.down();
  for (let share = 0; share <= 1; share += 0.25)
    await hover(page, graph, from + (to - from) * share);
  await page.mouse.up();
}
