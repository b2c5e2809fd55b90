/** A small trained run that tests of the views begin with: trained once by the command line, copied into each library. */
import { execFile } from "node:child_process";
import { cp, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Page } from "@playwright/test";
import { expect } from "./fixture";
import type { OpenedApplication } from "./fixture";

const root = join(import.meta.dirname, "../..");
let trained: Promise<string> | null = null;

/** Puts the run into the library and opens a window that shows it. */
export async function openTrainedRun(
  application: OpenedApplication,
): Promise<Page> {
  trained ??= train();
  await cp(join(await trained, "runs"), join(application.library, "runs"), {
    recursive: true,
  });
  const page = await application.open();
  await page
    .getByRole("list", { name: "Runs" })
    .getByRole("button", { name: /Finished/ })
    .click();
  await expect(page.getByRole("tab", { name: "Overview" })).toBeVisible();
  return page;
}

/** 120 steps: grids at 0 and 100, a final checkpoint. */
async function train(): Promise<string> {
  const library = await mkdtemp(join(tmpdir(), "gan-workbench-trained-"));
  const settings =
    "--preset jaketae-mlp --dataset strokes --steps 120 --seed 1";
  await promisify(execFile)(
    process.execPath,
    [
      "bin/gan-workbench.mjs",
      "train",
      ...settings.split(" "),
      "--library",
      library,
    ],
    { cwd: root },
  );
  return library;
}
