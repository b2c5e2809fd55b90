/** The page Quality of a run: a step is measured, and shown with its interval, its floor and what it means. */
import { createStore } from "../../src/main/runs/store";
import { smallSettings } from "../export/library";
import { writeBars } from "../quality/bars";
import { measured } from "../runs/measured";
import { expectAccessible } from "./accessible";
import { expect, test } from "./fixture";
import { compareRuns, makeRuns } from "./made-runs";
import { trainInto } from "./trained-run";

test("a saved step is measured, and its numbers never stand alone", async ({
  application,
}) => {
  const source = await writeBars(application.home, 800);
  await trainInto(
    application,
    ...["--preset", "jaketae-mlp", "--dataset", source],
    ...["--set", "data.size=8", "--set", "data.heldOut=0.4"],
    ...["--set", "checkpoints.everySteps=20", "--steps", "40"],
    ...["--run-id", "bars"],
    ...["--set", 'improvements.average={"halfLife":100,"rampUp":null}'],
  );
  const page = await application.open();
  await page
    .getByRole("list", { name: "Runs" })
    .getByRole("button", { name: /Finished/ })
    .click();
  await page.getByRole("tab", { name: "Quality" }).click();
  await expect(page.getByText("This step has not been measured")).toBeVisible();
  await page.getByRole("button", { name: "Measure" }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("button", { name: "Measure" })).toBeVisible();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await page.getByRole("button", { name: "Measure" }).click();

  const coverage = page.getByRole("article", { name: "Coverage", exact: true });
  await expect(coverage).toContainText("(the ceiling)", {
    timeout: 60_000,
  });
  await expect(
    page.getByText(/160 samples of G's average against 160/),
  ).toBeVisible();
  await expect(
    page.getByRole("article", { name: "FD-infinity" }),
  ).toContainText("too few");
  await page.getByLabel("Step", { exact: true }).selectOption("20");
  await page.getByRole("button", { name: "Measure" }).click();
  await expect(
    page.getByRole("heading", { name: "Best and worst" }),
  ).toBeVisible({ timeout: 60_000 });
  await expectAccessible(page, "quality");
  await page.getByRole("radio", { name: "Last" }).click();
  await expect(page.getByText("This step has not been measured")).toBeVisible();
  await page.getByRole("button", { name: "Measure" }).click();
  await expect(
    page.getByText(/160 samples of G's last weights against 160/),
  ).toBeVisible({ timeout: 60_000 });

  await page.getByRole("tab", { name: "Gallery" }).click();
  await page
    .getByRole("button", { name: "Show its nearest real images" })
    .click();
  await expect(
    page.getByRole("img", { name: "Nearest training image" }),
  ).toBeVisible({ timeout: 30_000 });
});

/** Two seeds of one batch size and one of another; the FD of the first was measured twice. */
async function makeMeasured(library: string): Promise<string[]> {
  const { schedule } = smallSettings;
  const ids = await makeRuns(
    library,
    [
      [16, 1],
      [16, 2],
      [8, 1],
    ].map(([batchSize, seed]) => ({
      name: `batch ${batchSize}, seed ${seed}`,
      settings: {
        ...smallSettings,
        seed,
        schedule: { ...schedule, batchSize },
      },
    })),
  );
  const [first, second, third] = ids;
  const store = await createStore(library);
  for (const [run, step, fd, precision] of [
    [first, 20, 1, 0.5],
    [first, 40, 2, 0.5],
    [second, 40, 4, 0.6],
    [third, 40, 9, 0.55],
  ] as const)
    await store.noteQuality(
      measured(run, step, {
        fd: { value: fd, within: 0.5 },
        precision: { value: precision, within: 0.25 },
        samples: 5000,
      }),
    );
  await store.close();
  return ids;
}

test("measured runs are told apart only where their intervals lie apart, and no value stands without its own", async ({
  application,
}) => {
  const ids = await makeMeasured(application.library);
  const page = await application.open();
  await compareRuns(page, ids);
  await page.getByRole("tab", { name: "Metrics" }).click();
  const quality = page.getByRole("region", { name: "Quality" });
  await expect(
    quality.getByText(/^5,000 samples against 5,000 from the test part of/),
  ).toBeVisible();
  const row = (name: string) =>
    quality.getByRole("row").filter({
      has: page.getByRole("rowheader", { name: new RegExp(`^${name}(?!-)`) }),
    });

  // Seeds together: two give the interval of their mean, and one keeps that of its measurement.
  await expect(row("FD")).toContainText(/mean -9\.\d+ to 15\.\d+/);
  await expect(row("FD")).toContainText("one seed, 8.5000 to 9.5000");
  await expect(row("FD")).toContainText("0.2500");

  await page.getByLabel("Seeds together").uncheck();
  await expect(row("FD")).toContainText("batch 16, seed 1 is better");
  await expect(row("FD").getByRole("cell")).toHaveText([
    "0.2500",
    /^2\.0000\s*1\.5000 to 2\.5000$/,
    /^4\.0000\s*3\.5000 to 4\.5000$/,
    /^9\.0000\s*8\.5000 to 9\.5000$/,
  ]);
  await expect(row("Precision")).toContainText("not distinguishable");
  await expectAccessible(page, "quality compared");

  // The history's best and largest values have theirs, and a heading what its runs share.
  await page
    .getByRole("navigation", { name: "Application" })
    .getByRole("button", { name: "History" })
    .click();
  await page.getByRole("button", { name: "Columns…" }).click();
  const columns = page.getByRole("dialog", { name: "Columns" });
  for (const which of ["best", "max"]) {
    await columns.getByLabel("Which value of a metric").selectOption(which);
    await columns.getByLabel("FD", { exact: true }).check();
  }
  await page.keyboard.press("Escape");
  const table = page.getByRole("grid", { name: "All runs" });
  const against = "floor 0.2500 (5,000 held-out images, 01234567)";
  await expect(
    table.getByTitle(`0.5000 to 1.5000, ${against}`, { exact: true }),
  ).toBeAttached();
  await expect(
    table.getByTitle(`8.5000 to 9.5000, ${against}`, { exact: true }),
  ).not.toHaveCount(0);
  await page.getByLabel("Group by").selectOption("preset");
  await expect(
    table.getByTitle(
      `FD, best: median 4.0000 of 3 runs, from the smallest to the largest 1.0000 – 9.0000; ${against}`,
    ),
  ).toBeAttached();
});
