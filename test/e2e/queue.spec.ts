/** What is started while another run trains waits in the queue, and begins when that has ended. */
import { expectAccessible } from "./accessible";
import { expect, test } from "./fixture";

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
