/** Checkpoints that are judged while their run trains. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { fittedTo } from "../../src/shared/settings/change";
import { jaketaeMlp } from "../../src/shared/settings/presets/jaketae-mlp";
import { dataSettings } from "../data/options";
import { writeBars } from "../quality/bars";
import { quickSettings, recordOf, temporaryApplication } from "./application";

test("checkpoints are judged while a run trains, and neither its end nor the program's waits for that", async () => {
  const home = await mkdtemp(join(tmpdir(), "quality-watch-"));
  const source = await writeBars(home, 800);
  const application = await temporaryApplication({ judgingShare: Infinity });
  const settings = quickSettings(1_000_000);
  const { handlers } = application;
  const listing = await handlers.training.start({
    settings: fittedTo(settings, {
      ...settings,
      data: dataSettings(source, { size: 8, heldOut: 0.4 }),
      // Little else, so that judging has the time.
      checkpoints: { ...settings.checkpoints, everySteps: 1000 },
      log: jaketaeMlp.settings.log,
      sampling: jaketaeMlp.settings.sampling,
      engine: { ...settings.engine, threads: 1, spinning: false },
    }),
    name: null,
  });
  if (listing.kind !== "run") throw new Error(listing.reason);
  const { id } = listing.record;

  // The second one shows that the first did not stop the watch.
  const measured = () => handlers.quality.list({ run: id, weights: "average" });
  const patience = { timeout: 100_000, interval: 50 };
  await vi.waitUntil(async () => (await measured()).length > 1, patience);
  const { state, summary } = await recordOf(application, id);
  expect(state).toBe("training");
  expect(summary).toHaveProperty(["quality/kid"]);

  // By now another one is under way.
  await handlers.training.stop({ run: id });
  await vi.waitUntil(() => !application.isTraining(id), patience);
  const known = await measured();
  await application.close();
  const ended = await recordOf(application, id);
  expect(ended.state).toBe("stopped");
  expect(await measured()).toEqual(known);
  await rm(home, { recursive: true });
}, 120_000);
