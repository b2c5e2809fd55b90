/** The export dialog: options, preview, progress, and the file that comes out. */
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { unzipSync } from "fflate";
import sharp from "sharp";
import { expectAccessible } from "./accessible";
import { expect, test } from "./fixture";
import type { OpenedApplication } from "./fixture";
import { makeRuns } from "./made-runs";
import { openTrainedRun } from "./trained-run";

async function openDialog(application: OpenedApplication): Promise<Page> {
  await makeRuns(application.library, [{ name: "only run" }]);
  const page = await application.open();
  await page
    .getByRole("list", { name: "Runs" })
    .getByRole("button", { name: /only run/ })
    .click();
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  return page;
}

async function download(page: Page): Promise<{ name: string; bytes: Buffer }> {
  const dialog = page.getByRole("dialog");
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    dialog.getByRole("button", { name: "Export", exact: true }).click(),
  ]);
  return {
    name: file.suggestedFilename(),
    bytes: await readFile(await file.path()),
  };
}

test("a grid looks in the file as in the preview", async ({ application }) => {
  const page = await openDialog(application);
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Scale", { exact: true }).selectOption("3 ×");
  const preview = page.getByRole("img", { name: "Preview of the export" });
  await expect
    .poll(() =>
      preview.evaluate((image: HTMLImageElement) => image.naturalWidth),
    )
    .toBe(3 * 24 + 4 * 2);
  await expect(page.getByText("80 × 54")).toBeVisible();
  const { name, bytes } = await download(page);
  expect(name).toBe("only-run-grid-step-000040.png");
  expect(await sharp(bytes).metadata()).toMatchObject({
    width: 80,
    height: 54,
  });
});

test("an animation of the evolution plays in the preview and comes as a file", async ({
  application,
}) => {
  const page = await openDialog(application);
  await page.getByRole("radio", { name: "Evolution (GIF)" }).check();
  await expect(page.getByText("5 pictures")).toBeVisible();
  await expect(
    page.getByRole("img", { name: "Preview of the export" }),
  ).toBeVisible();
  const { name, bytes } = await download(page);
  expect(name).toBe("only-run-evolution.gif");
  expect((await sharp(bytes, { animated: true }).metadata()).pages).toBe(5);
});

test("a report, a table and networks are seen before they are saved", async ({
  application,
}) => {
  const page = await openDialog(application);
  // The first preview waits for the window to say so.
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(/exports.preview/, async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole("radio", { name: "Report (HTML)" }).check();
  const making = page.getByText("Making the preview …");
  await expect(making).toBeVisible();
  release();
  const report = page.frameLocator("iframe[title='Preview of the export']");
  await expect(report.getByRole("heading", { level: 1 })).toHaveText(
    "only run",
  );
  await expect(making).toBeHidden();
  // Its slider is the report's own.
  await expect(report.getByRole("slider").first()).toBeVisible();
  await page.getByRole("radio", { name: "Metrics (CSV)" }).check();
  await expect(page.getByLabel("Preview of the export")).toContainText(
    /^step,epoch,time,loss\/discriminator/,
  );
  await page.getByRole("radio", { name: "PyTorch program" }).check();
  await expect(page.getByLabel("Preview of the export")).toContainText(
    "import torch",
  );
  // Networks are told of by their tensors.
  for (const network of [/safetensors/i, /ONNX/, /TensorFlow\.js/]) {
    await page.getByRole("radio", { name: network }).first().check();
    await expect(page.getByLabel("Preview of the export")).toContainText(
      /generator: \d+ tensors[\s\S]*discriminator: \d+ tensors/,
    );
  }
});

test("what is a folder elsewhere comes as one ZIP", async ({ application }) => {
  const page = await openDialog(application);
  await page.getByRole("radio", { name: "PyTorch program" }).check();
  const { name, bytes } = await download(page);
  expect(name).toBe("only-run-pytorch.zip");
  expect(Object.keys(unzipSync(bytes))).toContain("program.py");
});

test("a step that was not saved is said to be another", async ({
  application,
}) => {
  const page = await openDialog(application);
  const dialog = page.getByRole("dialog");
  await dialog
    .getByLabel("Step", { exact: true })
    .selectOption("A certain one");
  await dialog.getByLabel("Which step").fill("24");
  await expect(
    dialog.getByText("Step 24 was not saved as a grid"),
  ).toBeVisible();
  await expectAccessible(page, "export");
});

test("new samples come from the window with their latents and seed, and grids with chosen settings", async ({
  application,
}) => {
  const page = await openTrainedRun(application);
  await page.getByRole("button", { name: "Export", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: /^New samples/ }).check();
  await dialog.getByLabel("How many").fill("12");
  await dialog.getByLabel("Seed").fill("7");
  await dialog.getByLabel("As", { exact: true }).selectOption("npz");
  await expect(dialog.getByText("12 pictures")).toBeVisible();
  const { name, bytes } = await download(page);
  expect(name).toMatch(/-samples\.npz$/);
  expect(Object.keys(unzipSync(bytes))).toEqual(
    expect.arrayContaining(["images.npy", "latents.npy", "seed.npy"]),
  );

  await page.getByRole("button", { name: "Export", exact: true }).click();
  await dialog.getByRole("radio", { name: "Sample grid (PNG)" }).check();
  const plain = await download(page);
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await dialog.getByRole("radio", { name: "Sample grid (PNG)" }).check();
  await dialog.getByLabel("Labels").check();
  await dialog.getByLabel("With", { exact: true }).fill("rate, seed");
  await dialog.getByLabel("With", { exact: true }).press("Tab");
  const labelled = await download(page);
  const height = async (picture: Buffer) =>
    (await sharp(picture).metadata()).height;
  expect(await height(labelled.bytes)).toBeGreaterThan(
    await height(plain.bytes),
  );
});

test("a preview is of what was planned, however late the plan comes", async ({
  application,
}) => {
  const page = await openTrainedRun(application);
  await page.routeWebSocket(/./, (here) => {
    const server = here.connectToServer();
    server.onMessage((message) => setTimeout(() => here.send(message), 600));
  });
  await page.reload();
  await page.getByRole("button", { name: "Export", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: "Sample grid (PNG)" }).check();
  await expect(
    dialog.getByRole("img", { name: "Preview of the export" }),
  ).toBeVisible();
  // An array has no preview, and asking for one would be an error of the page.
  await dialog.getByRole("radio", { name: /^New samples/ }).check();
  await dialog.getByLabel("As", { exact: true }).selectOption("npz");
  await expect(dialog.getByText(/\d+ pictures/)).toBeVisible();
});
