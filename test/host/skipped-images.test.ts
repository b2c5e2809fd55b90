import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { expect, onTestFinished, test } from "vitest";
import type { AppEvent } from "../../src/shared/contract/events";
import { isActive } from "../../src/shared/run";
import { quickSettings, recordOf, temporaryApplication } from "./application";

test("a run keeps in its record what is wrong with its images, once, and whoever watches is told what it leaves out", async () => {
  const folder = await mkdtemp(join(tmpdir(), "gan-workbench-images-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  // Black above, white below: two grey levels.
  const pixels = Buffer.alloc(28 * 28).fill(255, 14 * 28);
  const raw = { width: 28, height: 28, channels: 1 as const };
  const png = await sharp(pixels, { raw }).png().toBuffer();
  for (let n = 0; n < 16; n++) await writeFile(join(folder, `${n}.png`), png);
  await writeFile(join(folder, "empty.png"), "");
  const application = await temporaryApplication();
  onTestFinished(() => application.close());
  const notices: AppEvent[] = [];
  application.onEvent((event) => {
    if (event.type === "notice") notices.push(event);
  });
  const quick = quickSettings(1);
  const { training } = application.handlers;
  await training.start({
    id: "warned",
    name: null,
    settings: {
      ...quick,
      data: { ...quick.data, source: folder, limit: null },
      schedule: { ...quick.schedule, batchSize: 8 },
    },
  });
  const ended = () =>
    expect
      .poll(
        async () => isActive((await recordOf(application, "warned")).state),
        { timeout: 20_000 },
      )
      .toBe(false);
  await ended();
  const text =
    "1 image could not be read and is left out; the first is empty.png: it is empty.";
  expect(notices).toContainEqual({
    type: "notice",
    notice: {
      level: "warning",
      text,
      advice: "The preview of the data set lists them.",
      run: "warned",
    },
  });
  const warned = async () =>
    (await recordOf(application, "warned")).events
      .filter(({ type }) => type === "warning")
      .map((event) => event.text);
  const first = await warned();
  expect(first).toEqual([
    text,
    expect.stringContaining("only two of 256 grey levels"),
  ]);

  await training.resume({ run: "warned", steps: 2 });
  await ended();
  expect(await warned()).toEqual(first);
});
