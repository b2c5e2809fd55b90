/** Runs that are forked and resumed, set up in the dialog that does both. */
import { readdir, truncate } from "node:fs/promises";
import { join } from "node:path";
import { expectAccessible } from "./accessible";
import { expect, test } from "./fixture";
import { openTrainedRun } from "./trained-run";

test("a finished run is forked with one changed setting, trains to its end, and shows its parent's curves", async ({
  application,
}) => {
  const page = await openTrainedRun(application);
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Fork…" }).click();
  const dialog = page.getByRole("dialog", { name: /^Fork “/ });
  await expect(dialog.getByRole("radio", { name: "120" })).toBeChecked();
  const more = dialog.getByLabel("Additional steps");
  const start = dialog.getByRole("button", { name: "Start the fork" });
  await more.fill("0");
  await expect(
    dialog.getByText("It needs at least one additional step."),
  ).toBeVisible();
  await expect(start).toBeDisabled();
  await more.fill("30");
  await expect(dialog.getByText("Ends at step 150.")).toBeVisible();
  await dialog.getByLabel("D learning rate", { exact: true }).fill("0.0005");
  const changed = dialog.getByRole("list", { name: "Changed settings" });
  await expect(changed.getByRole("listitem")).toHaveCount(1);
  await expect(changed).toContainText("D learning rate");
  await expect(changed).toContainText("0.0002 → 0.0005");
  await expectAccessible(page, "the dialog of a fork");
  await start.click();
  await expect(
    page.getByRole("heading", { name: /· fork @120$/ }),
  ).toBeVisible();
  await expect(
    page
      .getByRole("list", { name: "Runs" })
      .getByRole("button", { name: /fork @120.*Finished/ }),
  ).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("Parent’s D loss").first()).toBeVisible();
  await page.getByRole("tab", { name: "Setup" }).click();
  await expect(page.getByText("0.0005").first()).toBeVisible();
});

test("pages that need a checkpoint have one saved and say so, and a run under way is forked from one of this moment", async ({
  page,
}) => {
  await page.getByRole("radio", { name: /wiseodd-mlp/ }).check();
  await page.getByLabel("Length in", { exact: true }).selectOption("steps");
  await page.getByLabel("Length", { exact: true }).fill("100000");
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await page.getByRole("tab", { name: "Latent explorer" }).click();
  await expect(
    page.getByText(/A checkpoint of step [1-9][\d,]* is saved\./).first(),
  ).toBeVisible({ timeout: 30_000 });
  await expect(
    page
      .getByRole("region", { name: "Pictures" })
      .getByRole("button", { name: /^Tile 1, / }),
  ).toBeVisible();

  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Fork…" }).click();
  const dialog = page.getByRole("dialog", { name: /^Fork “/ });
  const places = dialog
    .getByRole("radiogroup", { name: "Checkpoint" })
    .getByRole("radio");
  await expect(places.first()).toBeVisible();
  const before = await places.count();
  await dialog.getByRole("button", { name: "Save one now" }).click();
  await expect(places).toHaveCount(before + 1);
  await dialog.getByLabel("Additional steps").fill("10");
  await dialog.getByRole("button", { name: /^(Start the fork|Add)/ }).click();
  const queue = page.getByRole("region", { name: "Queue" });
  await expect(queue).toContainText(/· fork @[\d,]+/);
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(
    page
      .getByRole("list", { name: "Runs" })
      .getByRole("button", { name: /fork @.*Finished/ }),
  ).toBeVisible({ timeout: 30_000 });
});

test("a finished run is resumed for so many steps more", async ({
  application,
}) => {
  const page = await openTrainedRun(application);
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Fork…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: "Resume this run" }).check();
  await dialog.getByLabel("Additional steps").fill("20");
  await expect(dialog.getByText("Ends at step 140.")).toBeVisible();
  await dialog.getByRole("button", { name: /^(Resume|Add)/ }).click();
  await expect(
    page.getByRole("img", { name: "Samples at step 140" }),
  ).toBeVisible({ timeout: 30_000 });
});

test("where the newest checkpoint is damaged, somebody says from which to resume, and the rest is set aside", async ({
  application,
}) => {
  const page = await openTrainedRun(application, [
    ...["--preset", "jaketae-mlp", "--dataset", "strokes", "--steps", "30"],
    ...["--set", 'data.limit={"count":640,"pick":"first"}'],
    ...["--set", "checkpoints.everySteps=10", "--set", "engine.spinning=false"],
  ]);
  const runs = join(application.library, "runs");
  const [run] = await readdir(runs);
  const name = "step-000030.safetensors";
  await truncate(join(runs, run, "checkpoints", name), 2000);
  await page.getByRole("button", { name: "Resume…" }).click();
  const dialog = page.getByRole("dialog", { name: /^Resume “/ });
  const places = dialog.getByRole("radiogroup", { name: "Checkpoint" });
  await expect(
    places.getByRole("radio", { name: /^30.*damaged/ }),
  ).toBeDisabled();
  await expect(
    dialog.getByText("The newest checkpoint is damaged; choose another one."),
  ).toBeVisible();
  const resume = dialog.getByRole("button", { name: /^(Resume|Add)/ });
  await expect(resume).toBeDisabled();

  await places.getByRole("radio", { name: /^20/ }).check();
  await expect(
    dialog.getByText("What was trained after step 20 is set aside"),
  ).toBeVisible();
  await dialog.getByLabel("Additional steps").fill("15");
  await expect(dialog.getByText("Ends at step 35.")).toBeVisible();
  await resume.click();
  await expect(
    page.getByRole("img", { name: "Samples at step 35" }),
  ).toBeVisible({ timeout: 30_000 });
  const [time] = await readdir(join(runs, run, "set-aside"));
  expect(
    await readdir(join(runs, run, "set-aside", time, "checkpoints")),
  ).toContain(name);
});
