/** Going on with a run: what its folder holds after it was opened again. */
import { readFile, readdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  abandonedRun,
  checkpoint,
  curve,
  curves,
  finishedRun,
  metrics,
  newRun,
  recordOf,
  samples,
  started,
  temporaryStore,
} from "./library";

describe("going on with a run", () => {
  test("drops everything after the checkpoint, so that no step is there twice and none is missing", async () => {
    const store = await temporaryStore();
    const id = await abandonedRun(store, 27);
    const { recorder, checkpoint: from } = await store.reopen(id);
    expect(from?.position.step).toBe(20);
    await recorder.handle({ ...started, step: 20 } as typeof started);
    await recorder.handle(metrics(21, 40));
    await recorder.handle(checkpoint(40, "final"));
    await recorder.handle({ type: "finished", step: 40 });
    await recorder.close();
    const { steps } = curve(await curves(store, id), "loss/generator");
    expect(steps).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    const listing = await recordOf(store, id);
    expect(listing.samples).toEqual([0, 10, 20]);
    expect(listing.record.events).toMatchObject([
      { type: "resumed", step: 20 },
      { type: "resumed", step: 20 },
    ]);
  });

  test("gives the event file of an uninterrupted run, but for times", async () => {
    const store = await temporaryStore();
    const whole = await finishedRun(store, 40);
    const id = await abandonedRun(store, 27);
    const { recorder } = await store.reopen(id);
    for (const first of [21, 31]) {
      await recorder.handle(metrics(first, first + 9));
      await recorder.handle(samples(first + 9));
      await recorder.handle(checkpoint(first + 9));
    }
    await recorder.close();
    // The first record is the version, with the time of its making.
    const [a, b] = await Promise.all([whole, id].map(logOf));
    expect(b.subarray(60).equals(a.subarray(60))).toBe(true);
    for (const step of [10, 20, 30, 40])
      expect(
        (await readFile(store.samplePath(id, step))).equals(
          await readFile(store.samplePath(whole, step)),
        ),
      ).toBe(true);
    expect(recorder.record.summary).toEqual(
      (await recordOf(store, whole)).record.summary,
    );

    async function logOf(run: string): Promise<Buffer> {
      const folder = store.folder(run);
      const names = await readdir(folder);
      const name = names.find((file) => file.includes("tfevents"));
      return readFile(join(folder, name ?? ""));
    }
  });

  test("begins anew where there is no checkpoint yet", async () => {
    const store = await temporaryStore();
    const recorder = await newRun(store);
    await recorder.handle(started);
    await recorder.handle(metrics(1, 7));
    await recorder.close();
    const reopened = await store.reopen(recorder.id);
    expect(reopened.checkpoint).toBeNull();
    await reopened.recorder.handle(metrics(1, 3));
    await reopened.recorder.close();
    const { steps } = curve(await curves(store, recorder.id), "score/real");
    expect(steps).toEqual([1, 2, 3]);
  });

  test("goes on at the newest checkpoint that can be read only when told to, and says so", async () => {
    const store = await temporaryStore();
    const id = await finishedRun(store, 20);
    await truncate(
      join(store.folder(id), "checkpoints/step-000020.safetensors"),
      999,
    );
    const warnings: string[] = [];
    store.onChange((change) => {
      if (change.type === "warning") warnings.push(change.text);
    });
    const { recorder, checkpoint: from } = await store.reopen(id, {
      at: "readable",
    });
    expect(from?.position.step).toBe(10);
    expect(recorder.record.progress).toMatchObject({ step: 10, saved: 10 });
    expect(warnings).toEqual([
      expect.stringMatching(
        /^step-000020.safetensors cannot be read .* Resumed at step 10; steps 11 to 20 went to set-aside\/\S+\.$/,
      ),
    ]);
  });

  test("cuts off a torn tail before it writes", async () => {
    const store = await temporaryStore();
    const id = await finishedRun(store, 20);
    const folder = store.folder(id);
    const name = (await readdir(folder)).find((file) =>
      file.includes("tfevents"),
    );
    const log = join(folder, name ?? "");
    await writeFile(log, Uint8Array.of(1, 2, 3, 4, 5), { flag: "a" });
    const { recorder } = await store.reopen(id);
    await recorder.handle(metrics(21, 22));
    await recorder.close();
    const { steps } = curve(await curves(store, id), "score/real");
    expect(steps.slice(-3)).toEqual([20, 21, 22]);
  });

  test("of a fork has the parent's checkpoint in a folder of its own", async () => {
    const store = await temporaryStore();
    const parent = await finishedRun(store, 20);
    const { settings } = (await recordOf(store, parent)).record;
    if (!settings) throw new Error("no settings");
    const recorder = await store.create({
      settings: { ...settings, seed: 5 },
      name: "fork",
      environment: null,
      parent: { run: parent, step: 10 },
    });
    await recorder.handle(started);
    await recorder.close();
    await store.remove([parent]);
    const { checkpoint: from } = await store.reopen(recorder.id);
    expect(from?.position.step).toBe(10);
    expect(recorder.record.parent).toEqual({ run: parent, step: 10 });
  });
});
