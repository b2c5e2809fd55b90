/** Variants in New run: several values in the fields, the summary before the start, the queue, and the comparison at the end. */
import type { Page } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { expect, test } from "./fixture";

/** A short run of the smallest preset. */
async function fillShort(page: Page, steps: string) {
  await page.getByRole("button", { name: "New run" }).click();
  await page.getByRole("radio", { name: /wiseodd-mlp/ }).check();
  await page.getByLabel("Length in", { exact: true }).selectOption("steps");
  await page.getByLabel("Length", { exact: true }).fill(steps);
}

test("lists and ranges in fields become variants, with what they take and what is wrong with them beside them", async ({
  page,
}) => {
  await fillShort(page, "20");
  const rate = page.getByLabel("D learning rate", { exact: true });
  await rate.fill("1e-3, 2e-3");
  const start = page.getByRole("button", { name: /^Train \d+ runs…/ });
  await expect(start).toHaveText("Train 2 runs…");
  await page.getByLabel("Batch size", { exact: true }).fill("32..128 3");
  await expect(start).toHaveText("Train 6 runs…");
  await page.getByLabel("Number of seeds").fill("3");
  await expect(start).toHaveText("Train 18 runs…");
  await expect(page.getByText("18 (6 × 3 seeds)")).toBeVisible();
  await expectAccessible(page, "variants");

  // A value that is out of its range, and a text that is none.
  await rate.fill("1e-3, 99");
  await expect(page.getByText(/The variant D learning rate 99/)).toBeVisible();
  await rate.fill("1e-3 .. x 3");
  await expect(rate).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByRole("button", { name: /^Train/ })).toBeDisabled();
  await rate.fill("1e-4 .. 1e-2 log");
  await page.getByText("Random search").click();
  await page.getByLabel("Variants drawn").fill("7");
  await expect(start).toHaveText("Train 21 runs…");

  // A choice takes several of its options; everything goes back at once.
  await page.getByLabel("Order of images", { exact: true }).focus();
  await page.keyboard.press("Alt+V");
  await page
    .getByRole("group", { name: "Values of Order of images" })
    .getByLabel("random")
    .check();
  await expect(start).toHaveText("Train 21 runs…");
  await page.getByRole("button", { name: "Reset all" }).click();
  await expect(
    page.getByRole("button", { name: "Train", exact: true }),
  ).toBeEnabled();
});

test("by keyboard alone: two rates and two seeds are summarized, queued, trained, and compared", async ({
  page,
}) => {
  await fillShort(page, "20");
  await page.getByLabel("D learning rate", { exact: true }).focus();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("1e-3, 2e-3");
  await page.getByLabel("Number of seeds").focus();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("2");
  await expect(
    page.getByRole("button", { name: "Train 4 runs…" }),
  ).toBeEnabled();
  await page.keyboard.press("ControlOrMeta+Enter");
  const dialog = page.getByRole("dialog", { name: "Train 4 runs" });
  await expect(dialog).toContainText("4 runs: 2 variants, each with 2 seeds");
  await expect(dialog).toContainText("D learning rate 0.002");
  await expectAccessible(page, "the summary of a sweep");
  await dialog.getByLabel("Name").focus();
  await page.keyboard.type("Two rates");
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  const sweeps = page.getByRole("region", { name: "Sweeps" });
  await expect(sweeps).toContainText("Two rates");
  await expect(page.getByText("“Two rates” has ended.")).toBeVisible({
    timeout: 60_000,
  });
  await page.keyboard.press("ControlOrMeta+K");
  await page.keyboard.type("Compare Two rates");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Compare" })).toBeVisible();
  await expect(page).toHaveURL(/compare\/[^,]+,[^,]+,[^,]+,[^,]+$/);
});

test("GAN, DCGAN and WGAN of tutorial 004 are one command and one click away", async ({
  page,
}) => {
  await page.getByRole("button", { name: "Command palette" }).click();
  await page.keyboard.type("Compare GAN, DCGAN");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Train 3 runs" });
  for (const title of [
    "Deep MLP with batch norm",
    "DCGAN 32 x 32",
    "Wasserstein GAN",
  ])
    await expect(dialog).toContainText(title);
  await expect(dialog).toContainText("the same images for all");
  await expect(
    dialog.getByLabel("Write a report of the comparison at the end"),
  ).toBeChecked();
  await dialog.getByRole("button", { name: "Train 3 runs" }).click();
  await expect(page.getByRole("region", { name: "Sweeps" })).toContainText(
    "Tutorial 004",
  );
  await page
    .getByRole("button", { name: "Actions for Tutorial 004: GAN, DCGAN, WGAN" })
    .click();
  await page.getByRole("menuitem", { name: "Cancel the sweep" }).click();
  await expect(page.getByText(/was cancelled/)).toBeVisible();
});
