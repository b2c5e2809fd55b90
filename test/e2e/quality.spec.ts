/** How good runs are, in the page of one and in a comparison: no number stands without its interval, its floor and its stamp. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { writeBars } from "../quality/bars";
import { expectAccessible } from "./accessible";
import { expect, test } from "./fixture";
import type { OpenedApplication } from "./fixture";

const root = join(import.meta.dirname, "../..");

/** Runs the built command line beside the application, on its library. */
function command({ home, library }: OpenedApplication, ...args: string[]) {
  return promisify(execFile)(
    process.execPath,
    ["bin/gan-workbench.mjs", ...args, "--library", library],
    { cwd: root, env: { ...process.env, GAN_WORKBENCH_HOME: home } },
  );
}

function train(
  application: OpenedApplication,
  source: string,
  run: string,
  steps: number,
) {
  return command(
    application,
    ...["train", "--preset", "jaketae-mlp", "--dataset", source],
    ...["--set", "data.size=8", "--set", "data.heldOut=0.4"],
    ...["--set", "checkpoints.everySteps=20", "--steps", String(steps)],
    ...["--run-id", run, "--name", run],
  );
}

test("a saved step is measured, and its numbers never stand alone", async ({
  application,
}) => {
  const source = await writeBars(application.home, 800);
  await train(application, source, "bars", 40);
  const page = await application.open();
  await page
    .getByRole("list", { name: "Runs" })
    .getByRole("button", { name: /Finished/ })
    .click();
  await page.getByRole("tab", { name: "Quality" }).click();
  await expect(
    page.getByText("Nothing is measured at this step"),
  ).toBeVisible();
  await page.getByRole("button", { name: "Measure" }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("button", { name: "Measure" })).toBeVisible();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await page.getByRole("button", { name: "Measure" }).click();

  const coverage = page.getByRole("article", { name: "Coverage", exact: true });
  await expect(coverage).toContainText("(the ceiling)", {
    timeout: 60_000,
  });
  await expect(page.getByText(/160 samples against 160/)).toBeVisible();
  await expect(
    page.getByRole("article", { name: "FD-infinity" }),
  ).toContainText("too few");
  await page.getByLabel("Step", { exact: true }).selectOption("20");
  await page.getByRole("button", { name: "Measure" }).click();
  await expect(
    page.getByRole("heading", { name: "Best and worst" }),
  ).toBeVisible({ timeout: 60_000 });
  await expectAccessible(page, "quality");

  await page.getByRole("tab", { name: "Gallery" }).click();
  await page
    .getByRole("button", { name: "Show its nearest real images" })
    .click();
  await expect(
    page.getByRole("img", { name: "Nearest training image" }),
  ).toBeVisible({ timeout: 30_000 });
});

test("runs stand side by side, and say where they cannot be told apart or compared", async ({
  application,
}) => {
  test.slow();
  const source = await writeBars(application.home, 800);
  for (const [run, steps] of [
    ["one", 100],
    ["same", 100],
    ["young", 2],
  ] as const) {
    await train(application, source, run, steps);
    await command(application, "evaluate", run);
  }
  const page = await application.open();
  const compare = async (runs: string[]) => {
    await page
      .getByRole("navigation", { name: "Application" })
      .getByRole("button", { name: "Compare" })
      .click();
    const list = page.getByRole("list", { name: "Runs to compare" });
    for (const box of await list.getByRole("checkbox").all())
      await box.uncheck();
    for (const name of runs) await list.getByRole("checkbox", { name }).check();
    await page.getByRole("button", { name: `Compare ${runs.length}` }).click();
    await page.getByRole("tab", { name: "Metrics" }).click();
  };
  const quality = page.getByRole("region", { name: "Quality" });
  const row = (name: string) =>
    quality.getByRole("row").filter({ hasText: name });

  await compare(["one", "same"]);
  await expect(quality.getByText(/160 samples against 160/)).toBeVisible();
  await expect(row("Coverage").first()).toContainText("not distinguishable");
  await expect(row("KID")).toContainText(/ to .* to /);
  await expectAccessible(page, "compare quality");

  await compare(["one", "young"]);
  await expect(row("KID")).toContainText("one is better");

  await command(application, "evaluate", "young", "--samples", "100");
  await page.reload();
  await compare(["one", "young"]);
  await expect(quality).not.toContainText("is better");
});
