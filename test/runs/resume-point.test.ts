/** Going on with a run whose checkpoints are not what they should be: nothing that was trained is lost unasked. */
import { readFile, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { disk } from "../../src/main/disk/file-layer";
import {
  decodeSafetensors,
  encodeSafetensors,
} from "../../src/main/runs/checkpoints/safetensors";
import { MetricSeries } from "../../src/main/runs/curves/metric-series";
import { changeRecord } from "../../src/main/runs/folder/record";
import type { RunStore } from "../../src/main/runs/store";
import {
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

const newest = (store: RunStore, id: string) =>
  join(store.folder(id), "checkpoints/step-000030.safetensors");

/** With a checkpoint at each ten. */
async function run(store: RunStore): Promise<string> {
  return finishedRun(store, 30);
}

async function rewrite(
  path: string,
  change: (file: ReturnType<typeof decodeSafetensors>) => void,
): Promise<void> {
  const file = decodeSafetensors(await readFile(path), "it");
  change(file);
  await writeFile(path, encodeSafetensors(file));
}

const position = (change: object) => (path: string) =>
  rewrite(path, ({ metadata }) => {
    const before = JSON.parse(metadata.position ?? "{}") as object;
    metadata.position = JSON.stringify({ ...before, ...change });
  });

const damages: [
  what: string,
  damage: (path: string) => Promise<unknown>,
  sentence: string,
][] = [
  [
    "is cut off",
    (path) => truncate(path, 2000),
    "cannot be read as safetensors",
  ],
  [
    "is empty",
    (path) => truncate(path, 0),
    "cannot be read as safetensors: it is empty",
  ],
  ["is missing", (path) => rm(path), "is missing"],
  [
    "is something else",
    (path) => writeFile(path, "no checkpoint"),
    "cannot be read",
  ],
  [
    "has a tensor that is turned round",
    (path) =>
      rewrite(path, ({ tensors }) => {
        const name = "generator.model.0.weight";
        const weight = tensors.get(name);
        if (!weight) throw new Error("no weight");
        tensors.set(name, { ...weight, shape: [...weight.shape].reverse() });
      }),
    "does not fit its run: The saved tensor generator.model.0.weight is [3, 5]",
  ],
  [
    "lacks a tensor",
    (path) =>
      rewrite(
        path,
        ({ tensors }) => void tensors.delete("optimizer.generator.step"),
      ),
    "does not fit its run: The saved state has no tensor optimizer.generator.step",
  ],
  [
    "is that of another step",
    position({ step: 20, stepInEpoch: 0 }),
    "is that of step 20",
  ],
  [
    "stands beyond any step",
    position({ stepInEpoch: 9e15 }),
    "does not say where its run stood",
  ],
  [
    "has trained for ever",
    position({ seconds: 1e300 }),
    "does not say where its run stood",
  ],
  [
    "stands before its first step",
    position({ seconds: -1 }),
    "does not say where its run stood",
  ],
];

describe.each(damages)("a newest checkpoint that %s", (_, damage, sentence) => {
  test("is refused by name with what is still there, and the run stays as it was", async () => {
    const store = await temporaryStore();
    const id = await run(store);
    await damage(newest(store, id));
    const before = await everything(store.folder(id));
    const refused = store.reopen(id);
    await expect(refused).rejects.toThrow("step-000030.safetensors");
    await expect(refused).rejects.toThrow(sentence);
    await expect(refused).rejects.toThrow("(--at): at step 20, 10 or 0");
    expect(await everything(store.folder(id))).toEqual(before);
    expect(await store.checkpoints(id)).toEqual([
      { step: 10, problem: null },
      { step: 20, problem: null },
      { step: 30, problem: expect.stringContaining(sentence) },
    ]);
  });
});

test("the whole list of checkpoints is sound where nothing happened to it", async () => {
  const store = await temporaryStore();
  const id = await run(store);
  expect(await store.checkpoints(id)).toEqual([
    { step: 10, problem: null },
    { step: 20, problem: null },
    { step: 30, problem: null },
  ]);
});

describe("going on at an older step", () => {
  test("sets aside what comes after it: rows, grids, checkpoints and the record; the record says where", async () => {
    const store = await temporaryStore();
    const id = await run(store);
    const whole = await curves(store, id);
    const lost = await readFile(newest(store, id));
    const { recorder, checkpoint } = await store.reopen(id, { at: 20 });
    expect(checkpoint?.position.step).toBe(20);
    await recorder.close();
    const folder = store.folder(id);
    const [time] = await readdir(join(folder, "set-aside"));
    const aside = join(folder, "set-aside", time);
    expect((await recordOf(store, id)).record.events.at(-1)?.text).toBe(
      `Resumed at step 20; steps 21 to 30 went to set-aside/${time}.`,
    );
    expect(
      await readFile(join(aside, "checkpoints/step-000030.safetensors")),
    ).toEqual(lost);
    expect(await readdir(join(aside, "samples"))).toEqual(["step-000030.png"]);
    expect(
      JSON.parse(await readFile(join(aside, "run.json"), "utf8")),
    ).toMatchObject({ progress: { step: 30 } });
    const kept = curve(await curves(store, id), "score/real");
    const rest = curve(await readLogRows(aside), "score/real");
    expect(kept.steps.at(-1)).toBe(20);
    expect(rest.steps).toEqual([21, 22, 23, 24, 25, 26, 27, 28, 29, 30]);
    expect([...kept.values, ...rest.values]).toEqual(
      curve(whole, "score/real").values,
    );
  });

  test("may be anew, and then everything is set aside", async () => {
    const store = await temporaryStore();
    const id = await run(store);
    const { recorder, checkpoint } = await store.reopen(id, { at: 0 });
    expect(checkpoint).toBeNull();
    await recorder.handle(metrics(1, 3));
    await recorder.close();
    const [time] = await readdir(join(store.folder(id), "set-aside"));
    const aside = join(store.folder(id), "set-aside", time);
    expect(await readdir(join(aside, "checkpoints"))).toHaveLength(3);
    expect(curve(await readLogRows(aside), "score/real").steps).toHaveLength(
      30,
    );
    expect(curve(await curves(store, id), "score/real").steps).toEqual([
      1, 2, 3,
    ]);
  });

  test("where there is no checkpoint is refused", async () => {
    const store = await temporaryStore();
    const id = await run(store);
    await expect(store.reopen(id, { at: 25 })).rejects.toThrow(
      "has no checkpoint at step 25; say where to resume instead (--at): at step 30, 20, 10 or 0",
    );
  });

  test("twice in one second keeps both", async () => {
    const store = await temporaryStore();
    const id = await run(store);
    for (const at of [20, 0])
      await (await store.reopen(id, { at })).recorder.close();
    expect(await readdir(join(store.folder(id), "set-aside"))).toHaveLength(2);
  });
});

test("a run that ended before its first checkpoint begins anew, and its steps are set aside", async () => {
  const store = await temporaryStore();
  const recorder = await newRun(store);
  await recorder.handle(started);
  await recorder.handle(metrics(1, 7));
  await recorder.close();
  await (await store.reopen(recorder.id)).recorder.close();
  const folder = join(store.folder(recorder.id), "set-aside");
  const [time] = await readdir(folder);
  expect(
    curve(await readLogRows(join(folder, time)), "score/real").steps,
  ).toHaveLength(7);
});

test("a record of an earlier version, which does not say what was saved, loses nothing either", async () => {
  const store = await temporaryStore();
  const id = await run(store);
  await changeRecord(disk, store.folder(id), (record) => {
    const progress = { ...record.progress, saved: undefined };
    return { ...record, progress };
  });
  await (await store.reopen(id)).recorder.close();
  expect(await readdir(store.folder(id))).not.toContain("set-aside");
  await rm(newest(store, id));
  await changeRecord(disk, store.folder(id), (record) => {
    const progress = { ...record.progress, saved: undefined };
    return { ...record, progress, state: "finished" };
  });
  await expect(store.reopen(id)).rejects.toThrow(
    "step-000030.safetensors is missing",
  );
});

test("a fork whose only checkpoint is gone does not begin at a step that it never was at", async () => {
  const store = await temporaryStore();
  const parent = await run(store);
  const { settings } = (await recordOf(store, parent)).record;
  if (!settings) throw new Error("no settings");
  const recorder = await store.create({
    settings,
    name: null,
    environment: null,
    parent: { run: parent, step: 20 },
  });
  await recorder.handle({ ...started, step: 20 } as typeof started);
  await recorder.handle(samples(20));
  await recorder.close();
  await rm(join(store.folder(recorder.id), "checkpoints"), { recursive: true });
  for (const at of ["newest", "readable", 0] as const)
    await expect(store.reopen(recorder.id, { at })).rejects.toThrow(
      "fork its parent again",
    );
});

/** What the log of a set-aside folder holds. */
async function readLogRows(folder: string) {
  return (await new MetricSeries(folder).read()).groups;
}

/** Every file of a folder with its content. */
async function everything(folder: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const entry of await readdir(folder, {
    recursive: true,
    withFileTypes: true,
  }))
    if (entry.isFile() && !entry.name.startsWith("lock")) {
      const path = join(entry.parentPath, entry.name);
      files[path] = (await readFile(path)).toString("base64");
    }
  return files;
}
