/** A variant that is worse than the others is stopped by what was measured of it, and never made up. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fittedTo } from "../../src/shared/settings/change";
import { jaketaeMlp } from "../../src/shared/settings/presets/jaketae-mlp";
import { parseAxis } from "../../src/shared/sweeps/values";
import { dataSettings } from "../data/options";
import { writeBars } from "../quality/bars";
import { quickSettings, recordOf, temporaryApplication } from "./application";

test("one of three is stopped early, says why in its run, and is left by a rerun", async () => {
  const home = await mkdtemp(join(tmpdir(), "early-stop-"));
  const source = await writeBars(home, 800);
  const application = await temporaryApplication({ judgingShare: Infinity });
  const { queue, sweeps } = application.handlers;
  await queue.change({ atOnce: 3 });
  const quick = quickSettings(1_000_000);
  const settings = fittedTo(quick, {
    ...quick,
    data: dataSettings(source, { size: 8, heldOut: 0.4 }),
    checkpoints: { ...quick.checkpoints, everySteps: 250 },
    log: jaketaeMlp.settings.log,
    sampling: jaketaeMlp.settings.sampling,
    engine: { ...quick.engine, threads: 1, spinning: false },
  });
  const { id } = await sweeps.start({
    order: {
      settings,
      presets: [],
      axes: [parseAxis("learningRate=2e-4, 3e-4, 1e-9")],
      seeds: [],
      random: null,
    },
    name: "rates",
    earlyStop: { metric: "quality/fd", grace: 500, configurations: 2 },
    report: false,
  });
  const status = () => sweeps.status({ id });
  const early = async () => (await status()).counts["stopped early"] ?? 0;
  await expect.poll(early, { timeout: 200_000 }).toBeGreaterThan(0);
  const stopped = (await status()).entries.find(
    ({ state }) => state === "stopped early",
  );
  const record = await recordOf(application, stopped?.run ?? "");
  expect(record.state).toBe("stopped");
  expect(record.reason).toMatch(/^Stopped early at step \d+: its best /);
  expect(record.sweep?.stoppedEarly).toBe(record.reason);
  expect(stopped?.reason).toBe(record.reason);

  await sweeps.cancel({ id });
  // Of the other two one may have been stopped early as well by then.
  const ended = async () => (await status()).entries.map(({ state }) => state);
  await expect
    .poll(async () => new Set(await ended()), { timeout: 30_000 })
    .toEqual(new Set(["stopped", "stopped early"]));
  expect((await status()).unfinished).not.toContain(stopped?.index);
  await application.close();
  await rm(home, { recursive: true });
}, 400_000);
