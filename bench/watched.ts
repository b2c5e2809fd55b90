/**
 * `npm run bench:watched [-- PRESET ...]`: a run as users have it, in turns with the engine alone: browser mode with a page
 * that shows it, the recorder, and a grid every 100 steps. Milliseconds a step. Wants a built application.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { decodeMetrics, fileUrls } from "../src/shared/contract/files";
import { presets } from "../src/shared/settings/presets";
import type { RunListing, RunRecord } from "../src/shared/run";
import type { Preset, TrainingSettings } from "../src/shared/settings/settings";
import { createBareEngine } from "./bare-engine";
import { Window } from "./calls/window";
import { takeTurns } from "./turns";
import type { Runner } from "./turns";
import { launchBrowser, openPage, serve } from "./window/browser-mode";

const blocks = 9;
const blockMs = 1_000;

async function measure({ id, settings }: Preset): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), "gan-workbench-watched-"));
  const order = settingsOf(settings);
  const served = await serve(home);
  const window = await Window.open(served.url);
  const started = await window.client.training.start({
    settings: order,
    name: id,
  });
  const { id: run } = recordOf(started);
  const watched = new WatchedRun(window, run);
  await watched.pause();
  const browser = await launchBrowser();
  const page = await openPage(browser);
  await page.goto(served.url);
  await page.getByRole("slider", { name: "Losses: cursor" }).waitFor();
  const engine = await createBareEngine(order);
  const [alone, whole] = await takeTurns([engine, watched], blocks, blockMs);
  const share = (a: number, b: number) => `${((a / b - 1) * 100).toFixed(1)} %`;
  console.log(
    `${id}: engine ${alone.median.toFixed(3)} ${alone.best.toFixed(3)}, watched run ${whole.median.toFixed(3)} ${whole.best.toFixed(3)}, ${share(whole.median, alone.median)} ${share(whole.best, alone.best)} (median, best)`,
  );
  await engine.close();
  await browser.close();
  await window.client.training.stop({ run });
  window.close();
  await served.close();
  await rm(home, { recursive: true, force: true });
}

function settingsOf(settings: TrainingSettings): TrainingSettings {
  return {
    ...settings,
    data: { ...settings.data, source: "strokes" },
    engine: { ...settings.engine, id: "onnx", spinning: true },
    schedule: {
      ...settings.schedule,
      length: { unit: "steps", count: 10_000_000 },
    },
    sampling: {
      ...settings.sampling,
      cadences: [{ unit: "step", every: 100, within: "run", at: "end" }],
    },
  };
}

/** Stands still but in its blocks. */
class WatchedRun implements Runner {
  readonly name = "watched run";
  private msPerStep = 1;

  constructor(
    private readonly window: Window,
    private readonly run: string,
  ) {}

  async block(steps: number): Promise<number> {
    const { run, window } = this;
    const before = await this.stepsTaken();
    await window.client.training.unpause({ run });
    await delay(Math.max(300, steps * this.msPerStep));
    await this.pause();
    const bytes = await window.bytes(fileUrls.metrics(run, before));
    const [{ steps: taken, times }] = decodeMetrics(bytes);
    const last = taken.length - 1;
    const seconds = times[last] - times[0];
    this.msPerStep = (seconds * 1000) / (taken[last] - taken[0]);
    return this.msPerStep;
  }

  /** Resolves when it stands still. */
  async pause(): Promise<void> {
    const { run, window } = this;
    while ((await this.record()).progress.step === 0) await delay(100);
    await window.client.training.pause({ run });
    while ((await this.record()).state !== "paused") await delay(50);
  }

  private async stepsTaken(): Promise<number> {
    return (await this.record()).progress.step;
  }

  private async record() {
    return recordOf(await this.window.client.runs.get({ id: this.run }));
  }
}

function recordOf(listing: RunListing): RunRecord {
  if (listing.kind !== "run") throw new Error(listing.reason);
  return listing.record;
}

const wanted = process.argv.slice(2);
const ids = wanted.length > 0 ? wanted : ["wiseodd-mlp", "lecture-mlp"];
console.log(`load ${loadavg()[0].toFixed(1)}`);
for (const preset of presets.filter(({ id }) => ids.includes(id)))
  await measure(preset);
