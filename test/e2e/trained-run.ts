/** A small trained run that tests of the views begin with: trained once by the command line, copied into each library. */
import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { cp, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Page } from "@playwright/test";
import { expect } from "./fixture";
import type { OpenedApplication } from "./fixture";
import { keepKnown, takeKnown } from "./second-start";

const root = join(import.meta.dirname, "../..");
const trained = new Map<string, Promise<string>>();

/** 120 steps: grids at 0 and 100, a final checkpoint. */
const usual = [
  ...["--preset", "jaketae-mlp", "--dataset", "strokes"],
  ...["--steps", "120", "--seed", "1"],
];

/** Puts the run into the library and opens a window that shows it. */
export async function openTrainedRun(
  application: OpenedApplication,
  options: readonly string[] = usual,
): Promise<Page> {
  const key = options.join(" ");
  const library = trained.get(key) ?? train(options);
  trained.set(key, library);
  await cp(join(await library, "runs"), join(application.library, "runs"), {
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

async function train(options: readonly string[]): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), "gan-workbench-trained-"));
  process.once("exit", () => rmSync(home, { recursive: true, force: true }));
  await takeKnown(home);
  await trainInto({ home, library: home }, ...options);
  await keepKnown(home);
  return home;
}

/** Trains by the command line; `options` are those of `train` but the library. */
export async function trainInto(
  { home, library }: Pick<OpenedApplication, "home" | "library">,
  ...options: readonly string[]
): Promise<void> {
  await promisify(execFile)(
    process.execPath,
    ["bin/gan-workbench.mjs", "train", "--library", library, ...options],
    { cwd: root, env: { ...process.env, GAN_WORKBENCH_HOME: home } },
  );
}
