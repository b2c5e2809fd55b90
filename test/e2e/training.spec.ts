/** The product's spine: from an opened page to a saved run, on drawn digits and on real ones. */
import type { Page } from "@playwright/test";
import { noSharedData, sharedData } from "../shared-data";
import { expect, test } from "./fixture";

test("a preset trains on strokes, is watched, and is found again after a reload", async ({
  page,
}) => {
  await choosePreset(page);
  await train(page, 300);
  await watchItMove(page);
  await findAgain(page);
});

test("the same on real MNIST, handed over as a folder", async ({ page }) => {
  const mnist = sharedData("mnist");
  test.skip(mnist === null, noSharedData);
  await choosePreset(page);
  await page.getByLabel("A folder of images").setInputFiles(mnist ?? "");
  await expect(page.getByText("9,000 images", { exact: true })).toBeVisible();
  await train(page, 300);
  await watchItMove(page);
  await findAgain(page);
});

async function choosePreset(page: Page): Promise<void> {
  await page.getByRole("button", { name: "New run" }).click();
  await page.getByRole("radio", { name: /jaketae-mlp/ }).check();
}

async function train(page: Page, steps: number): Promise<void> {
  await page.getByLabel("Length in").selectOption("steps");
  await page.getByLabel("Length", { exact: true }).fill(String(steps));
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await expect(
    page.getByRole("progressbar", { name: "Progress" }),
  ).toBeVisible();
}

/** The losses' curve and the grid both look different later on. */
async function watchItMove(page: Page): Promise<void> {
  const losses = page.getByRole("figure", { name: "Losses" });
  const grid = page.getByRole("img", { name: /^Samples at step/ });
  await expect(grid).toBeVisible();
  const curveBefore = await losses.screenshot();
  const gridBefore = await grid.getAttribute("src");
  await expect
    .poll(async () => (await losses.screenshot()).equals(curveBefore))
    .toBe(false);
  await expect(grid).not.toHaveAttribute("src", gridBefore ?? "");
  await expect(page.getByRole("status").getByText("Finished")).toBeVisible();
  await expect(grid).toHaveAccessibleName("Samples at step 300");
  expect(
    await grid.evaluate((image: HTMLImageElement) => image.naturalWidth),
  ).toBeGreaterThan(200);
}

async function findAgain(page: Page): Promise<void> {
  await page.reload();
  const run = page
    .getByRole("list", { name: "Runs" })
    .getByRole("button", { name: /Three-layer MLP.*Finished/ });
  await run.click();
  const grid = page.getByRole("img", { name: "Samples at step 300" });
  await expect(grid).toBeVisible();
}
