/** What a pointer does to the graphs of a run. */
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./fixture";
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

test("Ctrl and wheel zoom, dragging zooms to a stretch, Shift and dragging pans", async ({
  application,
}) => {
  const page = await openTrainedRun(application);
  const [losses] = await graphs(page);
  const showAll = page.getByRole("button", { name: "Show all" });
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
});

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

/** Where the cursor's line and marks stand that are seen. */
function cursors(graph: Locator): Promise<string[]> {
  return graph.evaluate((plot) =>
    [...plot.querySelectorAll<HTMLElement>(".above > div")]
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
