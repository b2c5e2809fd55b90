/** The table of all runs. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "./fixture";
import { makeRuns } from "./made-runs";
import { openTrainedRun } from "./trained-run";

test("a run is renamed, tagged, starred, found by its tag, deleted and brought back", async ({
  application,
}) => {
  const page = await openTrainedRun(application);
  await page.getByRole("button", { name: "History" }).click();
  const details = page.getByRole("complementary", { name: "The chosen run" });
  const name = details.getByLabel("Name of the run");
  await name.fill("Renamed");
  await name.press("Enter");
  await details.getByLabel("Tags").fill("thesis");
  await details.getByLabel("Tags").press("Enter");
  await expect(
    details.getByRole("button", { name: "Remove the tag thesis" }),
  ).toBeVisible();
  await page.getByLabel("All tags").selectOption("thesis");
  await expect(page.getByText("1 of 1 run")).toBeVisible();
  const table = page.getByRole("grid", { name: "All runs" });
  await table.getByRole("button", { name: "Star", exact: true }).click();
  await expect(
    table.getByRole("button", { name: "Remove the star" }),
  ).toBeVisible();
  await table.focus();
  await page.keyboard.press("Delete");
  await expect(page.getByText("“Renamed” is in the trash.")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(table.getByRole("button", { name: "Renamed" })).toBeVisible();
});

test("rows are reached, selected and opened by keyboard alone", async ({
  application,
}) => {
  const page = await openTrainedRun(application);
  await page.getByRole("button", { name: "History" }).click();
  const table = page.getByRole("grid", { name: "All runs" });
  await table.focus();
  await page.keyboard.press("Space");
  await expect(page.getByText("1 run selected")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("tab", { name: "Overview" })).toBeVisible();
});

test("the last column shows a metric at a step, asked of the application", async ({
  application,
}) => {
  const page = await openTrainedRun(application);
  await page.getByRole("button", { name: "History" }).click();
  const figure = page.getByRole("gridcell").last();
  const last = await figure.innerText();
  await page.getByLabel("Which value").selectOption("at step");
  await page.getByLabel("The step").fill("5");
  await page.getByLabel("The step").press("Enter");
  await expect(figure).toHaveText(/^\d/);
  await expect(figure).not.toHaveText(last);
  await page.getByLabel("The step").fill("121");
  await page.getByLabel("The step").press("Enter");
  await expect(figure).toHaveText("–");
});

test("a deleted run waits in the trash, comes back, and is gone when the trash is emptied", async ({
  application,
}) => {
  const page = await openTrainedRun(application);
  await page.getByRole("button", { name: "History" }).click();
  const table = page.getByRole("grid", { name: "All runs" });
  const trash = page.getByRole("dialog", { name: "Trash" });
  const remove = async () => {
    await table.focus();
    await page.keyboard.press("Delete");
    await expect(page.getByText(/is in the trash/)).toBeVisible();
    await page.getByRole("button", { name: "Trash", exact: true }).click();
  };
  await remove();
  await trash.getByRole("button", { name: "Restore" }).click();
  await expect(trash.getByText("The trash is empty.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(table.getByRole("row")).toHaveCount(2);
  await remove();
  await trash.getByRole("button", { name: "Empty the trash…" }).click();
  await trash.getByRole("button", { name: "Delete for good" }).click();
  await expect(page.getByText("1 run deleted for good.")).toBeVisible();
  await page.reload();
  await expect(page.getByText("Nothing has been trained yet.")).toBeVisible();
});

test("a run that cannot be read stands in the table with its reason, and can be deleted", async ({
  application,
}) => {
  const folder = join(application.home, "library/runs/broken");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "run.json"), "{");
  const page = await application.open();
  await page.getByRole("button", { name: "History" }).click();
  await expect(
    page.getByRole("status").filter({ hasText: "1 of 1 run, 1 cannot be" }),
  ).toBeVisible();
  const table = page.getByRole("grid", { name: "All runs" });
  await expect(table.getByText(/Cannot be read\. .*run\.json/)).toBeVisible();
  await table.focus();
  await page.keyboard.press("Delete");
  await expect(page.getByText("“broken” is in the trash.")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(table.getByRole("button", { name: "broken" })).toBeVisible();
});

test("what was done to runs is taken back by the message's button or the keyboard", async ({
  application,
}) => {
  await makeRuns(join(application.home, "library"), [
    { name: "First", steps: 5 },
    { name: "Second", steps: 5 },
  ]);
  const page = await application.open();
  await page.getByRole("button", { name: "History" }).click();
  const table = page.getByRole("grid", { name: "All runs" });
  const details = page.getByRole("complementary", { name: "The chosen run" });
  await page.getByLabel("Select all").check();
  await page.getByRole("button", { name: "Archive" }).click();
  await expect(table.getByRole("row")).toHaveCount(1);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(table.getByRole("row")).toHaveCount(3);

  await table.getByRole("gridcell", { name: "Finished" }).first().click();
  const name = details.getByLabel("Name of the run");
  const before = await name.inputValue();
  await name.fill("Mistaken");
  await name.press("Enter");
  await expect(table.getByRole("button", { name: "Mistaken" })).toBeVisible();
  await table.focus();
  await page.keyboard.press("Control+z");
  await expect(name).toHaveValue(before);
});

test("the chosen run stays chosen when another one comes above it", async ({
  application,
}) => {
  const library = join(application.home, "library");
  await makeRuns(library, [{ name: "Chosen", steps: 5 }]);
  const page = await application.open();
  await page.getByRole("button", { name: "History" }).click();
  const name = page
    .getByRole("complementary", { name: "The chosen run" })
    .getByLabel("Name of the run");
  const table = page.getByRole("grid", { name: "All runs" });
  await table.getByRole("gridcell", { name: "Finished" }).click();
  await expect(name).toHaveValue("Chosen");
  await makeRuns(library, [{ name: "Newer", steps: 5 }]);
  await expect(table.getByRole("button", { name: "Newer" })).toBeVisible();
  await expect(name).toHaveValue("Chosen");
});
