/** The compare view: curves, one slider for all galleries, tiles that correspond, and comparisons kept by name. */
import type { Page } from "@playwright/test";
import sharp from "sharp";
import { smallSettings } from "../export/library";
import { expectAccessible } from "./accessible";
import { expect, test } from "./fixture";
import type { OpenedApplication } from "./fixture";
import { compareRuns, makeRuns } from "./made-runs";

async function openComparison(application: OpenedApplication): Promise<Page> {
  await makeRuns(application.library, [
    { name: "first" },
    { name: "second", settings: { ...smallSettings, seed: 7 } },
    {
      name: "third",
      samples: [0, 20, 40],
      settings: {
        ...smallSettings,
        schedule: { ...smallSettings.schedule, batchSize: 8 },
      },
    },
  ]);
  const page = await application.open();
  const places = page.getByRole("navigation", { name: "Application" });
  await places.getByRole("button", { name: "Compare" }).click();
  const list = page.getByRole("list", { name: "Runs to compare" });
  for (const name of ["first", "second", "third"])
    await list.getByRole("checkbox", { name }).check();
  await page.getByRole("button", { name: "Compare 3" }).click();
  await expect(page.getByRole("figure", { name: "G loss" })).toBeVisible();
  await page.getByLabel("Seeds together").uncheck();
  return page;
}

/** Two batch sizes by two rates, each with so many seeds but the last, which was never trained. */
async function openSeeds(
  application: OpenedApplication,
  seeds: number,
): Promise<Page> {
  const plans = [
    [16, 2e-4],
    [16, 1e-3],
    [8, 2e-4],
  ].flatMap(([batchSize, rate]) =>
    Array.from({ length: seeds }, (_, seed) => ({
      name: `batch ${batchSize}, rate ${rate} · seed ${seed}`,
      settings: {
        ...smallSettings,
        seed,
        optimizers: {
          ...smallSettings.optimizers,
          generator: {
            ...smallSettings.optimizers.generator,
            learningRate: rate,
          },
        },
        schedule: { ...smallSettings.schedule, batchSize },
      },
    })),
  );
  const ids = await makeRuns(application.library, plans);
  const page = await application.open();
  await compareRuns(page, ids);
  await expect(page.getByRole("figure", { name: "G loss" })).toBeVisible();
  return page;
}

const pictureOf = (page: Page, run: string, step: number) =>
  page.getByRole("img", { name: `Samples of ${run} at step ${step}` });

test("one slider moves the samples of every run, and says where another step stands in", async ({
  application,
}) => {
  const page = await openComparison(application);
  for (const run of ["first", "second", "third"])
    await expect(pictureOf(page, run, 40)).toBeVisible();
  await page.getByRole("slider", { name: "Place in training" }).press("Home");
  for (const run of ["first", "second", "third"])
    await expect(pictureOf(page, run, 0)).toBeVisible();
  await page.getByLabel("Go to step").fill("31");
  await page.getByLabel("Go to step").press("Enter");
  await expect(pictureOf(page, "first", 30)).toBeVisible();
  await expect(pictureOf(page, "third", 20)).toBeVisible();
  await expect(
    page.getByText("step 20, the nearest saved to 30"),
  ).toBeVisible();
  // In the smallest window, too, it can be read whole.
  await page.setViewportSize({ width: 720, height: 480 });
  await page
    .getByRole("list", { name: "Compared runs" })
    .getByRole("button", { name: "second", exact: true })
    .click();
  await expect(
    page.getByText("step 20, the nearest saved to 30"),
  ).toBeInViewport({ ratio: 1 });
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole("radio", { name: "Fraction" }).check();
  await expect(page.getByText("75.0 % of training")).toBeVisible();
});

test("the chooser finds runs by words, with their samples and states", async ({
  application,
}) => {
  const ids = await makeRuns(
    application.library,
    ["plain one", "smooth one", "smooth two"].map((name, index) => ({
      name,
      settings: {
        ...smallSettings,
        schedule: { ...smallSettings.schedule, batchSize: 8 + index },
      },
    })),
  );
  const page = await application.open();
  await compareRuns(page, ids.slice(0, 1));
  const rows = page
    .getByRole("list", { name: "Runs to compare" })
    .getByRole("listitem");
  await expect(rows).toHaveCount(3);
  const search = page.getByLabel("Search runs to compare");
  await search.fill("smooth");
  await expect(rows).toHaveCount(2);
  await expect(rows.first().locator(".thumbnail")).toBeVisible();
  await expect(rows.first()).toContainText("Finished");
  await rows.first().getByRole("checkbox").check();
  await expectAccessible(page, "choosing runs to compare");
  await search.press("Enter");
  // One was chosen by the address already.
  await expect(page.getByRole("button", { name: /^Leave out/ })).toHaveCount(2);
});

test("the slider's place is marked on every curve, and a curve is zoomed by dragging", async ({
  application,
}) => {
  const page = await openComparison(application);
  // Charts out of view are not drawn.
  await page.setViewportSize({ width: 1280, height: 1600 });
  const charts = page.getByRole("slider", { name: /: cursor$/ });
  const marks = () =>
    charts
      .locator("[data-part=samples]")
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left));
  await expect.poll(async () => (await marks()).length).toBeGreaterThan(1);
  const count = await charts.count();
  const before = await marks();
  expect(before).toHaveLength(count);
  await page.keyboard.press("[");
  await expect
    .poll(async () => (await marks()).every((at, index) => at < before[index]))
    .toBe(true);
  const box = await charts.first().boundingBox();
  if (!box) throw new Error("The chart is not in view.");
  const to = (share: number) =>
    page.mouse.move(box.x + box.width * share, box.y + box.height / 2);
  await to(0.4);
  await page.mouse.down();
  for (const share of [0.5, 0.6, 0.7]) await to(share);
  await page.mouse.up();
  await expect(page.getByRole("button", { name: "Show all" })).toBeVisible();
});

test("the names of the runs stay above their settings", async ({
  application,
}) => {
  const page = await openComparison(application);
  await page.setViewportSize({ width: 1280, height: 480 });
  await page.getByRole("tab", { name: "Settings" }).click();
  const settings = page.getByRole("region", { name: "Settings" });
  await settings.getByLabel("Only what differs").uncheck();
  await settings.getByRole("rowheader").last().scrollIntoViewIfNeeded();
  for (const name of ["first", "second", "third"])
    await expect(settings.getByRole("columnheader", { name })).toBeInViewport({
      ratio: 1,
    });
});

test("a tile that is chosen in one run is shown in all", async ({
  application,
}) => {
  const page = await openComparison(application);
  await page.getByRole("button", { name: "Tile 5" }).first().click();
  const tiles = page.getByRole("region", { name: "Tile 5 in every run" });
  await expect(tiles.getByRole("img")).toHaveCount(3);
  await expectAccessible(page, "compare");
});

test("the settings show only what differs", async ({ application }) => {
  const page = await openComparison(application);
  await page.getByRole("tab", { name: "Settings" }).click();
  const settings = page.getByRole("region", { name: "Settings" });
  await expect(settings.getByRole("rowheader")).toHaveText([
    "Batch size",
    "Seed",
  ]);
  await settings.getByLabel("Only what differs").uncheck();
  await expect(
    settings.getByRole("rowheader", { name: "Loss", exact: true }),
  ).toBeVisible();
});

test("runs that differ only in their seed are one configuration", async ({
  application,
}) => {
  const page = await openSeeds(application, 3);
  const configurations = page.getByRole("list", { name: "Compared runs" });
  await expect(
    configurations.getByRole("button", {
      name: "batch 8, rate 0.0002 3 seeds",
    }),
  ).toBeVisible();
  await expect(
    page.getByText("batch 16, rate 0.001, median of 3 seeds").first(),
  ).toBeAttached();
  await expect(page.getByRole("img", { name: /^Samples of/ })).toHaveCount(3);
  await page
    .getByRole("combobox", { name: "Seed", exact: true })
    .selectOption("all");
  await expect(page.getByRole("img", { name: /^Samples of/ })).toHaveCount(9);
  await page
    .getByRole("combobox", { name: "Seed", exact: true })
    .selectOption("2");
  await expect(
    page.getByRole("img", { name: /batch 8, rate 0.0002 · seed 2/ }),
  ).toBeVisible();
  await page.getByLabel("Difference").check();
  await expect(
    page
      .getByText(
        "batch 16, rate 0.0002 − batch 16, rate 0.001, mean of 3 pairs",
      )
      .first(),
  ).toBeAttached();
});

test("a table says every seed, the interval, and what cannot be told apart", async ({
  application,
}) => {
  const page = await openSeeds(application, 3);
  await page.getByRole("tab", { name: "Metrics" }).click();
  const metrics = page.getByRole("region", { name: "Metrics" });
  const row = metrics.getByRole("row").filter({ hasText: /^G loss/ });
  await expect(row.getByRole("img")).toHaveCount(3);
  await expect(row.getByRole("img").first()).toHaveAccessibleName(
    /^seed 0: .*, seed 1: .*, seed 2: /,
  );
  await expect(row.getByText("not distinguishable with 3 seeds")).toHaveCount(
    2,
  );
  await page
    .getByLabel("Compared with")
    .selectOption({ label: "batch 8, rate 0.0002" });
  await expect(
    metrics.getByRole("columnheader", { name: /batch 8.*baseline/ }),
  ).toBeVisible();
  await expectAccessible(page, "compare over seeds");
});

test("two settings that vary are the axes of a picture matrix", async ({
  application,
}) => {
  const page = await openSeeds(application, 1);
  await page.getByRole("tab", { name: "Matrix" }).click();
  const matrix = page.getByRole("region", { name: "Matrix" });
  await expect(matrix.getByText("No run")).toHaveCount(1);
  await expect(
    matrix.getByRole("img", { name: /batch 16, rate 0.001.*at step 40/ }),
  ).toBeVisible();
  await page.keyboard.press("[");
  await expect(
    matrix.getByRole("img", { name: /batch 16, rate 0.001.*at step 30/ }),
  ).toBeVisible();
  const before = await matrix.getByLabel("Across").inputValue();
  await matrix
    .getByLabel("Across")
    .selectOption(await matrix.getByLabel("Down").inputValue());
  await expect(matrix.getByLabel("Down")).toHaveValue(before);
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    matrix.getByRole("button", { name: "GIF" }).click(),
  ]);
  expect(saved.suggestedFilename()).toMatch(/-matrix\.gif$/);
  const gif = sharp(await saved.path(), { animated: true });
  expect((await gif.metadata()).pages).toBe(5);
  await expectAccessible(page, "the picture matrix");
  await matrix.getByRole("radio", { name: "Table" }).check();
  await matrix.getByRole("button", { name: "Batch size" }).click();
  await expect(
    matrix.getByRole("columnheader", { name: "Batch size" }),
  ).toHaveAttribute("aria-sort", "ascending");
  await expectAccessible(page, "settings against results");
});

test("eight configurations stand side by side, and what finds no place is said", async ({
  application,
}) => {
  const ids = await makeRuns(
    application.library,
    Array.from({ length: 9 }, (_, index) => ({
      name: `rate ${index}`,
      settings: {
        ...smallSettings,
        schedule: { ...smallSettings.schedule, batchSize: index + 1 },
      },
    })),
  );
  const page = await application.open();
  await compareRuns(page, ids);
  await expect(
    page.getByText("1 run of further ones is left out"),
  ).toBeVisible();
  await expect(
    page.getByRole("list", { name: "Compared runs" }).getByRole("listitem"),
  ).toHaveCount(8);
});

test("every D plays against every G, and a game shows the images behind it", async ({
  application,
}) => {
  const page = await openSeeds(application, 1);
  await page.getByRole("tab", { name: "Tournament" }).click();
  const tournament = page.getByRole("region", { name: "Tournament" });
  await tournament.getByRole("button", { name: "Play", exact: true }).click();
  await expect(
    tournament.getByRole("button", { name: /^D\d against G\d: [01]\.\d{3}/ }),
  ).toHaveCount(9);
  await expect(
    tournament.getByRole("row").filter({ hasText: "Error of D" }),
  ).toBeInViewport({ ratio: 1 });
  const ranking = tournament.getByRole("region", {
    name: "Ranking of generators",
  });
  await expect(ranking.getByRole("listitem")).toHaveCount(3);
  const game = tournament.getByRole("button", { name: /^D2 against G1/ });
  await game.focus();
  await page.keyboard.press("Enter");
  const images = tournament.getByRole("region", {
    name: "Images that fooled D2",
  });
  await expect(images.getByRole("img")).toHaveCount(24);
  await expectAccessible(page, "the tournament");
  await images.getByRole("button", { name: "Close the images" }).click();
  await page.getByRole("tab", { name: "Samples" }).click();
  await page.getByRole("tab", { name: "Tournament" }).click();
  await expect(game).toBeVisible();
});

test("two runs can be swiped and blinked", async ({ application }) => {
  const page = await openComparison(application);
  await page.getByRole("radio", { name: "Swipe" }).check();
  const front = page.getByRole("img", { name: "Samples of second, step 40" });
  await page.getByRole("slider", { name: "Curtain" }).fill("20");
  await expect(front).toHaveCSS("clip-path", "inset(0px 0px 0px 20%)");
  await page.getByRole("radio", { name: "Blink" }).check();
  await expect(front).toBeHidden();
  await page.getByRole("button", { name: "Show the other" }).click();
  await expect(front).toBeVisible();
  // By keyboard: on to side by side, to the curtain again, and to the next run.
  await page.keyboard.press("v");
  await expect(pictureOf(page, "third", 40)).toBeVisible();
  await page.keyboard.press("v");
  await expect(page.getByRole("slider", { name: "Curtain" })).toBeVisible();
  await page.keyboard.press("n");
  await expect(
    page.getByRole("img", { name: "Samples of third, step 40" }),
  ).toBeVisible();
});

test("a run that is hidden leaves the curves and the samples, by mouse and by keyboard", async ({
  application,
}) => {
  const page = await openComparison(application);
  const runs = page.getByRole("list", { name: "Compared runs" });
  const lines = page
    .getByRole("figure", { name: "G loss" })
    .getByRole("listitem");
  await runs.getByRole("button", { name: "second", exact: true }).click();
  await expect(pictureOf(page, "second", 40)).toBeHidden();
  await expect(lines).toHaveCount(2);
  await page.keyboard.press("Shift+2");
  await expect(pictureOf(page, "second", 40)).toBeVisible();
  await page.keyboard.press("Shift+Alt+3");
  await expect(pictureOf(page, "first", 40)).toBeHidden();
  await expect(pictureOf(page, "third", 40)).toBeVisible();
  await expect(lines).toHaveCount(1);
});

test("two steps of one run stand side by side", async ({ application }) => {
  const page = await openComparison(application);
  await page.getByRole("button", { name: "Pin first at step 40" }).click();
  await page.keyboard.press("[");
  await expect(pictureOf(page, "first", 30)).toBeVisible();
  await expect(pictureOf(page, "first", 40)).toBeVisible();
  await page.getByRole("button", { name: "Unpin first at step 40" }).click();
  await expect(pictureOf(page, "first", 40)).toBeHidden();
});

test("the workspace fills the window, its slider stays in view and its panes can be resized", async ({
  application,
}) => {
  const page = await openComparison(application);
  const slider = page.getByRole("slider", { name: "Place in training" });
  const curves = page.getByRole("region", { name: "Curves" });
  for (const size of [
    { width: 1280, height: 800 },
    { width: 720, height: 480 },
    { width: 1920, height: 1080 },
  ]) {
    await page.setViewportSize(size);
    await expect(slider).toBeInViewport({ ratio: 1 });
    await expect(pictureOf(page, "first", 40)).toBeInViewport();
  }
  // Pictures are as large as the room allows: fewer are larger.
  const picture = pictureOf(page, "first", 40);
  const widthOf = async () => (await picture.boundingBox())?.width ?? 0;
  const amongThree = await widthOf();
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect.poll(widthOf).toBeLessThan(amongThree);
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.keyboard.press("Shift+Alt+1");
  await expect.poll(widthOf).toBeGreaterThan(amongThree * 1.3);
  await page.keyboard.press("Shift+Alt+1");

  // So are the curves.
  await page.setViewportSize({ width: 2560, height: 1440 });
  const plot = page.getByRole("slider", { name: "G loss: cursor" });
  await expect
    .poll(async () => (await plot.boundingBox())?.height)
    .toBeGreaterThan(400);
  await page.setViewportSize({ width: 1920, height: 1080 });

  const before = (await curves.boundingBox())?.width ?? 0;
  const bar = page.getByRole("separator", { name: "Width of the curves" });
  await bar.focus();
  await bar.press("ArrowRight");
  await bar.press("ArrowRight");
  await expect(bar).toHaveAttribute("aria-valuenow", "60");
  const after = (await curves.boundingBox())?.width ?? 0;
  expect(after / before).toBeGreaterThan(1.15);
});

test("a metric has an axis of its own, which can be logarithmic", async ({
  application,
}) => {
  const page = await openComparison(application);
  await page.getByRole("checkbox", { name: "D(x)" }).check();
  await expect(page.getByRole("figure", { name: "D(x)" })).toBeVisible();
  const log = page.getByRole("button", {
    name: "Log y axis of G loss",
  });
  await log.click();
  await expect(log).toHaveAttribute("aria-pressed", "true");
  await expect(
    page.getByRole("button", { name: "Log y axis of D(x)" }),
  ).toHaveAttribute("aria-pressed", "false");
});

test("a kept comparison shows other runs as it shows its own", async ({
  application,
}) => {
  const page = await openComparison(application);
  await page.getByRole("checkbox", { name: "D(x)" }).check();
  await page.getByLabel("Name of this comparison").fill("with scores");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("is kept")).toBeVisible();
  await page.getByRole("button", { name: "Leave out third" }).click();
  await page.getByRole("checkbox", { name: "D(x)" }).uncheck();
  await page
    .getByLabel("Open a saved comparison")
    .selectOption({ value: "as:with scores" });
  await expect(page.getByRole("figure", { name: "D(x)" })).toBeVisible();
  await expect(
    page.getByRole("list", { name: "Compared runs" }).getByText("third"),
  ).toBeHidden();
});

test("a comparison kept by name opens again as it was left", async ({
  application,
}) => {
  const page = await openComparison(application);
  await page.getByLabel("Common loss scale").check();
  const bar = { name: "Width of the curves" };
  await page.getByRole("separator", bar).press("ArrowLeft");
  await page.getByLabel("Go to step").fill("20");
  await page.getByLabel("Go to step").press("Enter");
  await page.getByLabel("Name of this comparison").fill("seeds and batches");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("is kept")).toBeVisible();
  const again = await application.open();
  const places = again.getByRole("navigation", { name: "Application" });
  await places.getByRole("button", { name: "Compare" }).click();
  await again
    .getByLabel("Open a saved comparison")
    .selectOption("seeds and batches");
  await expect(pictureOf(again, "third", 20)).toBeVisible();
  await expect(again.getByLabel("Common loss scale")).toBeChecked();
  await expect(again.getByRole("separator", bar)).toHaveAttribute(
    "aria-valuenow",
    "45",
  );
});
