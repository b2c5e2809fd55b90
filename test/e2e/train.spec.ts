/** The view that sets up a new run. */
import { expect, test } from "./fixture";

test("a setting that differs is marked and reset, and a wrong one stops the start beside its field", async ({
  page,
}) => {
  await page.getByRole("radio", { name: /wiseodd-mlp/ }).check();
  const rate = page.getByRole("spinbutton", { name: "D learning rate" });
  await rate.fill("0.5");
  await expect(
    page.getByRole("button", { name: "Reset D learning rate to 0.001" }),
  ).toBeVisible();
  await rate.fill("0");
  await expect(rate).toHaveAttribute("aria-invalid", "true");
  const start = page.getByRole("button", { name: "Train", exact: true });
  await expect(start).toBeDisabled();
  await page
    .getByRole("button", { name: "Reset D learning rate to 0.001" })
    .click();
  await expect(rate).toHaveValue("0.001");
  await expect(start).toBeEnabled();
});

test("the network editor names the layer that does not fit", async ({
  page,
}) => {
  await page.getByRole("radio", { name: /jaketae-mlp/ }).check();
  await page.getByRole("heading", { name: "Networks" }).click();
  await expect(page.getByText("283,920 parameters")).toBeVisible();
  await page.getByLabel("units of layer 5").fill("100");
  await page.getByLabel("units of layer 5").blur();
  await expect(
    page.getByText(/makes 100 and the images are 1 x 28 x 28/).first(),
  ).toBeVisible();
  await expect(
    page.getByRole("button", { name: "Train", exact: true }),
  ).toBeDisabled();
});

test("the data set is shown: random images, image 149 with its scale, class counts", async ({
  page,
}) => {
  await expect(page.getByText("60,000 images")).toBeVisible();
  await expect(page.getByLabel("Images a class")).toContainText("6,0");
  await page.getByLabel("Show").selectOption("index");
  await expect(page.getByRole("img", { name: "Image 149" })).toBeVisible();
  await expect(page.getByText(/Image 149, class \d: 28 × 28/)).toBeVisible();
});

test("the first launch offers a training in one click, which can be paused, changed and stopped", async ({
  page,
}) => {
  await page.getByRole("button", { name: "Start my first GAN" }).click();
  const state = page.getByRole("status").first();
  await expect(state).toHaveText(/Training/, { timeout: 30_000 });
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await expect(state).toHaveText(/Paused/);
  await page.getByLabel("G learning rate").fill("0.0001");
  await page.getByRole("button", { name: "Apply" }).click();
  await page.getByRole("button", { name: "Resume" }).click();
  await expect(page.getByText(/learning rate/i).last()).toBeVisible();
  await expect(state).toHaveText(/Training/);
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(state).toHaveText(/Stopped/);
});
