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

test("the palette holds pages, actions and chapters; the guide is inside, and the theme is chosen", async ({
  application,
}) => {
  const page = await openTrainedRun(application);
  const choose = async (words: string) => {
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Command" }).fill(words);
    await page.keyboard.press("Enter");
  };
  await choose("step micro");
  await expect(
    page.getByRole("tab", { name: "Step microscope" }),
  ).toHaveAttribute("aria-selected", "true");
  await choose("star this");
  await expect(
    page.getByRole("button", { name: "Remove the star" }),
  ).toBeVisible();
  await choose("use these settings");
  await expect(page.getByRole("heading", { name: "New run" })).toBeVisible();

  await page.keyboard.press("F1");
  await expect(page.getByRole("heading", { name: "Start" })).toBeVisible();
  await choose("reading a run");
  const healthy = page.getByRole("region", { name: /^Healthy/ });
  await expect(
    page.getByRole("heading", { name: "Reading a run" }),
  ).toBeVisible();
  await expect(page.getByRole("figure", { name: "Losses" })).toHaveCount(4);
  // The examples are live: a cursor reads their values.
  const losses = healthy.getByRole("slider", { name: "Losses: cursor" });
  await losses.press("ArrowRight");
  await expect(losses).toHaveAttribute("aria-valuetext", /^step [\d,]+$/);
  await expectAccessible(page, "the guide");

  const ground = () =>
    page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await choose("theme: light");
  await page.emulateMedia({ colorScheme: "dark" });
  const light = await ground();
  await choose("theme: dark");
  await expect.poll(ground).not.toBe(light);
  const dark = await ground();
  await page.emulateMedia({ colorScheme: "light" });
  await page.reload();
  await expect.poll(ground).toBe(dark);
  await choose("theme: as the system");
  await expect.poll(ground).toBe(light);
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

test("the title says what is looked at", async ({ application }) => {
  const page = await openTrainedRun(application);
  await expect(page).toHaveTitle(/^\S.* · GAN Workbench$/);
  await page.getByRole("button", { name: "History" }).click();
  await expect(page).toHaveTitle("GAN Workbench");
});

test("who asked for it and looks elsewhere is told when a run ends", async ({
  application,
  shell,
}) => {
  test.skip(shell === "electron", "The desktop notifies by itself.");
  const page = await application.open();
  await page.context().grantPermissions(["notifications"]);
  // The headless browser shows no notification; that it would is what is seen here.
  await page.evaluate(() => {
    document.hasFocus = () => false;
    window.Notification = class extends Notification {
      constructor(title: string, options?: NotificationOptions) {
        super(title, options);
        document.body.dataset.told = `${title}: ${options?.body}`;
      }
    };
  });
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByLabel("Notify me when a run ends").check();
  await page.getByRole("button", { name: "New run" }).click();
  await page.getByRole("radio", { name: /wiseodd-mlp/ }).check();
  await page.getByLabel("Length in").selectOption("steps");
  await page.getByLabel("Length", { exact: true }).fill("20");
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await expect(page.locator("body")).toHaveAttribute(
    "data-told",
    /: Finished after 20 steps\.$/,
  );
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
  for (const name of ["New run", "History", "Compare", "Settings", "Guide"]) {
    await page
      .getByRole("navigation", { name: "Application" })
      .getByRole("button", { name, exact: true })
      .click();
    await expectAccessible(page, name);
  }
  await page.keyboard.press("Control+k");
  await expectAccessible(page, "palette");
});
