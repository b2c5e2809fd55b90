/** The view that sets up a new run. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "@playwright/test";
import sharp from "sharp";
import { expectAccessible } from "./accessible";
import { expect, test } from "./fixture";

test("a new run fits every window, explains itself once, and is started within ten tabs", async ({
  page,
}) => {
  const start = page.getByRole("button", { name: "Train", exact: true });
  await expect(start).toBeEnabled();
  for (let presses = 0; presses < 10; presses++) {
    await page.keyboard.press("Tab");
    if (await start.evaluate((button) => button === document.activeElement))
      break;
  }
  await expect(start).toBeFocused();
  const marks = page.getByRole("note", { name: /^First steps/ });
  await expect(marks).toHaveCount(3);
  for (const [width, height] of [
    [1920, 1080],
    [900, 600],
    [720, 480],
  ]) {
    await page.setViewportSize({ width, height });
    await expect(start).toBeInViewport({ ratio: 1 });
    await expect
      .poll(() => countCropped(page), { message: `${width} x ${height}` })
      .toBe(0);
  }
  await page.getByRole("tab", { name: "Setup" }).click();
  await page.getByLabel("Length", { exact: true }).fill("");
  await expect(
    page.getByText("Needs a number.", { exact: true }),
  ).toBeVisible();
  await expect(page.getByText("Length: Needs a number.")).toBeVisible();
  await expect(page.getByText("NaN")).toHaveCount(0);
  await page.getByRole("tab", { name: "Data" }).click();
  await page.getByRole("button", { name: "Show the setting" }).click();
  await expect(page.getByLabel("Length", { exact: true })).toBeFocused();
  await expectAccessible(page, "a new run in a small window");
  await page.setViewportSize({ width: 1280, height: 800 });
  const cut = await page
    .locator(".field label")
    .evaluateAll((all) =>
      all.flatMap((one) =>
        one.scrollWidth > one.clientWidth ? [one.textContent] : [],
      ),
    );
  expect(cut).toEqual([]);
  for (const left of [2, 1, 0]) {
    await marks.first().getByRole("button", { name: "Dismiss" }).click();
    await expect(marks).toHaveCount(left);
  }
  await page.reload();
  await expect(page.getByLabel("Data set")).toBeVisible();
  await expect(marks).toHaveCount(0);
});

test("an own folder is called by its name, counted once and said to be too small; what is no data set is refused beside the field", async ({
  page,
}, testInfo) => {
  const folder = testInfo.outputPath("my cats");
  await mkdir(folder, { recursive: true });
  for (const grey of [40, 200]) {
    const look = {
      width: 28,
      height: 28,
      channels: 3,
      background: { r: grey, g: grey, b: 10 },
    } as const;
    await sharp({ create: look })
      .png()
      .toFile(join(folder, `${grey}.png`));
  }
  const data = page.getByRole("region", { name: "Data", exact: true });
  await page.getByLabel("A folder of images").setInputFiles(folder);
  await expect(page.getByLabel("Data set").locator(":checked")).toHaveText(
    "my cats",
  );
  await expect(data.getByText("2 images are far too few")).toBeVisible();
  await expect(data.getByText("2 images", { exact: true })).toHaveCount(1);
  expect(await data.innerText()).not.toMatch(/[\\/]sets[\\/]/);
  expect(await countCropped(page)).toBe(0);

  const wrong = testInfo.outputPath("notes.zip");
  await writeFile(wrong, "no archive");
  await page.getByLabel("A file of images").setInputFiles(wrong);
  const refusal = data.getByRole("alert");
  await expect(refusal).toHaveText(
    "notes.zip is not a ZIP archive that can be read, or is not whole; get it again.",
  );
  await refusal.getByRole("button", { name: "Dismiss" }).click();
  await expect(refusal).toBeHidden();
});

/** Things of the page that reach beyond the window on the right, and are not in a box that scrolls sideways. */
function countCropped(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      [...document.querySelectorAll("main *")].filter(
        (element) =>
          element.getBoundingClientRect().right > innerWidth + 1 &&
          !element.closest(".unseen, [role=tablist]"),
      ).length,
  );
}

test("a setting that differs is marked and reset, and a wrong one stops the start beside its field", async ({
  page,
}) => {
  await page.getByRole("radio", { name: /wiseodd-mlp/ }).check();
  const rate = page.getByRole("spinbutton", { name: "D learning rate" });
  await rate.fill("0.5");
  const note = page.locator("p", { has: page.getByText("D learning rate") });
  await expect(note.getByText(/Range: above 0 to 10\./)).toBeVisible();
  await expect(
    page.getByRole("button", { name: "Reset D learning rate to 0.001" }),
  ).toBeVisible();
  // What is known to go wrong is said above the settings, in a small window too.
  const warning = page.getByRole("list", { name: "Before it trains" });
  await expect(warning).toContainText("far above what is usual");
  await page.setViewportSize({ width: 720, height: 480 });
  await page.getByRole("tab", { name: "Setup" }).click();
  await expect(warning).toBeInViewport({ ratio: 1 });
  await page.setViewportSize({ width: 1280, height: 800 });
  // An empty field says what it wants, and nothing is computed of it.
  await rate.fill("");
  await expect(rate).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("Length", { exact: true }).fill("");
  await expect(page.getByText(/NaN|undefined/)).toHaveCount(0);
  await page.getByLabel("Length", { exact: true }).fill("5");
  await rate.fill("0");
  await expect(rate).toHaveAttribute("aria-invalid", "true");
  const start = page.getByRole("button", { name: "Train", exact: true });
  await expect(start).toBeDisabled();
  await page
    .getByRole("button", { name: "Reset D learning rate to 0.001" })
    .click();
  await expect(rate).toHaveValue("0.001");
  await expect(start).toBeEnabled();
});

test("the network editor names the layer that does not fit", async ({
  page,
}) => {
  await page.getByRole("radio", { name: /jaketae-mlp/ }).check();
  await page.getByRole("heading", { name: "Networks" }).click();
  await expect(page.getByText("283,920 parameters")).toBeVisible();
  await page.getByLabel("units of layer 5").fill("100");
  await page.getByLabel("units of layer 5").blur();
  await expect(
    page.getByText(/makes 100 and the images are 1 x 28 x 28/).first(),
  ).toBeVisible();
  await expect(
    page.getByRole("button", { name: "Train", exact: true }),
  ).toBeDisabled();
});

test("layers are moved by keyboard, duplicated, inserted and reset, and weights begin as asked", async ({
  page,
}) => {
  await page.getByRole("radio", { name: /jaketae-mlp/ }).check();
  await page.getByRole("heading", { name: "Networks" }).click();
  const layers = page.getByRole("list", { name: "Layers of the generator" });
  const types = () =>
    layers
      .getByRole("combobox")
      .evaluateAll((all) => all.map((one) => (one as HTMLSelectElement).value));
  await page.getByLabel("Layer 1", { exact: true }).focus();
  await page.keyboard.press("Alt+ArrowDown");
  await expect
    .poll(types)
    .toEqual(["relu", "dense", "dense", "relu", "dense", "tanh"]);
  await expect(page.getByLabel("Layer 2", { exact: true })).toBeFocused();
  await page.keyboard.press("Alt+ArrowUp");
  await page.getByRole("button", { name: "More for layer 2" }).click();
  await page.getByRole("menuitem", { name: "Duplicate" }).click();
  await page
    .getByRole("button", { name: "More for layer 1", exact: true })
    .click();
  await page.getByRole("menuitem", { name: "Insert a layer below" }).click();
  await expect
    .poll(types)
    .toEqual([
      "dense",
      "dense",
      "relu",
      "relu",
      "dense",
      "relu",
      "dense",
      "tanh",
    ]);
  const size = layers.getByLabel("size");
  await size.fill("1.5");
  await size.blur();
  await expect(size).toHaveValue("64");
  await size.fill("32");
  await size.blur();
  await expect(size).toHaveValue("32");
  await page.getByLabel("Linear weights").selectOption("normal");
  const deviation = page.getByLabel("Standard deviation");
  await expect(deviation).toHaveValue("0.02");
  await deviation.fill("0");
  await expect(deviation).toHaveAttribute("aria-invalid", "true");
  await page.getByRole("button", { name: "Reset", exact: true }).click();
  await expect
    .poll(types)
    .toEqual(["dense", "relu", "dense", "relu", "dense", "tanh"]);
  await expect(deviation).toBeHidden();
});

test("the log's line, the checkpoints and the optimiser's epsilon are set and checked beside their fields", async ({
  page,
}) => {
  await page.getByRole("heading", { name: "Log", exact: true }).click();
  const line = page.getByLabel("Text of a log line", { exact: true });
  await line.fill("{step:5d} D {dLoss:.2f}");
  await expect(page.getByText("1337 D 0.94")).toBeVisible();
  await line.fill("{loss}");
  await expect(line).toHaveAttribute("aria-invalid", "true");
  await expect(
    page.getByText(/names loss, which does not exist/).first(),
  ).toBeVisible();
  await page
    .getByRole("button", { name: /^Reset Text of a log line to/ })
    .click();
  await page.getByLabel("Counted in").selectOption("epochs");
  await expect(page.getByLabel("Starting with")).toBeHidden();
  await page.getByRole("heading", { name: "Checkpoints" }).click();
  await page.getByLabel("Checkpoint every").fill("250");
  await page.getByLabel("Best checkpoint").selectOption("not kept");
  const epsilon = page.getByRole("spinbutton", { name: "G epsilon" });
  await epsilon.fill("0");
  await expect(epsilon).toHaveAttribute("aria-invalid", "true");
  await page.getByRole("button", { name: /^Reset G epsilon/ }).click();
  await page.getByLabel("Length in").selectOption("steps");
  await page.getByLabel("Length", { exact: true }).fill("500");
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await page.getByRole("tab", { name: "Setup" }).click();
  await page.getByLabel(/Only what differs/).check();
  await expect(
    page.getByRole("cell", { name: "250 steps", exact: true }),
  ).toBeVisible();
});

test("the data set is shown: random images, image 149 with its scale, class counts", async ({
  page,
}) => {
  await expect(page.getByText("60,000 images")).toBeVisible();
  await expect(page.getByLabel("Images per class")).toContainText("6,0");
  await page.getByLabel("Show").selectOption("index");
  await expect(page.getByRole("img", { name: "Image 149" })).toBeVisible();
  await expect(page.getByText(/Image 149, class \d: 28 × 28/)).toBeVisible();
  await page.getByRole("heading", { name: "Which images, and how" }).click();
  const most = page.getByLabel("Number of images", { exact: true });
  await most.press("ControlOrMeta+a");
  await most.pressSequentially("256");
  await expect(page.getByText("256 images", { exact: true })).toBeVisible();
  await expect(most).toBeFocused();
  await most.fill("-1");
  await page.getByRole("button", { name: "Show the setting" }).click();
  await expect(most).toBeFocused();
  await expect(most).toHaveAttribute("aria-invalid", "true");
});

test("the first launch offers a training in one click, which can be paused, changed and stopped", async ({
  page,
}) => {
  await page.getByRole("button", { name: "Start my first GAN" }).click();
  const state = page.getByRole("status").first();
  await expect(state).toHaveText(/Training/, { timeout: 30_000 });
  // A pause before the first step would leave nothing to point at.
  await expect(
    page.getByRole("img", { name: /^Samples at step [1-9]/ }),
  ).toBeVisible();
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await expect(state).toHaveText(/Paused/);
  await page.getByLabel("G learning rate").fill("0.0001");
  await page.getByRole("button", { name: "Apply" }).click();
  const losses = page.getByRole("slider", { name: "Losses: cursor" });
  await losses.focus();
  for (let presses = 0; presses < 55; presses++)
    await page.keyboard.press("ArrowRight");
  await expect(losses).toHaveAttribute(
    "aria-valuetext",
    /^step \d+: .*Learning rates set to 0\.0001 \(G\)/,
  );
  await page.reload();
  await expect(page.getByLabel("G learning rate")).toHaveValue("0.0001");
  await page.getByRole("tab", { name: "Step microscope" }).click();
  // The pause saved one.
  await expect(page.getByLabel("Checkpoint", { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Save one now" })).toBeHidden();
  await page.getByRole("tab", { name: "Overview" }).click();
  await page.getByRole("button", { name: "Resume" }).click();
  await expect(page.getByText(/learning rate/i).last()).toBeVisible();
  await expect(state).toHaveText(/Training/);
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(state).toHaveText(/Stopped/);
});

test("a first training goes by keyboard alone, from the start to the gallery", async ({
  page,
}) => {
  const reach = async (target: Locator) => {
    await expect(target).toBeVisible();
    const isReached = () =>
      target.evaluate((element) => element === document.activeElement);
    for (let presses = 0; presses < 40 && !(await isReached()); presses++)
      await page.keyboard.press("Tab");
    await expect(target).toBeFocused();
  };
  const state = page.getByRole("status").first();
  await reach(page.getByRole("button", { name: "Start my first GAN" }));
  await page.keyboard.press("Enter");
  await expect(state).toHaveText(/Training/, { timeout: 30_000 });
  await expect(
    page.getByRole("img", { name: /^Samples at step [1-9]/ }),
  ).toBeVisible();
  await page.keyboard.press("p");
  await expect(state).toHaveText(/Paused/);
  await page.keyboard.press("p");
  await expect(state).toHaveText(/Training/);
  await page.keyboard.press("s");
  await expect(state).toHaveText(/Stopped/);
  await reach(page.getByRole("tab", { name: "Overview" }));
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("tab", { name: "Gallery" })).toHaveAttribute(
    "aria-selected",
    "true",
  );
  await reach(page.getByRole("slider", { name: "Step", exact: true }));
  await page.keyboard.press("Home");
  await expect(
    page.getByRole("img", { name: "Samples at step 0" }),
  ).toBeVisible();
});
