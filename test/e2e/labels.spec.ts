/** A GAN that knows classes, from the form to the file: labels, grids by class, the explorer, averages and what D sees. */
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { unzipSync } from "fflate";
import { expectAccessible } from "./accessible";
import { expect, test } from "./fixture";
import type { OpenedApplication } from "./fixture";
import { openTrainedRun } from "./trained-run";

const digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

const openRun = (application: OpenedApplication): Promise<Page> =>
  openTrainedRun(application, [
    ...["--preset", "cgan", "--dataset", "strokes", "--steps", "100"],
    ...["--set", 'improvements.average={"halfLife":500,"rampUp":null}'],
  ]);

test("the form tells both networks the class, and refuses labels where there are none", async ({
  page,
}) => {
  await page.getByLabel("Data set").selectOption("strokes");
  await page.getByRole("heading", { name: "Labels" }).click();
  const labels = page.getByLabel("The class reaches the networks by");
  await labels.selectOption("concat");
  await expect(page.getByText("concatenation, 10 classes")).toBeAttached();
  await expect(
    page.getByRole("button", { name: "Train", exact: true }),
  ).toBeEnabled();
  await labels.selectOption("projection");
  await expect(
    page.getByText("projection and class norm, 10 classes"),
  ).toBeAttached();
  await expectAccessible(page, "labels in the form");
  await labels.selectOption("none");
  await page.getByRole("radio", { name: /\(cgan\)/ }).check();
  await expect(page.getByText("concatenation, 10 classes")).toBeAttached();
});

test("images are shown as D sees them, augmented", async ({ page }) => {
  await page.getByLabel("Data set").selectOption("strokes");
  const images = page.getByRole("img", { name: "Images of the data set" });
  await expect(images).toBeVisible();
  const augmented = page.getByLabel("As D sees them, augmented");
  await expect(augmented).toBeHidden();
  await page.getByRole("heading", { name: "Augmentation" }).click();
  await page.getByLabel("Augment what D sees").check();
  const plain = await images.getAttribute("src");
  await augmented.check();
  await expect(images).not.toHaveAttribute("src", plain ?? "");
  await expect
    .poll(() =>
      images.evaluate((image: HTMLImageElement) => image.naturalWidth),
    )
    .toBeGreaterThan(100);
  await expectAccessible(page, "augmented images");
});

test("the gallery names the class of each row, and shows the average or the last weights", async ({
  application,
}) => {
  const page = await openRun(application);
  await page.getByRole("tab", { name: "Gallery" }).click();
  const rows = page.getByRole("list", { name: "The class of each row" });
  await expect(rows.getByRole("listitem")).toHaveText(digits);
  const grid = page.getByRole("img", { name: "Samples at step 100" });
  const average = await grid.getAttribute("src");
  await page.getByRole("radio", { name: "Last" }).check();
  await expect(grid).not.toHaveAttribute("src", average ?? "");
  await page.getByRole("radio", { name: "With D's scores" }).check();
  const told = page.getByText("One class per row: 0, 1, 2");
  await expect(told).toBeVisible();
  await expectAccessible(page, "a gallery of classes");
  await page.getByRole("radio", { name: "By D's score" }).check();
  await expect(told).toBeHidden();
});

test("the explorer draws one class, and walks from class to class", async ({
  application,
}) => {
  const page = await openRun(application);
  await page.getByRole("tab", { name: "Latent explorer" }).click();
  const pictures = page.getByRole("region", { name: "Pictures" });
  const second = pictures.getByRole("button", { name: /^Tile 11, / });
  await expect(second).toBeVisible();
  const choose = page.getByLabel("Class", { exact: true });
  await expect(choose.locator("option")).toHaveText([
    "all, one a row",
    ...digits,
  ]);
  await expect(page.getByText("One class per row: 0, 1, 2")).toBeVisible();
  const places = await pictures
    .getByRole("button", { name: /^Tile 1?1, / })
    .evaluateAll((tiles) =>
      tiles.map((tile) => tile.getBoundingClientRect().x),
    );
  // The eleventh begins the second row, as the second class does.
  expect(places[0]).toBe(places[1]);
  const ofOne = await second.getAttribute("aria-label");
  await choose.selectOption({ label: "7" });
  await expect(second).not.toHaveAttribute("aria-label", ofOne ?? "");
  await expect(page.getByText("One class per row")).toBeHidden();
  await page.getByRole("radio", { name: "Between classes" }).check();
  await expect(choose).toBeHidden();
  await page.getByLabel("Frames between stops").fill("3");
  // From each of ten classes to the next in three frames, and the last itself.
  await expect(pictures.getByRole("button", { name: /^Tile / })).toHaveCount(
    28,
  );
  // And it is said which classes a frame stands between.
  const frame = page.getByRole("slider", { name: "Frame" });
  await frame.fill("3");
  await expect(page.getByText("Class 1", { exact: true })).toBeVisible();
  await frame.fill("4");
  await expect(page.getByText("Class 1 to 2", { exact: true })).toBeVisible();
  await expectAccessible(page, "between classes");
});

test("exports of networks and new samples take the average or the last weights", async ({
  application,
}) => {
  const page = await openRun(application);
  const save = async (weights: string) => {
    await page.getByRole("button", { name: "Export", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("radio", { name: /^New samples/ }).check();
    await dialog.getByLabel("How many").fill("20");
    await dialog.getByLabel("As", { exact: true }).selectOption("npz");
    await dialog.getByLabel("Weights of G").selectOption(weights);
    await expect(dialog.getByText("20 pictures")).toBeVisible();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      dialog.getByRole("button", { name: "Export", exact: true }).click(),
    ]);
    return unzipSync(await readFile(await file.path()));
  };
  const average = await save("average");
  const last = await save("last");
  expect(Object.keys(average)).toContain("labels.npy");
  expect(average["latents.npy"]).toEqual(last["latents.npy"]);
  expect(average["images.npy"]).not.toEqual(last["images.npy"]);
});
