/**
 * Makes the pictures of the README and the guide: `npm run screenshots [-- --library DIR]`. Without a library it trains
 * three small runs on drawn digits first, which takes a few minutes; with one it shows that library's newest runs.
 */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import sharp from "sharp";
import { chromium } from "@playwright/test";
import type { Page } from "@playwright/test";
import { browserLaunchOptions } from "../test/e2e/browser";

const root = join(import.meta.dirname, "..");
const pictures = join(root, "docs/images");
const command = join(root, "bin/gan-workbench.mjs");

const trainings = [
  ["--preset", "jaketae-mlp", "--seed", "1", "--name", "Three-layer MLP"],
  ["--preset", "jaketae-mlp", "--seed", "2", "--name", "Another seed"],
  ["--preset", "wiseodd-mlp", "--seed", "1", "--name", "Smallest MLP"],
];

const { values } = parseArgs({ options: { library: { type: "string" } } });
const home = await mkdtemp(join(tmpdir(), "gan-workbench-pictures-"));
const library = values.library ?? join(home, "library");
const environment = { ...process.env, GAN_WORKBENCH_HOME: home };
try {
  if (!values.library) for (const options of trainings) await train(options);
  await mkdir(pictures, { recursive: true });
  await takePictures();
} finally {
  await rm(home, { recursive: true, force: true });
}

async function train(options: readonly string[]): Promise<void> {
  console.log(`Training ${options.join(" ")}`);
  const child = spawn(
    process.execPath,
    [
      command,
      "train",
      ...options,
      ...["--dataset", "strokes", "--steps", "8000", "--library", library],
    ],
    { env: environment, stdio: ["ignore", "ignore", "inherit"] },
  );
  const code = await new Promise((resolve) => child.once("exit", resolve));
  if (code !== 0) throw new Error(`Training ended with ${String(code)}.`);
}

async function takePictures(): Promise<void> {
  const server = spawn(
    process.execPath,
    [command, "serve", "--port", "0", "--library", library],
    { env: environment, stdio: ["ignore", "pipe", "inherit"] },
  );
  const browser = await chromium.launch(await browserLaunchOptions());
  try {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      reducedMotion: "reduce",
      colorScheme: "light",
    });
    const page = await context.newPage();
    await page.goto(await printedAddress(server.stdout));
    await walk(page);
    await page.emulateMedia({ colorScheme: "dark" });
    await openRun(page);
    await picture(page, "run-dark");
  } finally {
    await browser.close();
    server.kill("SIGTERM");
  }
}

/** Through the window as the guide does. */
async function walk(page: Page): Promise<void> {
  await openRun(page);
  await picture(page, "run");
  for (const [tab, name] of [
    ["Gallery", "gallery"],
    ["Latent explorer", "explorer"],
    ["Step microscope", "microscope"],
  ]) {
    await page.getByRole("tab", { name: tab }).click();
    if (name === "microscope") await takeSteps(page);
    await picture(page, name);
  }
  await page.getByRole("tab", { name: "Overview" }).click();
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await page.getByRole("radio", { name: "Evolution (GIF)" }).check();
  await page
    .getByRole("img", { name: "Preview of the export" })
    .waitFor({ timeout: 60_000 });
  await picture(page, "export");
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 1280, height: 1080 });
  await compare(page);
  await picture(page, "compare");
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole("button", { name: "History" }).click();
  await picture(page, "history");
  await page.getByRole("button", { name: "New run" }).click();
  await picture(page, "new-run");
}

/** One of each network. */
async function takeSteps(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Open a checkpoint" }).click();
  for (const role of ["D", "G"])
    await page.getByRole("button", { name: `One ${role} step` }).click();
  await page.getByText("D 1, G 1 so far").waitFor();
}

/** The newest one. */
async function openRun(page: Page): Promise<void> {
  await page
    .getByRole("list", { name: "Runs" })
    .getByRole("button")
    .first()
    .click();
  await page.getByRole("tab", { name: "Overview" }).click();
}

async function compare(page: Page): Promise<void> {
  const places = page.getByRole("navigation", { name: "Application" });
  await places.getByRole("button", { name: "Compare" }).click();
  const runs = page
    .getByRole("list", { name: "Runs to compare" })
    .getByRole("checkbox");
  await runs.first().waitFor();
  const count = Math.min(3, await runs.count());
  for (let index = 0; index < count; index++) await runs.nth(index).check();
  await page.getByRole("button", { name: `Compare ${count}` }).click();
  await page.getByRole("figure", { name: "G loss" }).waitFor();
  await page
    .getByRole("img", { name: /^Samples of/ })
    .first()
    .waitFor();
}

/** Once pictures have arrived and charts are drawn. */
async function picture(page: Page, name: string): Promise<void> {
  await page.waitForLoadState("networkidle");
  const asking = page.getByText("Asking the generator");
  await asking.waitFor({ state: "hidden", timeout: 120_000 });
  await page.waitForTimeout(1500);
  const image = await page.screenshot();
  // A window has few colours: a palette makes the files less than half as large.
  const small = sharp(image).png({ palette: true, effort: 10 });
  await small.toFile(join(pictures, `${name}.png`));
  console.log(`docs/images/${name}.png`);
}

async function printedAddress(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(output)) {
    const address = /http:\/\/\S+/.exec(line)?.[0];
    if (address) return address;
  }
  throw new Error("The server ended without printing its address.");
}
