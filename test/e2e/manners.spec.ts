/** The palette, the sheet of shortcuts, and what a screen reader and a keyboard need. */
import { expectAccessible } from "./accessible";
import { expect, test } from "./fixture";
import { openTrainedRun } from "./trained-run";

test("the palette finds commands and runs, and closes with Escape", async ({
  application,
}) => {
  const page = await openTrainedRun(application);
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Command" }).fill("hist");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "History" })).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Command" }).fill("three");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("tab", { name: "Overview" })).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("combobox", { name: "Command" })).toBeHidden();
});

test("a question mark shows the shortcuts, except where one is typed", async ({
  page,
}) => {
  await page.getByLabel("Name", { exact: true }).fill("why?");
  await expect(page.getByRole("dialog")).toBeHidden();
  await page.getByRole("heading", { name: "New run" }).click();
  await page.keyboard.press("?");
  await expect(
    page.getByRole("dialog", { name: "Keyboard shortcuts" }),
  ).toBeVisible();
});

test("axe finds nothing in any view, light or dark", async ({
  application,
}) => {
  test.slow();
  const page = await openTrainedRun(application);
  for (const tab of await page.getByRole("tab").all()) {
    await tab.click();
    await expectAccessible(page, await tab.innerText());
  }
  for (const name of ["New run", "History", "Compare", "Settings"]) {
    await page
      .getByRole("navigation")
      .getByRole("button", { name, exact: true })
      .click();
    await expectAccessible(page, name);
  }
  await page.keyboard.press("Control+k");
  await expectAccessible(page, "palette");
});
