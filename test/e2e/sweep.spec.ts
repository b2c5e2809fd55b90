/** Variants in New run: several values in the fields, the summary before the start, the queue, and the comparison at the end. */
import { readFile } from "node:fs/promises";
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

test("by mouse: the comparison is one click from the message, the system's notification, the sidebar and the group in History", async ({
  page,
}) => {
  test.setTimeout(120_000);
  await page.getByRole("button", { name: "Settings" }).click();
  await page.evaluate(() => {
    // No system shows a headless browser's notifications, and its page always has the focus.
    class Shown {
      static requestPermission = () => Promise.resolve("granted");
      onclick: (() => void) | null = null;
      constructor(readonly title: string) {
        Object.assign(window, { shown: this });
      }
    }
    Object.assign(window, { Notification: Shown });
    document.hasFocus = () => false;
  });
  await page.getByLabel("Notify me when a run ends").check();

  await fillShort(page, "20");
  const rate = page.getByLabel("D learning rate", { exact: true });
  const before = await rate.inputValue();
  await rate.click({ clickCount: 3 });
  await page.keyboard.type("2e-3, 4e-3");
  await page.getByLabel("Number of seeds").fill("2");
  await page.getByRole("button", { name: "Train 4 runs…" }).click();
  const dialog = page.getByRole("dialog", { name: "Train 4 runs" });
  await dialog.getByLabel("Name").fill("By mouse");
  await dialog.getByRole("button", { name: "Train 4 runs" }).click();

  // What has started leaves the form with one run, as it was before the list was typed.
  await expect(
    page.getByRole("button", { name: /^(Train|Add to queue)$/ }),
  ).toBeEnabled();
  await expect(rate).toHaveValue(before);

  const isCompared = async () => {
    await expect(page).toHaveURL(/compare\/[^,]+,[^,]+,[^,]+,[^,]+$/);
    await expect(page.getByRole("figure", { name: "G loss" })).toBeVisible();
    await page.getByRole("button", { name: "New run" }).click();
  };
  const message = page
    .getByRole("region", { name: "Messages" })
    .getByRole("status")
    .filter({ hasText: "“By mouse” has ended." });
  await expect(message).toBeVisible({ timeout: 60_000 });
  await message.getByRole("button", { name: "Compare" }).click();
  await isCompared();
  await page.evaluate(() => {
    const { shown } = window as unknown as {
      shown: { title: string; onclick: () => void };
    };
    if (shown.title === "By mouse") shown.onclick();
  });
  await isCompared();
  await page
    .getByRole("region", { name: "Sweeps" })
    .getByRole("button", { name: "Compare By mouse" })
    .click();
  await isCompared();
  await page.getByRole("button", { name: "History" }).click();
  await page.getByLabel("Group by").selectOption("group");
  await page
    .getByRole("grid", { name: "All runs" })
    .getByRole("button", { name: "Compare By mouse" })
    .click();
  await isCompared();

  // The sidebar is too narrow for the whole name: its end says which seed it is.
  for (const end of ["0.002 · seed 0", "0.004 · seed 1"])
    await expect(
      page
        .getByRole("list", { name: "Runs" })
        .getByText(end, { exact: true })
        .first(),
    ).toBeInViewport({ ratio: 1 });
});

test("the comparison of tutorial 004 is offered in the guide and in the form, trained to its end, compared and reported", async ({
  page,
}) => {
  test.setTimeout(180_000);
  await page.getByRole("button", { name: "Guide" }).click();
  await page.getByRole("button", { name: "Many runs" }).click();
  const compare = page.getByRole("button", {
    name: "Compare GAN, DCGAN and WGAN…",
  });
  await compare.click();
  const dialog = page.getByRole("dialog", { name: "Train 3 runs" });
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Reset all" }).click();
  const offer = page.getByRole("button", {
    name: "GAN, DCGAN and WGAN…",
    exact: true,
  });
  if (!(await offer.isVisible()))
    await page.getByRole("heading", { name: "Variants" }).click();
  await offer.click();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  // Its 2,000 steps are more than a test waits for.
  await page.getByLabel("Length", { exact: true }).fill("6");
  await page.getByRole("button", { name: "Train 3 runs…" }).click();
  await dialog.getByRole("button", { name: "Train 3 runs" }).click();
  await expect(
    page.getByText("“Tutorial 004: GAN, DCGAN, WGAN” has ended."),
  ).toBeVisible({ timeout: 120_000 });
  const sweeps = page.getByRole("region", { name: "Sweeps" });
  await sweeps.getByRole("button", { name: /^Actions for Tutorial/ }).click();
  const [report] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "Report" }).click(),
  ]);
  const text = await readFile(await report.path(), "utf8");
  for (const title of [
    "Deep MLP with batch norm",
    "DCGAN 32 x 32",
    "Wasserstein GAN",
  ])
    expect(text).toContain(title);
  await sweeps.getByRole("button", { name: /^Compare Tutorial/ }).click();
  await expect(page.getByRole("figure", { name: "G loss" })).toBeVisible();
  await expect(page.getByRole("img", { name: /^Samples of/ })).toHaveCount(3);
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
