/** The page Quality of a run: a step is measured, and shown with its interval, its floor and what it means. */
import { writeBars } from "../quality/bars";
import { expectAccessible } from "./accessible";
import { expect, test } from "./fixture";
import { trainInto } from "./trained-run";

test("a saved step is measured, and its numbers never stand alone", async ({
  application,
}) => {
  const source = await writeBars(application.home, 800);
  await trainInto(
    application,
    ...["--preset", "jaketae-mlp", "--dataset", source],
    ...["--set", "data.size=8", "--set", "data.heldOut=0.4"],
    ...["--set", "checkpoints.everySteps=20", "--steps", "40"],
    ...["--run-id", "bars"],
  );
  const page = await application.open();
  await page
    .getByRole("list", { name: "Runs" })
    .getByRole("button", { name: /Finished/ })
    .click();
  await page.getByRole("tab", { name: "Quality" }).click();
  await expect(
    page.getByText("Nothing is measured at this step"),
  ).toBeVisible();
  await page.getByRole("button", { name: "Measure" }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("button", { name: "Measure" })).toBeVisible();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await page.getByRole("button", { name: "Measure" }).click();

  const coverage = page.getByRole("article", { name: "Coverage", exact: true });
  await expect(coverage).toContainText("(the ceiling)", {
    timeout: 60_000,
  });
  await expect(page.getByText(/160 samples against 160/)).toBeVisible();
  await expect(
    page.getByRole("article", { name: "FD-infinity" }),
  ).toContainText("too few");
  await page.getByLabel("Step", { exact: true }).selectOption("20");
  await page.getByRole("button", { name: "Measure" }).click();
  await expect(
    page.getByRole("heading", { name: "Best and worst" }),
  ).toBeVisible({ timeout: 60_000 });
  await expectAccessible(page, "quality");

  await page.getByRole("tab", { name: "Gallery" }).click();
  await page
    .getByRole("button", { name: "Show its nearest real images" })
    .click();
  await expect(
    page.getByRole("img", { name: "Nearest training image" }),
  ).toBeVisible({ timeout: 30_000 });
});
