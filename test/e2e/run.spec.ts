/** What the pages of a saved run show. */
import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import sharp from "sharp";
import { figureAt, smallSettings } from "../export/library";
import { expect, test } from "./fixture";
import { makeRuns } from "./made-runs";
import { openTrainedRun } from "./trained-run";

test("the charts share their cursor, zoom with the keyboard and lead to the samples of a step", async ({
  application,
}) => {
  const page = await openTrainedRun(application);
  const losses = page.getByRole("slider", { name: "Losses: cursor" });
  // The cursor has somewhere to go once the curves are there.
  await expect(losses).toHaveAttribute("aria-valuemax", "120");
  await losses.focus();
  await page.keyboard.press("ArrowLeft");
  await expect(losses).toHaveAttribute("aria-valuetext", /^step \d+$/);
  const scores = page.getByRole("slider", { name: "D(x) and D(G(z)): cursor" });
  await expect(scores).toHaveAttribute(
    "aria-valuetext",
    (await losses.getAttribute("aria-valuetext")) ?? "",
  );
  await page.keyboard.press("+");
  await expect(page.getByRole("button", { name: "Show all" })).toBeVisible();
  await page.keyboard.press("0");
  await expect(page.getByRole("button", { name: "Show all" })).toBeHidden();
  await page.getByText("Common loss scale").click();
  await expect(page.getByText(/ahead|balance\.|fooled/)).toBeVisible();
});

test("the scrubber goes to every saved step with the keyboard, untrained samples included", async ({
  application,
}) => {
  const page = await openTrainedRun(application);
  await page.getByRole("slider", { name: "Step", exact: true }).focus();
  await page.keyboard.press("Home");
  await expect(
    page.getByRole("img", { name: "Samples at step 0" }),
  ).toBeVisible();
  await page.keyboard.press("ArrowRight");
  await expect(
    page.getByRole("img", { name: "Samples at step 100" }),
  ).toBeVisible();
});

test("the gallery shows a tile over training and D's score on each tile", async ({
  application,
}) => {
  const page = await openTrainedRun(application);
  await page.getByRole("tab", { name: "Gallery" }).click();
  await page.getByRole("button", { name: "Tile 10", exact: true }).click();
  await expect(page.getByText("row 2, column 2")).toBeVisible();
  await expect(
    page
      .getByRole("complementary", { name: "Tile 10" })
      .getByRole("button", { name: /^Step/ }),
  ).toHaveCount(3);
  await page.getByRole("button", { name: "Step 0", exact: true }).click();
  await expect(
    page.getByRole("img", { name: "Samples at step 0" }),
  ).toBeVisible();
  await page.getByRole("radio", { name: "With D's scores" }).check();
  const tiles = page.getByRole("button", { name: /^Tile \d+, D says/ });
  await expect(tiles).toHaveCount(64);
  await page.getByRole("radio", { name: "By D's score" }).check();
  const names = await tiles.evaluateAll((all) =>
    all.map((one) => Number(one.getAttribute("aria-label")?.split("says ")[1])),
  );
  expect(names).toEqual([...names].sort((a, b) => b - a));
});

test("the gallery plays at a chosen speed, jumps by epochs, takes a typed step and the arrow keys", async ({
  application,
}) => {
  const samples = [0, 5, 10, 15, 20, 25, 30, 35, 40];
  await makeRuns(application.library, [{ name: "Played", samples }]);
  const page = await application.open();
  await page.getByRole("button", { name: /Played/ }).click();
  await page.getByRole("tab", { name: "Gallery" }).click();
  const at = (step: number) =>
    expect(
      page.getByRole("img", { name: `Samples at step ${step}`, exact: true }),
    ).toBeVisible();
  await at(40);
  const typed = page.getByRole("spinbutton", { name: "step" });
  await typed.fill("13");
  await typed.press("Enter");
  await at(15);
  await page.getByRole("button", { name: "Next epoch" }).click();
  await at(20);
  await page.getByRole("button", { name: "Previous epoch" }).click();
  await at(10);
  await page.getByRole("slider", { name: "Step", exact: true }).focus();
  await page.keyboard.press("ArrowLeft");
  await at(5);
  await page.getByLabel("Playing speed").selectOption("30/s");
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await at(40);
  await expect(
    page.getByRole("button", { name: "Play", exact: true }),
  ).toBeVisible();
});

test("the latent explorer draws, goes between tiles, and adds to the gallery", async ({
  application,
}) => {
  const page = await openTrainedRun(application);
  await page.getByRole("tab", { name: "Latent explorer" }).click();
  const tiles = page.getByRole("button", { name: /^Tile \d+, D says/ });
  await expect(tiles).toHaveCount(64);
  await tiles.nth(0).click();
  await tiles.nth(5).click();
  const chosen = page.getByRole("button", { name: "chosen as number 2" });
  await expect(chosen).toHaveAttribute("aria-pressed", "true");
  // What is only pointed at looks different.
  await tiles.nth(9).hover();
  const outline = (tile: Locator) =>
    tile.evaluate((button) => getComputedStyle(button).outlineColor);
  expect(await outline(tiles.nth(9))).not.toBe(await outline(chosen));
  await expect(page.getByText("The number below a tile is")).toBeVisible();
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  // In a narrow window a menu is wider than the page beside the navigation, and lies above both.
  await page.setViewportSize({ width: 480, height: 800 });
  await takeAway(page, "Copy the chosen vectors for NumPy");
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect(page.getByText("2 vectors are in the clipboard")).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(
    /^np\.array\(\[\[.*\],\n *\[.*\]\], dtype=np\.float32\)$/,
  );
  expect(copied.match(/-?\d+\.\d+/g)?.length).toBeGreaterThan(120);
  await page.getByRole("radio", { name: "Between tiles" }).check();
  await expect(page.getByRole("slider", { name: "Frame" })).toBeVisible();
  for (const [item, ending] of [
    ["Save as an animation (GIF)", "gif"],
    ["Save as an animation (WebP)", "webp"],
  ]) {
    const waiting = page.waitForEvent("download");
    await takeAway(page, item);
    const file = await waiting;
    expect(file.suggestedFilename()).toBe(`slerp-step-120.${ending}`);
    const bytes = await readFile(await file.path());
    const { pages, width } = await sharp(bytes, { animated: true }).metadata();
    expect({ pages, width }).toEqual({ pages: 13, width: 224 });
  }
  await page.getByRole("button", { name: "Add to the gallery" }).click();
  await expect(page.getByText(/is in the run's gallery/)).toBeVisible();
  await page.getByRole("tab", { name: "Gallery" }).click();
  await expect(page.getByText("From the latent explorer")).toBeVisible();
});

async function takeAway(page: Page, item: string): Promise<void> {
  await page.getByRole("button", { name: "Take it away" }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

test("the microscope takes a D step and says which parameters got no gradient", async ({
  application,
}) => {
  const page = await openTrainedRun(application);
  await page.getByRole("tab", { name: "Step microscope" }).click();
  await page.getByRole("button", { name: "Open a checkpoint" }).click();
  await page.getByRole("button", { name: "One D step" }).click();
  await expect(page.getByText("D 1, G 0 so far")).toBeVisible();
  await expect(page.getByRole("row", { name: /^D loss/ })).toBeVisible();
  await expect(page.getByText(/What does detach do/)).toBeVisible();
  await expect(page.getByText(/No gradient:.*detached/)).toBeVisible();
  await page.getByRole("button", { name: "One G step" }).click();
  await expect(page.getByText("D 1, G 1 so far")).toBeVisible();
  await page.getByRole("button", { name: "Look" }).click();
  await expect(page.getByRole("img", { name: /^What layer 1/ })).toBeVisible();
  // In the smallest window its bar has two lines, and no words are squeezed.
  await page.setViewportSize({ width: 720, height: 480 });
  const same = page.getByText("on the same batch again");
  await expect.poll(async () => (await same.boundingBox())?.height).toBe(16);
});

test("settings mark what differs from the preset, and notes let nothing active through", async ({
  application,
}) => {
  const page = await openTrainedRun(application);
  await page.getByRole("tab", { name: "Setup" }).click();
  await page.getByLabel(/Only what differs/).check();
  await expect(
    page.getByRole("cell", { name: "strokes", exact: true }),
  ).toBeVisible();
  await page.getByRole("tab", { name: "Notes" }).click();
  await page.getByRole("button", { name: "Write" }).click();
  await page
    .getByRole("textbox", { name: "Notes" })
    .fill(
      "**kept**\n\n<script>alert(1)</script><img src=x onerror=alert(1)>\n[link](javascript:alert(1)) <iframe src='https://example.org'></iframe> <svg onload=alert(1)></svg>",
    );
  await page.getByRole("button", { name: "Done" }).click();
  const notes = page.locator(".notes");
  await expect(notes.locator("strong")).toHaveText("kept");
  // In the smallest window the page that one is on can be seen.
  await page.setViewportSize({ width: 720, height: 480 });
  await expect(page.getByRole("tab", { name: "Notes" })).toBeInViewport({
    ratio: 1,
  });
  await expect(
    notes.locator("script, img, iframe, svg, [onload], [href^=javascript]"),
  ).toHaveCount(0);
  await page.reload();
  await expect(notes.locator("strong")).toHaveText("kept");
});

test("the log is there after a restart, and goes back to its first line", async ({
  application,
}) => {
  const log: typeof smallSettings.log = {
    cadence: { unit: "step", every: 1, within: "run", at: "end" },
    template: "step {step}: D {dLoss:.4f}",
    tensorboard: false,
  };
  const settings = { ...smallSettings, log };
  await makeRuns(application.library, [
    { name: "Long log", settings, steps: 1_500, samples: [0] },
  ]);
  const page = await application.open();
  await page.getByRole("button", { name: /Long log/ }).click();
  await page.getByRole("tab", { name: "Log" }).click();
  const lines = page.getByRole("list", { name: "Log lines" });
  const last = `step 1500: D ${figureAt(0, 1_500).toFixed(4)}`;
  await expect(lines.getByText(last)).toBeInViewport();
  await page.getByRole("button", { name: "Earlier lines" }).click();
  await expect(lines.getByText("step 500: D")).toBeInViewport();
  await expect(
    page.getByRole("button", { name: "Earlier lines" }),
  ).toBeHidden();
  await lines.locator("..").evaluate((scroller) => scroller.scrollTo(0, 0));
  await expect(lines.getByText("step 1: D")).toBeInViewport();
});
