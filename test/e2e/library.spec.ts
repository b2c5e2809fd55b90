/** The library in Settings: moved to another disk, and pruned files put back from the trash. */
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expectAccessible } from "./accessible";
import { expect, test } from "./fixture";
import { makeRuns } from "./made-runs";

test("the library moves to another folder from Settings, and the window goes on", async ({
  application,
}) => {
  await makeRuns(application.library, [{ name: "Moved along" }]);
  const page = await application.open();
  await page.getByRole("button", { name: "Settings" }).click();
  await expect(page.getByText(application.library)).toBeVisible();
  const figure = (title: string) =>
    page.getByRole("term").filter({ hasText: title }).locator("+ dd");
  await expect(figure("Runs")).toHaveText(/\d.*B.*checkpoints.*grids/);
  await expect(figure("Free on this disk")).toHaveText(/\d.*B/);
  await page.getByRole("button", { name: "Move to another disk…" }).click();
  const dialog = page.getByRole("dialog", {
    name: "Move the library to another disk",
  });
  const field = dialog.getByRole("textbox", { name: "New folder" });
  const move = dialog.getByRole("button", { name: "Move", exact: true });
  await expect(move).toBeDisabled();
  await expectAccessible(page, "moving the library");

  // What speaks against a place is said at its field.
  await field.fill(join(application.library, "inside"));
  await field.press("Enter");
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(dialog.getByText(/lies in what is to be moved/)).toBeVisible();

  const target = join(application.home, "other disk", "library");
  await field.fill(target);
  await field.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(
    page.getByText(`The library is in ${target} now.`),
  ).toBeVisible();
  await expect(page.getByText(target, { exact: true })).toBeVisible();
  expect(existsSync(application.library)).toBe(false);
  expect(existsSync(join(target, "runs"))).toBe(true);

  // A window that is opened now finds the runs there, and they can be changed.
  const other = await application.open();
  await other
    .getByRole("list", { name: "Runs" })
    .getByRole("button", { name: /Moved along/ })
    .click();
  await other.getByRole("button", { name: "Star this run" }).click();
  await expect(
    other.getByRole("button", { name: "Remove the star" }),
  ).toBeVisible();
});

test("a move that was interrupted says so in Settings, and is continued from there", async ({
  application,
}) => {
  const { home, library: from } = application;
  const [run] = await makeRuns(from, [{ name: "Half moved" }]);
  const to = join(home, "other disk", "library");
  // As a program left it that was killed while it copied.
  await mkdir(join(to, "runs", run), { recursive: true });
  await writeFile(join(to, "runs", run, "run.json"), "{ half");
  const journal = JSON.stringify({ version: 1, from, to, state: "copying" });
  for (const folder of [to, from])
    await writeFile(join(folder, "move.json"), journal);
  const page = await application.open();
  await page.getByRole("button", { name: "Settings" }).click();
  const move = page.getByRole("group", { name: "An interrupted move" });
  await expect(move).toContainText("was interrupted");
  await expectAccessible(page, "an interrupted move");
  await move.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText(`The library is in ${to} now.`)).toBeVisible();
  expect(existsSync(from)).toBe(false);
  await page
    .getByRole("list", { name: "Runs" })
    .getByRole("button", { name: /Half moved/ })
    .click();
  await expect(
    page.getByRole("img", { name: "Samples at step 40" }),
  ).toBeVisible();
});

test("a pruning is put back from the trash, also after its undo has gone", async ({
  application,
}) => {
  await makeRuns(application.library, [{ name: "Long" }]);
  const page = await application.open();
  await page.getByRole("button", { name: "History" }).click();
  const table = page.getByRole("grid", { name: "All runs" });
  await expect(table.getByRole("button", { name: "Long" })).toBeVisible();
  await table.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Prune…" }).click();
  const prune = page.getByRole("dialog", { name: /Prune/ });
  await prune.getByLabel("Keep only some grids").check();
  await prune.getByLabel("Grids", { exact: true }).fill("1");
  await prune.getByLabel("Grids", { exact: true }).press("Tab");
  await prune.getByRole("button", { name: "Prune", exact: true }).click();
  await expect(page.getByText(/went to the trash/)).toBeVisible();
  await page.reload();
  await page.getByRole("button", { name: /Trash/ }).click();
  const trash = page.getByRole("dialog", { name: "Trash" });
  const sets = trash.getByRole("list", {
    name: "Pruned checkpoints and grids",
  });
  await expect(sets.getByRole("listitem")).toHaveCount(1);
  await expectAccessible(page, "the trash");
  await sets.getByRole("button", { name: "Put back" }).click();
  await expect(sets).toBeHidden();
  await expect(page.getByText(/put back\./)).toBeVisible();
});
