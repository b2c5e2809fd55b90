/** Files and folders dropped on the window, as the system hands them over. */
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { makePictures } from "../../bench/learning/pictures";
import { createStore } from "../../src/main/runs/store";
import { expect, test } from "./fixture";
import { makeRuns } from "./made-runs";

const image = join(
  import.meta.dirname,
  "../fixtures/images/resize/noise-28.png",
);

test("a folder of images in class folders becomes the data set of a new run", async ({
  application,
}) => {
  const folder = join(application.home, "shapes");
  for (const name of ["circle/1.png", "circle/2.png", "square/1.png"]) {
    await mkdir(join(folder, name, ".."), { recursive: true });
    await cp(image, join(folder, name));
  }
  const page = await application.open();
  await expect(page.getByText("60,000 images")).toBeVisible();
  await drop(page, [folder]);
  await expect(page.getByText("3 images", { exact: true })).toBeVisible();
  await expect(page.getByLabel("Images per class")).toContainText("circle");
});

test("a folder of a few hundred colour pictures is offered the preset for it, and why, and it trains", async ({
  application,
}) => {
  test.setTimeout(180_000);
  const folder = await makePictures(join(application.home, "holiday"));
  const page = await application.open();
  await expect(page.getByText("60,000 images")).toBeVisible({
    timeout: 60_000,
  });
  await drop(page, [folder]);
  const offer = page.getByRole("note", { name: "Suggestion" });
  await expect(offer).toContainText(
    "With 268 colour pictures to learn from D soon memorizes",
    { timeout: 60_000 },
  );
  await offer.getByRole("button", { name: "Use small-data-64" }).click();
  await expect(
    page.getByRole("radio", { name: /small-data-64/ }),
  ).toBeChecked();
  await expect(page.getByLabel("Adaptive: as much as D needs")).toBeChecked();
  await expect(offer).toBeHidden();

  // A step of convolutions takes a second; what is asked for here ends in some.
  await page.getByLabel("Length", { exact: true }).fill("3");
  await page.getByRole("button", { name: "Train", exact: true }).click();
  const samples = page.getByRole("img", { name: "Samples at step 3" });
  await expect(samples).toBeVisible({ timeout: 120_000 });
  await expect(page.getByRole("status").first()).toHaveText(/Finished/);
});

test("a bundle and a TensorBoard folder become runs", async ({
  application,
}) => {
  const made = join(application.home, "elsewhere");
  const [id] = await makeRuns(made, [{ name: "Travelled", steps: 40 }]);
  const store = await createStore(made);
  const bundle = join(application.home, "travelled.zip");
  await store.exportBundle(id, bundle);
  const log = join(application.home, "my-tensorboard");
  await cp(store.folder(id), log, { recursive: true });
  await store.close();

  const page = await application.open();
  await page.getByRole("button", { name: "History" }).click();
  await drop(page, [bundle]);
  await expect(page.getByText("“Travelled” is imported.")).toBeVisible();
  await expect(
    page.getByRole("img", { name: "Samples at step 40" }),
  ).toBeVisible();
  await drop(page, [log]);
  await expect(page.getByText("“my-tensorboard” is imported.")).toBeVisible();
});

test("what is no run is refused with a sentence that says what is", async ({
  application,
}) => {
  const page = await application.open();
  await page.getByRole("button", { name: "History" }).click();
  await drop(page, [image]);
  await expect(page.getByRole("alert")).toContainText("cannot be imported");
});

/** A drag from the file manager to the middle of the window. */
async function drop(page: Page, files: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await session.send("Input.dispatchDragEvent", {
      type,
      ...{ x: 640, y: 400, data },
    });
  await session.detach();
}
