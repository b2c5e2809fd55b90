/** States are told when they are true, and a run whose folder is gone can be stopped. */
import { existsSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import type { AppEvent } from "../../src/shared/contract/events";
import type { Application } from "../../src/main/host/app";
import {
  quickSettings,
  recordOf,
  start,
  temporaryApplication,
} from "./application";

async function folderOf(application: Application, id: string): Promise<string> {
  const { library } = await application.handlers.app.info({});
  return join(library, "runs", id);
}

async function until(application: Application, id: string, state: string) {
  await vi.waitUntil(
    async () => (await recordOf(application, id)).state === state,
    20_000,
  );
}

it("a run can be deleted and the next started as soon as it is told that it finished, 40 times in a row", async () => {
  const application = await temporaryApplication();
  const { runs, training } = application.handlers;
  for (let cycle = 0; cycle < 40; cycle++) {
    const finished = new Promise<string>((resolve) => {
      const stop = application.onEvent((event: AppEvent) => {
        if (event.type !== "run-changed" || event.listing.kind !== "run")
          return;
        if (event.listing.record.state !== "finished") return;
        stop();
        resolve(event.listing.record.id);
      });
    });
    await training.start({ settings: quickSettings(3), name: null });
    const id = await finished;
    await (cycle % 2 === 0
      ? runs.remove({ ids: [id] })
      : training.resume({ run: id, steps: 5 }));
    if (cycle % 2 === 1) await application.stopTraining();
  }
  await application.close();
});

it("a run whose folder is deleted waits, can be stopped, and leaves no folder", async () => {
  const application = await temporaryApplication();
  const notices: AppEvent[] = [];
  application.onEvent((event) => {
    if (event.type === "notice") notices.push(event);
  });
  const id = await start(application, 1_000_000);
  await until(application, id, "training");
  const folder = await folderOf(application, id);
  await rm(folder, { recursive: true, maxRetries: 20 });
  await until(application, id, "paused");
  expect(notices.at(-1)).toMatchObject({
    notice: {
      level: "warning",
      run: id,
      text: expect.stringContaining("was moved or deleted"),
    },
  });
  await application.handlers.training.stop({ run: id });
  await vi.waitUntil(() => application.trainingRun() === null, 20_000);
  expect(existsSync(folder)).toBe(false);
  expect(await application.listRuns()).toEqual([]);
  const next = await start(application, 10);
  await vi.waitUntil(() => application.trainingRun() === null, 20_000);
  expect((await recordOf(application, next)).state).toBe("finished");
  await application.close();
});

it("a library that is moved away and back costs a training nothing", async () => {
  const application = await temporaryApplication();
  const { library } = await application.handlers.app.info({});
  const id = await start(application, 400);
  await until(application, id, "training");
  await rename(library, `${library}-away`);
  await until(application, id, "paused");
  expect(existsSync(library)).toBe(false);
  await rename(`${library}-away`, library);
  await vi.waitUntil(() => application.trainingRun() === null, 30_000);
  const record = await recordOf(application, id);
  expect(record).toMatchObject({
    state: "finished",
    reason: null,
    progress: { step: 400 },
  });
  await application.close();
});

it("a record that is broken while its run trains is whole again when it ends", async () => {
  const application = await temporaryApplication();
  const id = await start(application, 200);
  await until(application, id, "training");
  await writeFile(join(await folderOf(application, id), "run.json"), "{");
  await vi.waitUntil(() => application.trainingRun() === null, 30_000);
  expect(await recordOf(application, id)).toMatchObject({
    state: "finished",
    progress: { step: 200 },
  });
  await application.close();
});
