/** The table of all runs. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { unzipSync } from "fflate";
import { smallSettings } from "../export/library";
import { expectAccessible } from "./accessible";
import { expect, test } from "./fixture";
import { makeRuns } from "./made-runs";
import { openTrainedRun } from "./trained-run";

test("a run is renamed, tagged, starred, found by its tag, deleted and brought back", async ({
  application,
}) => {
  const page = await openTrainedRun(application);
  await page.getByRole("button", { name: "History" }).click();
  const details = page.getByRole("complementary", { name: "The chosen run" });
  const name = details.getByLabel("Name of the run");
  await name.fill("Renamed");
  await name.press("Enter");
  await details.getByLabel("Tags").fill("thesis");
  await details.getByLabel("Tags").press("Enter");
  await expect(
    details.getByRole("button", { name: "Remove the tag thesis" }),
  ).toBeVisible();
  await filterBy(page, "tag:thesis");
  await expect(page.getByText("1 of 1 run")).toBeVisible();
  const table = page.getByRole("grid", { name: "All runs" });
  await table.getByRole("button", { name: "Star", exact: true }).click();
  await expect(
    table.getByRole("button", { name: "Remove the star" }),
  ).toBeVisible();
  await table.focus();
  await page.keyboard.press("Delete");
  await expect(page.getByText("“Renamed” is in the trash.")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(table.getByRole("button", { name: "Renamed" })).toBeVisible();
});

test("rows are reached, selected and opened by keyboard alone", async ({
  application,
}) => {
  const page = await openTrainedRun(application);
  await page.getByRole("button", { name: "History" }).click();
  const table = page.getByRole("grid", { name: "All runs" });
  await expect(table.getByRole("button", { name: "MLP" })).toBeVisible();
  await table.focus();
  await page.keyboard.press("Space");
  await expect(page.getByText("1 run selected")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("tab", { name: "Overview" })).toBeVisible();
});

test("a deleted run waits in the trash, comes back, and is gone when the trash is emptied", async ({
  application,
}) => {
  const page = await openTrainedRun(application);
  await page.getByRole("button", { name: "History" }).click();
  const table = page.getByRole("grid", { name: "All runs" });
  const trash = page.getByRole("dialog", { name: "Trash" });
  const remove = async () => {
    await expect(table.getByRole("row")).toHaveCount(2);
    await table.focus();
    await page.keyboard.press("Delete");
    await expect(page.getByText(/is in the trash/)).toBeVisible();
    await page.getByRole("button", { name: "Trash", exact: true }).click();
  };
  await remove();
  await trash.getByRole("button", { name: "Restore" }).click();
  await expect(trash.getByText("The trash is empty.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(table.getByRole("row")).toHaveCount(2);
  await remove();
  await trash.getByRole("button", { name: "Empty the trash…" }).click();
  await trash.getByRole("button", { name: "Delete for good" }).click();
  await expect(page.getByText("1 run deleted for good.")).toBeVisible();
  await page.reload();
  await expect(page.getByText("Nothing has been trained yet.")).toBeVisible();
});

test("a run that cannot be read stands in the table with its reason, and can be deleted", async ({
  application,
}) => {
  const folder = join(application.home, "library/runs/broken");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "run.json"), "{");
  const page = await application.open();
  await page.getByRole("button", { name: "History" }).click();
  await expect(
    page.getByRole("status").filter({ hasText: "1 of 1 run" }),
  ).toBeVisible();
  const table = page.getByRole("grid", { name: "All runs" });
  await expect(table.getByText(/Cannot be read\. .*run\.json/)).toBeVisible();
  await table.focus();
  await page.keyboard.press("Delete");
  await expect(page.getByText("“broken” is in the trash.")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(table.getByRole("button", { name: "broken" })).toBeVisible();
});

test("what was done to runs is taken back by the message's button or the keyboard", async ({
  application,
}) => {
  await makeRuns(join(application.home, "library"), [
    { name: "First", steps: 5 },
    { name: "Second", steps: 5 },
  ]);
  const page = await application.open();
  await page.getByRole("button", { name: "History" }).click();
  const table = page.getByRole("grid", { name: "All runs" });
  const details = page.getByRole("complementary", { name: "The chosen run" });
  await page.getByLabel("Select all").check();
  await page.getByRole("button", { name: "Archive" }).click();
  await expect(table.getByRole("row")).toHaveCount(1);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(table.getByRole("row")).toHaveCount(3);
  await page.getByLabel("Select all").check();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  const told = page.getByText("2 runs are in the trash.");
  await expect(told).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(told).toBeHidden();
  await expect(table.getByRole("row")).toHaveCount(3);

  await table.getByRole("gridcell", { name: "Finished" }).first().click();
  const name = details.getByLabel("Name of the run");
  const before = await name.inputValue();
  await name.fill("Mistaken");
  await name.press("Enter");
  await expect(table.getByRole("button", { name: "Mistaken" })).toBeVisible();
  await table.focus();
  await page.keyboard.press("Control+z");
  await expect(name).toHaveValue(before);
});

test("the chosen run stays chosen when another one comes above it", async ({
  application,
}) => {
  const library = join(application.home, "library");
  await makeRuns(library, [{ name: "Chosen", steps: 5 }]);
  const page = await application.open();
  await page.getByRole("button", { name: "History" }).click();
  const name = page
    .getByRole("complementary", { name: "The chosen run" })
    .getByLabel("Name of the run");
  const table = page.getByRole("grid", { name: "All runs" });
  await table.getByRole("gridcell", { name: "Finished" }).click();
  await expect(name).toHaveValue("Chosen");
  await makeRuns(library, [{ name: "Newer", steps: 5 }]);
  await expect(table.getByRole("button", { name: "Newer" })).toBeVisible();
  await expect(name).toHaveValue("Chosen");
});

async function filterBy(page: Page, text: string) {
  const field = page.getByRole("combobox", { name: "Filter", exact: true });
  await field.fill(text);
  await field.press("Enter");
}

/** The texts of one column, from the top. */
async function column(page: Page, title: string): Promise<string[]> {
  const table = page.getByRole("grid", { name: "All runs" });
  const heads = await table.getByRole("columnheader").allInnerTexts();
  const at = heads.findIndex((text) => text.trim().startsWith(title));
  const rows = table.getByRole("row").filter({ has: page.locator(".lead") });
  const texts = await rows.evaluateAll(
    (all, index) =>
      all.map(
        (row) =>
          row.querySelectorAll<HTMLElement>("[role=gridcell]").item(index)
            ?.innerText ?? "",
      ),
    at,
  );
  return texts.slice(1).map((text) => text.trim());
}

test("the table has the columns, the order, the groups and the filter that its user wants, and keeps them by name", async ({
  application,
}) => {
  const rates = [1e-3, 2e-4, 1e-3, 2e-4];
  await makeRuns(
    application.library,
    rates.map((learningRate, index) => {
      const settings = structuredClone(smallSettings);
      settings.seed = index;
      settings.optimizers.generator.learningRate = learningRate;
      const tags = index === 3 ? ["good"] : [];
      return { name: `Run ${index}`, steps: 10 + index, settings, tags };
    }),
  );
  const page = await application.open();
  await page.getByRole("button", { name: "History" }).click();
  const table = page.getByRole("grid", { name: "All runs" });
  const head = (name: string) =>
    table.getByRole("columnheader").getByRole("button", { name });
  // What differs is shown, what does not is not.
  await expect(head("Learning rate")).toBeVisible();
  await expect(head("Preset")).toHaveCount(0);
  await expect
    .poll(() => column(page, "Learning rate"))
    .toEqual(["0.0002", "0.001", "0.0002", "0.001"]);

  // Heads stand over their cells.
  const [over, below] = await Promise.all([
    table.locator(".head [data-column=rate]").boundingBox(),
    table.getByRole("gridcell", { name: "0.001" }).first().boundingBox(),
  ]);
  expect(Math.abs((over?.x ?? 0) - (below?.x ?? 9))).toBeLessThan(1);

  // Sorted by several.
  await head("Learning rate").click();
  await head("Step").click({ modifiers: ["Shift"] });
  await expect
    .poll(() => column(page, "Step"))
    .toEqual(["13", "11", "12", "10"]);

  // Moved and resized by the keyboard.
  const wide = await table.locator(".head [data-column=rate]").boundingBox();
  await head("Learning rate").focus();
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Alt+ArrowLeft");
  await expect(head("Learning rate")).toBeFocused();
  const heads = await table.getByRole("columnheader").allInnerTexts();
  expect(heads.findIndex((text) => text.includes("Learning rate"))).toBe(3);
  const wider = await table.locator(".head [data-column=rate]").boundingBox();
  expect((wider?.width ?? 0) - (wide?.width ?? 0)).toBeCloseTo(16, 0);

  // A filter as chips.
  const terms = page.getByRole("list", { name: "Terms of the filter" });
  await filterBy(page, "rate < 1e-3 preset:jaketae tag:good");
  await expect(terms.getByRole("listitem")).toHaveCount(3);
  await expect(page.getByText("1 of 4 runs")).toBeVisible();
  for (let term = 0; term < 3; term++) await page.keyboard.press("Backspace");
  await filterBy(page, "step > 10 seed < 3");
  await expect(terms.getByRole("listitem")).toHaveText([
    "step > 10",
    "seed < 3",
  ]);
  await expect(page.getByText("2 of 4 runs")).toBeVisible();
  await filterBy(page, "nonsense:1");
  await expect(page.getByRole("alert")).toContainText(
    'There is no column "nonsense"',
  );
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Backspace");
  await expect(page.getByText("3 of 4 runs")).toBeVisible();

  // Any figure of any metric is a column.
  await page.getByRole("button", { name: "Columns…" }).click();
  const dialog = page.getByRole("dialog", { name: "Columns" });
  await dialog.getByLabel("Which value of a metric").selectOption("at step");
  await dialog.getByLabel("The step").fill("12");
  await dialog.getByLabel("The step").press("Enter");
  await dialog.getByLabel("G loss", { exact: true }).check();
  await dialog.getByRole("button", { name: "Hide Time trained" }).click();
  for (const title of ["Verdict", "Seed", "Parent", "Disk used", "Batch size"])
    await expect(
      dialog.getByLabel(title, { exact: true }).first(),
    ).toBeVisible();
  await dialog.getByLabel("Disk used").check();
  await expectAccessible(page, "the list of columns");
  await page.keyboard.press("Escape");
  await expect(head("G loss, at step 12")).toBeVisible();
  await expect(head("Time trained")).toHaveCount(0);
  await expect
    .poll(() => column(page, "Disk used"))
    .toEqual(Array.from({ length: 3 }, () => expect.stringMatching(/^\d.*B$/)));
  await expect
    .poll(() => column(page, "G loss, at step 12"))
    .toEqual([expect.stringMatching(/^\d/), "–", expect.stringMatching(/^\d/)]);

  // Groups with the median and the spread, folded by the keyboard.
  await page.getByLabel("Group by").selectOption("rate");
  await expect(
    table.getByTitle(
      "Step: median 12 of 2 runs, from the smallest to the largest 11 – 13",
    ),
  ).toBeVisible();
  await expectAccessible(page, "the table of runs");
  await table.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowLeft");
  await expect(table.getByRole("button", { name: "Run 3" })).toHaveCount(0);

  // All of that is kept by name.
  await page.getByLabel("View", { exact: true }).selectOption("keep");
  await page.getByLabel("Name of the view").fill("By rate");
  await page.getByLabel("Name of the view").press("Enter");
  await page.getByLabel("View", { exact: true }).selectOption("plain");
  await expect(page.getByText("4 of 4 runs")).toBeVisible();
  await expect(head("G loss, at step 12")).toHaveCount(0);
  await page.reload();
  await page.getByLabel("View", { exact: true }).selectOption("By rate");
  await expect(head("G loss, at step 12")).toBeVisible();
  await expect(page.getByText("3 of 4 runs")).toBeVisible();
  // At the smallest window the table is still there.
  await page.setViewportSize({ width: 720, height: 480 });
  await expect(table.getByRole("button", { name: "Run 3" })).toBeVisible();
});

test("samples play under the pointer, and selected runs are exported together", async ({
  application,
}) => {
  await makeRuns(application.library, [
    { name: "First", steps: 20, samples: [0, 10, 20] },
    { name: "Second", steps: 20 },
  ]);
  const page = await application.open();
  await page.getByRole("button", { name: "History" }).click();
  const table = page.getByRole("grid", { name: "All runs" });
  const row = table.getByRole("row").filter({ hasText: "First" });
  const samples = row.locator("[data-step], span:has(> .thumbnail)").first();
  await samples.hover();
  await expect(row.locator("[data-step='0']")).toBeVisible();
  await expect(row.locator("[data-step='20']")).toBeVisible();
  await expect(page.getByRole("button", { name: "Import…" })).toBeVisible();
  await table.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("Shift+ArrowDown");
  await expect(page.getByText("2 runs selected")).toBeVisible();
  await page.getByRole("button", { name: "Export…" }).click();
  const dialog = page.getByRole("dialog", { name: "Export 2 runs" });
  await dialog.getByLabel("Sample grid (PNG)").check();
  await expect(dialog.getByText("2 pictures")).toBeVisible();
  const [exported] = await Promise.all([
    page.waitForEvent("download"),
    dialog.getByRole("button", { name: "Export", exact: true }).click(),
  ]);
  const files = unzipSync(await readFile(await exported.path()));
  expect(Object.keys(files).sort()).toEqual([
    "First-grid-step-000020.png",
    "Second-grid-step-000020.png",
  ]);

  // Room is made by a rule, and taken back.
  await page.getByRole("button", { name: "Prune…" }).click();
  const pruning = page.getByRole("dialog", { name: "Prune 2 runs" });
  await expect(pruning.getByText("prunes nothing")).toBeVisible();
  await pruning.getByLabel("Keep only some grids").check();
  await pruning.getByLabel("Grids", { exact: true }).fill("1");
  await pruning.getByLabel("Grids", { exact: true }).press("Tab");
  await expect(pruning.getByText(/^4 files, /)).toBeVisible();
  await expectAccessible(page, "the rules of pruning");
  await pruning.getByRole("button", { name: "Prune", exact: true }).click();
  await expect(
    page.getByText(/^4 files with .* went to the trash/),
  ).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("button", { name: "Prune…" }).click();
  await pruning.getByLabel("Keep only some grids").check();
  await pruning.getByLabel("Grids", { exact: true }).fill("1");
  await pruning.getByLabel("Grids", { exact: true }).press("Tab");
  await expect(pruning.getByText(/^4 files, /)).toBeVisible();
});

test("two runs of one preset and one name are told apart at a glance", async ({
  application,
}) => {
  await makeRuns(
    application.library,
    [1, 2].map((seed) => ({
      ...{ name: "Three-layer MLP", steps: 20 },
      settings: { ...smallSettings, seed },
    })),
  );
  const page = await application.open();
  await page.getByRole("button", { name: "History" }).click();
  await expect.poll(() => column(page, "Seed")).toEqual(["2", "1"]);
  const table = page.getByRole("grid", { name: "All runs" });
  await expect(table.locator(".thumbnail")).toHaveCount(2);
});

test("a table of 5,000 runs draws no more rows than there is room for, and goes to its end at once", async ({
  application,
}) => {
  const { library } = application;
  const [first] = await makeRuns(library, [{ name: "Run 0", samples: [] }]);
  const file = (id: string) => join(library, "runs", id, "run.json");
  const record = JSON.parse(await readFile(file(first), "utf8")) as object;
  for (let run = 1; run < 5000; run++) {
    const id = `20260101-${String(run).padStart(6, "0")}-copy`;
    await mkdir(join(library, "runs", id));
    const copy = { ...record, id, name: `Run ${run}` };
    await writeFile(file(id), JSON.stringify(copy));
  }
  const page = await application.open();
  await page.getByRole("button", { name: "History" }).click();
  await expect(page.getByText("5,000 of 5,000 runs")).toBeVisible({
    timeout: 30_000,
  });
  const table = page.getByRole("grid", { name: "All runs" });
  expect(await table.getByRole("row").count()).toBeLessThan(60);
  await table.focus();
  for (const [key, end] of [
    ["End", "last"],
    ["Home", "first"],
  ] as const) {
    await page.keyboard.press(key);
    const rows = table.getByRole("row").filter({ has: page.locator(".lead") });
    await expect(end === "last" ? rows.last() : rows.nth(1)).toBeInViewport();
    await expect(
      table.getByRole("button", { name: /^Run \d/ }).first(),
    ).toBeVisible();
  }
  expect(await table.getByRole("row").count()).toBeLessThan(60);
});
