/** The offline report in a browser: it works without a server, fetches nothing, and runs nothing that users wrote. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixture";
import { makeLogReport, makeReport } from "./made-runs";

const hostile = `</script><script>window.owned=1</script><img src=x onerror="window.owned=1">`;

test("a report of hostile runs shows everything and runs nothing of theirs", async ({
  application,
  page,
}) => {
  const path = join(application.home, "report.html");
  await makeReport(
    application.library,
    [
      { name: hostile, notes: hostile, tags: [`"><svg onload=owned=1>`] },
      { name: "plain", samples: [0, 20, 40] },
    ],
    path,
  );
  await page.goto("about:blank");
  const fetched: string[] = [];
  page.on("request", (request) => {
    if (!/^(data|file):/.test(request.url())) fetched.push(request.url());
  });
  await page.goto(pathToFileURL(path).href);

  await expect(page.getByRole("heading", { level: 1 })).toHaveText(
    `${hostile} · plain`,
  );
  expect(await page.evaluate("window.owned")).toBeUndefined();

  const plain = page.getByRole("img", { name: /^Samples of plain/ });
  await expect(plain).toHaveAccessibleName("Samples of plain at step 40");
  await page.getByRole("slider", { name: "Step" }).press("Home");
  await expect(plain).toHaveAccessibleName("Samples of plain at step 0");
  expect(
    await plain.evaluate((image: HTMLImageElement) => image.naturalWidth),
  ).toBe(32);

  const curves = page.getByRole("img", { name: "Curves of the metrics" });
  await expect(curves.locator("path.curve")).toHaveCount(4);
  const before = await curves.locator("path.curve").first().getAttribute("d");
  await page.getByRole("button", { name: "Zoom in" }).click();
  await expect(curves.locator("path.curve").first()).not.toHaveAttribute(
    "d",
    before ?? "",
  );
  await page.getByLabel("D(x)").check();
  await expect(curves.locator("path.curve")).toHaveCount(6);
  expect(fetched).toEqual([]);
});

test("without scripts a report still shows its curves and last samples", async ({
  application,
  chromium,
}) => {
  test.skip(chromium === null, "one shell is enough");
  const path = join(application.home, "report.html");
  await makeReport(application.library, [{ name: "still" }], path);
  const context = await chromium?.newContext({ javaScriptEnabled: false });
  const page = await context?.newPage();
  await page?.goto(pathToFileURL(path).href);
  expect(
    await page?.getByRole("img", { name: "Samples of still" }).count(),
  ).toBe(1);
  expect(await page?.locator("svg path").count()).toBeGreaterThan(1);
  await context?.close();
});

/** A page without the application, on the report of another program's log. */
const log = test.extend<{
  openLog: (
    columns: Record<string, ArrayLike<number | string>>,
  ) => Promise<Page>;
}>({
  openLog: async ({ chromium, pageErrors }, use) => {
    test.skip(chromium === null, "one shell is enough");
    const folder = await mkdtemp(join(tmpdir(), "gan-report-"));
    const context = await chromium?.newContext({
      viewport: { width: 1280, height: 800 },
    });
    await use(async (columns) => {
      const path = join(folder, "report.html");
      await makeLogReport(join(folder, "library"), columns, path);
      const page = await context?.newPage();
      if (!page) throw new Error("There is no browser.");
      page.on("pageerror", (error) => pageErrors.push(String(error)));
      await page.goto(pathToFileURL(path).href);
      return page;
    });
    await context?.close();
    await rm(folder, { recursive: true, force: true });
  },
});

const count = 400;
const step = Array.from({ length: count }, (_, row) => row);
const columns = {
  step,
  // A second a step: without times there is no axis of them.
  time: step.map((at) => 1_700_000_000 + at),
  wave: step.map((at) => Math.sin(at / 20)),
  lr: step.map(() => 1),
  small: step.map(() => 1e-7),
  holes: step.map((at) => (at % 50 === 7 ? "NaN" : at % 50)),
  huge: step.map((at) => (at === 200 ? 1e300 : at)),
};

log(
  "curves of every kind are smoothed, on each axis, and on a logarithm",
  async ({ openLog }) => {
    const page = await openLog(columns);
    const smoothing = page.getByLabel("smoothing");
    for (const tag of ["lr", "small", "holes", "huge", "wave"]) {
      await showOnly(page, tag);
      for (const weight of ["0.6", "0.99", "0"]) {
        await smoothing.fill(weight);
        await expectDrawn(page);
        // The raw curve lies behind the smoothed one.
        const raw = picture(page).locator("path.raw");
        await expect(raw).toHaveCount(weight === "0" ? 0 : 1);
      }
      await page.getByLabel("logarithmic").check();
      await expectDrawn(page);
      await page.getByLabel("logarithmic").uncheck();
      for (const axis of ["Time", "Clock", "Step"]) {
        await page.getByLabel("x axis").selectOption(axis);
        await expectDrawn(page);
      }
      // NaN and infinities are marked at the edge.
      const crosses = picture(page).locator("path.crosses");
      await expect(crosses).toHaveCount(
        ["holes", "huge"].includes(tag) ? 1 : 0,
      );
    }
    const epoch = page.getByRole("option", { name: "Epoch" });
    await expect(epoch).toBeDisabled();
  },
);

log(
  "curves are zoomed by a drag and by buttons, and shown whole again",
  async ({ openLog }) => {
    const page = await openLog(columns);
    await showOnly(page, "wave");
    const curve = picture(page).locator("path.curve");
    const whole = (await curve.getAttribute("d")) ?? "";
    const box = await picture(page).boundingBox();
    if (!box) throw new Error("The picture is not there.");
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    // What is under the cursor is written in the legend.
    await expect(page.locator(".legend")).toContainText(
      /wave +-?0\.\d+step 19\d/,
    );
    await page.mouse.down();
    await page.mouse.move(x + 100, y);
    await page.mouse.up();
    await expect(curve).not.toHaveAttribute("d", whole);
    const first = picture(page).locator('text[text-anchor="middle"]').first();
    await expect(first).toHaveText("200");
    await picture(page).dblclick();
    await expect(curve).toHaveAttribute("d", whole);
    for (let click = 0; click < 30; click++)
      await page.getByRole("button", { name: "Zoom in" }).click();
    await expectDrawn(page);
    await page.getByRole("button", { name: "Show all" }).click();
    await expect(curve).toHaveAttribute("d", whole);
  },
);

log("a log of one row is drawn as a dot", async ({ openLog }) => {
  const page = await openLog({ step: [3], lr: [0.1] });
  const curve = picture(page).locator("path.curve");
  await expect(curve).toHaveAttribute("d", /h0$/);
  await page.getByLabel("smoothing").fill("0.9");
  await page.getByRole("button", { name: "Zoom in" }).click();
  await expectDrawn(page);
});

log(
  "100,000 steps are smoothed and zoomed, with every spike",
  async ({ openLog }) => {
    const steps = Array.from({ length: 100_000 }, (_, row) => row);
    const page = await openLog({
      step: steps,
      loss: steps.map((at) => (at === 54_321 ? 100 : Math.sin(at))),
    });
    for (const weight of ["0.3", "0.6", "0.9", "0"]) {
      await page.getByLabel("smoothing").fill(weight);
      await expectDrawn(page);
    }
    const d = await picture(page).locator("path.curve").getAttribute("d");
    expect((d ?? "").length).toBeLessThan(40_000);
    await expect(picture(page)).toContainText("100");
    await page.getByRole("button", { name: "Zoom in" }).click();
    await expectDrawn(page);
  },
);

function picture(page: Page) {
  return page.getByRole("img", { name: "Curves of the metrics" });
}

async function showOnly(page: Page, tag: string): Promise<void> {
  const boxes = page.locator(".controls").first().getByRole("checkbox");
  for (const box of await boxes.all()) await box.uncheck();
  await page.getByLabel(tag, { exact: true }).check();
}

/** One curve, of numbers, and no more ticks than there is room for. */
async function expectDrawn(page: Page): Promise<void> {
  await expect(picture(page).locator("path.curve")).toHaveCount(1);
  const svg = await picture(page).evaluate((element) => element.outerHTML);
  expect(svg).not.toMatch(/NaN|Infinity/);
  const ticks = await picture(page).locator("text").count();
  expect(ticks).toBeGreaterThan(1);
  expect(ticks).toBeLessThan(30);
}
