/** The first minute without training: three finished runs, alive in gallery, comparison and export, and gone again without a trace. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { expect, test } from "./fixture";

test("three examples are opened at the first launch, marked, looked at, compared, exported and removed", async ({
  application,
  page,
}) => {
  await page.getByRole("button", { name: "Open three examples" }).click();
  const runs = page.getByRole("list", { name: "Runs" });
  await expect(runs.getByRole("button", { name: /Example · / })).toHaveCount(3);
  await expect(page.getByText("An example that came with")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Resume/ })).toHaveCount(0);
  await expectAccessible(page, "an example");

  // Gallery.
  await page.getByRole("tab", { name: "Gallery" }).click();
  await expect(page.locator("main img, main canvas").first()).toBeVisible();

  // Comparison of all three, with their curves and grids.
  await page.getByRole("button", { name: "History" }).click();
  const table = page.getByRole("grid", { name: "All runs" });
  await expect(table.getByRole("button", { name: /^GAN on/ })).toBeVisible();
  await table.focus();
  await page.keyboard.press("Control+a");
  await page
    .getByRole("toolbar", { name: "Selected runs" })
    .getByRole("button", { name: "Compare" })
    .click();
  for (const name of ["GAN", "DCGAN", "WGAN"])
    await expect(
      page.getByText(`${name} on drawn digits`, { exact: true }).first(),
    ).toBeVisible();

  // Export.
  await page.keyboard.press("e");
  const dialog = page.getByRole("dialog", { name: /Export/ });
  const exported = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Export", exact: true }).click();
  expect((await exported).suggestedFilename()).toMatch(/\.html$/);

  // The first training is still offered: none of these is one's own.
  await page.getByRole("button", { name: "New run" }).click();
  await expect(
    page.getByRole("button", { name: "Start my first GAN" }),
  ).toBeVisible();

  await runs
    .getByRole("button", { name: /Example/ })
    .first()
    .click();
  await page.getByRole("button", { name: "Remove the examples" }).click();
  await expect(page.getByText("The examples are gone.")).toBeVisible();
  await expect(runs.getByRole("button")).toHaveCount(0);
  await expect(
    page.getByRole("button", { name: "Open three examples" }),
  ).toBeVisible();
  for (const folder of ["runs", "trash", "cache"])
    expect(
      await readdir(join(application.library, folder)).catch(() => []),
    ).toEqual([]);
});

test("the palette opens the examples too, and a second time opens none twice", async ({
  page,
}) => {
  await expect(page.getByRole("heading", { name: "New run" })).toBeVisible();
  for (let times = 0; times < 2; times++) {
    await page.keyboard.press("Control+k");
    await page
      .getByRole("combobox", { name: "Command" })
      .fill("open the examples");
    await page.keyboard.press("Enter");
    await expect(
      page.getByRole("list", { name: "Runs" }).getByRole("button"),
    ).toHaveCount(3);
  }
});

test("in a small window and by keyboard alone: to the examples, their samples, and a picture of them", async ({
  page,
}) => {
  await page.setViewportSize({ width: 720, height: 480 });
  await expect(
    page.getByRole("button", { name: "Open three examples" }),
  ).toBeVisible();
  await tabTo(page, "Open three examples");
  await page.keyboard.press("Enter");
  await expect(page.getByText("An example that came with")).toBeVisible();
  // The palette goes everywhere.
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("listbox")).toBeInViewport({ ratio: 1 });
  await page.getByRole("combobox", { name: "Command" }).fill("gallery");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("tab", { name: "Gallery" })).toHaveAttribute(
    "aria-selected",
    "true",
  );
  await page.keyboard.press("e");
  const dialog = page.getByRole("dialog", { name: /^Export/ });
  await expect(dialog.getByRole("img", { name: /Preview/ })).toBeVisible();
  const exported = page.waitForEvent("download");
  await tabTo(page, "Export");
  await page.keyboard.press("Enter");
  expect((await exported).suggestedFilename()).toMatch(/\.png$/);
});

/** At most as far as anybody would. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let tabs = 0; tabs < 30; tabs++) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() =>
      document.activeElement?.textContent.trim(),
    );
    if (focused === name) return;
  }
  throw new Error(`${name} is not reached within 30 tabs.`);
}
