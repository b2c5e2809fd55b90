/** What is started while another run trains waits in the queue, and begins when that has ended. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expectAccessible } from "./accessible";
import { expect, test } from "./fixture";
import { importLog, makeRuns } from "./made-runs";

test("a second run waits for the first one's end", async ({ page }) => {
  const start = async (name: string, steps: string, button: string) => {
    await page.getByRole("button", { name: "New run" }).click();
    await page.getByLabel("Length in", { exact: true }).selectOption("steps");
    await page.getByLabel("Length", { exact: true }).fill(steps);
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByRole("button", { name: button, exact: true }).click();
  };
  await start("First", "100000", "Train");
  await expect(page.getByRole("heading", { name: "First" })).toBeVisible();
  await start("Second", "5", "Add to queue");
  const queue = page.getByRole("region", { name: "Queue" });
  await expect(queue).toContainText("Second");
  await expectAccessible(page, "the queue");
  await page
    .getByRole("list", { name: "Runs" })
    .getByRole("button", { name: /First/ })
    .click();
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(queue).toBeHidden();
  await expect(
    page
      .getByRole("list", { name: "Runs" })
      .getByRole("button", { name: /Second.*Finished/ }),
  ).toBeVisible({ timeout: 30_000 });
});

test("a run of the history is queued again", async ({ application }) => {
  await makeRuns(application.library, [{ name: "Once more" }]);
  const log = join(application.home, "printed.csv");
  await writeFile(log, "step,loss\n1,0.5\n2,0.4\n");
  importLog(application.library, log);
  const page = await application.open();
  await page.getByRole("button", { name: "History" }).click();
  const table = page.getByRole("grid", { name: "All runs" });
  await expect(table.getByRole("button", { name: "Once more" })).toBeVisible();
  await table.focus();
  await page.keyboard.press("Control+a");
  await expect(page.getByText("2 runs selected")).toBeVisible();
  await page.getByRole("button", { name: "Queue again" }).click();
  await expect(
    page.getByText("1 run queued again. 1 run came without settings"),
  ).toBeVisible();
  const again = page
    .getByRole("list", { name: "Runs" })
    .getByRole("button", { name: /Once more/ });
  await expect(again).toHaveCount(2);
});

test("what waits is held, moved, started two at a time and removed, from the sidebar and the palette", async ({
  page,
}) => {
  const command = async (title: string) => {
    await page.keyboard.press("ControlOrMeta+K");
    await page.keyboard.type(title);
    await page.keyboard.press("Enter");
  };
  await page.getByRole("button", { name: "New run" }).click();
  await page.getByLabel("Length in", { exact: true }).selectOption("steps");
  await page.getByLabel("Length", { exact: true }).fill("100000");
  await command("Hold the queue");
  await expect(
    page.getByRole("button", { name: "Add to queue", exact: true }),
  ).toBeVisible();
  const queue = page.getByRole("region", { name: "Queue" });
  const waiting = queue.getByRole("listitem");
  for (const [index, name] of ["First", "Second", "Third"].entries()) {
    await page.getByLabel("Name", { exact: true }).fill(name);
    await command("Add to queue");
    await expect(waiting).toHaveCount(index + 1);
    await page.getByRole("button", { name: "New run" }).click();
  }
  await expect(queue).toContainText("3, on hold");
  await queue.getByRole("button", { name: "Move Third up" }).click();
  await expect(waiting).toHaveText(["First", "Third", "Second"]);
  await page.reload();
  await expect(waiting).toHaveText(["First", "Third", "Second"]);
  await page.getByRole("button", { name: "Queue actions" }).click();
  await page.getByRole("menuitem", { name: "2 runs at once" }).click();
  await command("Resume the queue");
  await expect(waiting).toHaveText(["Second"]);
  const runs = page.getByRole("list", { name: "Runs" });
  for (const name of ["First", "Third"])
    await expect(
      runs.getByRole("button", { name: new RegExp(`${name}.* of 100,000`) }),
    ).toBeVisible({ timeout: 30_000 });
  await command("Empty the queue");
  await expect(queue).toBeHidden();
});
