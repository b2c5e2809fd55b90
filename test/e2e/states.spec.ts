/** What a run's page says from its first second to its end, and what can be taken back. */
import type { Page } from "@playwright/test";
import { expect, test } from "./fixture";

test("a run says where it stands from its first second to its end, and a stop can be taken back", async ({
  page,
}) => {
  const state = page.getByRole("status").first();
  const messages = page.getByRole("region", { name: "Messages" });
  await page.getByRole("button", { name: "Start my first GAN" }).click();
  await expect(state).toHaveText(/Preparing/);
  await expect(page.getByText("The curves begin with").first()).toBeVisible();
  await page.keyboard.press("s");

  // Nothing was trained: every page says so, and it can be trained again.
  await expect(state).toHaveText(/Stopped/);
  const again = page.getByRole("button", { name: "Train again" });
  await expect(
    messages.getByText("stopped before its first step"),
  ).toBeVisible();
  await expect(
    page.getByText("This run ended before its first").first(),
  ).toBeVisible();
  await page.getByRole("tab", { name: "Latent explorer" }).click();
  // On a quick machine the networks of step 0 were saved before the stop came.
  await expect(
    page.getByText("this run kept none").or(page.getByText(/images in \d/)),
  ).toBeVisible();
  await page.getByRole("tab", { name: "Overview" }).click();
  await expect(page.getByText("Log", { exact: true })).toHaveCount(1);
  await expect(page.getByText("Settings", { exact: true })).toHaveCount(1);
  await again.first().click();
  await expect(state).toHaveText(/Training/, { timeout: 30_000 });
  await expect(
    page.getByRole("img", { name: /^Samples at step [1-9]/ }),
  ).toBeVisible();

  // Saving is confirmed.
  await page.keyboard.press("c");
  await expect(
    messages.getByText(/A checkpoint of step [\d,]+ is saved/),
  ).toBeVisible();

  // A stop by a bare key is taken back, and the time trained only grows.
  await page.keyboard.press("s");
  await expect(state).toHaveText(/Stopped/);
  const first = await secondsTrained(page);
  await expect(messages.getByText(/is stopped at step [\d,]+\./)).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect(state).toHaveText(/Training/, { timeout: 30_000 });
  await expect(messages.getByText("is stopped at step")).toBeHidden();
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await expect(state).toHaveText(/Paused/);
  expect(await secondsTrained(page)).toBeGreaterThanOrEqual(first);
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(state).toHaveText(/Stopped/);
  await expect(messages.getByText("is stopped at step")).toBeVisible();

  // A message goes with what it tells of, and before its time where its offer is void.
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Move to trash" }).click();
  await expect(messages.getByText("is in the trash.")).toBeVisible();
  await expect(messages.getByText("is stopped at step")).toBeHidden({
    timeout: 1_000,
  });
  await page.keyboard.press("Control+z");
  await expect(messages.getByText("is in the trash.")).toBeHidden();
  await expect(
    page.getByRole("list", { name: "Runs" }).getByText("My first GAN"),
  ).toBeVisible();
});

/** `1:05` is 65. */
async function secondsTrained(page: Page): Promise<number> {
  const text = await page
    .locator("dl > div", { has: page.getByText("Trained", { exact: true }) })
    .locator("dd")
    .innerText();
  return text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}
