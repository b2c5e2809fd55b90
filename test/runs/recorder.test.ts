import { spawnSync } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { expect, onTestFinished, test, vi } from "vitest";
import { readRecord } from "../../src/main/runs/folder/record";
import { metricsWith, stepMetrics } from "../../src/shared/metrics";
import { jaketaeMlp } from "../../src/shared/settings/presets/jaketae-mlp";
import { findPython, pythonEnvironment } from "../python";
import {
  block,
  checkpoint,
  checkpointAt,
  savedAt,
  curve,
  curves,
  finishedRun,
  metrics,
  newRun,
  recordOf,
  samples,
  started,
  temporaryStore,
  tinyData,
  valueAt,
} from "./library";

test("a finished run is a folder with its record, one event file, its grids and its checkpoints", async () => {
  const store = await temporaryStore();
  const id = await finishedRun(store, 30);
  const names = await readdir(store.folder(id));
  expect(names.sort()).toEqual([
    "checkpoints",
    expect.stringMatching(/^events\.out\.tfevents\.\d+\./),
    "run.json",
    "samples",
  ]);
  expect(await readdir(join(store.folder(id), "samples"))).toEqual([
    "step-000000.png",
    "step-000010.png",
    "step-000020.png",
    "step-000030.png",
  ]);
  const listing = await recordOf(store, id);
  expect(listing.samples).toEqual([0, 10, 20, 30]);
  expect(listing.checkpoints).toEqual([10, 20, 30]);
  expect(listing.record).toMatchObject({
    state: "finished",
    data: tinyData,
    name: "Three-layer MLP",
    progress: { step: 30, totalSteps: 1000, stepsPerEpoch: 10 },
  });
});

test("every step that was handed over is in the curves, with its exact value", async () => {
  const store = await temporaryStore();
  const id = await finishedRun(store, 30);
  const groups = await curves(store, id);
  expect(groups).toHaveLength(1);
  const { steps, values } = curve(groups, "score/real");
  expect(steps).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  const column = stepMetrics.indexOf("score/real");
  expect(values).toEqual(steps.map((step) => valueAt(step, column)));
  expect([...groups[0].times]).toEqual(steps.map((step) => 1.7e9 + step));
});

test("the figures of G have only the steps in which G was updated", async () => {
  const store = await temporaryStore();
  const recorder = await newRun(store);
  await recorder.handle(started);
  await recorder.handle(metrics(1, 20, 5));
  await recorder.handle({ type: "finished", step: 20 });
  await recorder.close();
  const groups = await curves(store, recorder.id);
  expect(curve(groups, "loss/generator").steps).toEqual([1, 6, 11, 16]);
  expect(curve(groups, "loss/discriminator").steps).toHaveLength(20);
  expect(recorder.record.summary["loss/generator"].last).toBeCloseTo(
    valueAt(16, stepMetrics.indexOf("loss/generator")),
  );
});

test("rows are there for a window at once, before anything is on the disk", async () => {
  const store = await temporaryStore();
  const recorder = await newRun(store);
  await recorder.handle(started);
  await recorder.handle(metrics(1, 5));
  await recorder.handle(metrics(6, 8));
  const groups = await curves(store, recorder.id, 4);
  expect(curve(groups, "loss/discriminator").steps).toEqual([5, 6, 7, 8]);
  const none = await curves(store, recorder.id, 8);
  expect(curve(none, "loss/discriminator").steps).toEqual([]);
});

test("rows too old to be held in memory come from the event file", async () => {
  const store = await temporaryStore();
  const recorder = await newRun(store);
  await recorder.handle(started);
  for (let first = 1; first < 40_000; first += 2000)
    await recorder.handle({
      type: "metrics",
      block: block(first, first + 1999),
    });
  const { steps } = curve(await curves(store, recorder.id), "score/fake");
  expect(steps).toHaveLength(40_000);
  expect(steps.at(-1)).toBe(40_000);
});

test("the record has the last value and the extremes of each metric with their steps", async () => {
  const store = await temporaryStore();
  const recorder = await newRun(store);
  const rows = block(1, 4);
  rows.columns[0].set([2, NaN, -1, 5]);
  await recorder.handle(started);
  await recorder.handle({ type: "metrics", block: rows });
  expect(recorder.record.summary["loss/discriminator"]).toEqual({
    last: 5,
    min: -1,
    max: 5,
    minStep: 3,
    maxStep: 4,
  });
});

test("events that belong on the curve are in the record", async () => {
  const store = await temporaryStore();
  const recorder = await newRun(store);
  await recorder.handle(started);
  await recorder.handle(metrics(1, 10));
  await recorder.handle({ type: "paused", step: 10 });
  expect(recorder.record.state).toBe("paused");
  await recorder.handle({ type: "unpaused", step: 10 });
  const learningRates = { generator: 1e-3, discriminator: 2e-3 };
  await recorder.handle({ type: "learning-rates", step: 10, learningRates });
  await recorder.handle(checkpoint(10, "asked"));
  await recorder.handle({
    type: "diverged",
    step: 11,
    what: "the loss of D is NaN",
  });
  await recorder.close();
  const record = readRecord(store.folder(recorder.id));
  expect(record.state).toBe("diverged");
  expect(record.reason).toBe("Diverged at step 11: the loss of D is NaN.");
  expect(record.events.map(({ type, step }) => [type, step])).toEqual([
    ["paused", 10],
    ["learning-rate", 10],
    ["checkpoint", 10],
    ["diverged", 11],
  ]);
  expect(record.events[1].learningRates).toEqual(learningRates);
});

test("a grid on disk is the batch that came, as the preset lays it out", async () => {
  const store = await temporaryStore();
  const recorder = await newRun(store);
  await recorder.handle(started);
  await recorder.handle(samples(7));
  await recorder.close();
  const { width, height, channels } = await sharp(
    store.samplePath(recorder.id, 7),
  ).metadata();
  // Four images of 4 x 4 in a row of up to 8, padding 2.
  expect([width, height, channels]).toEqual([4 * 6 + 2, 8, 1]);
});

test("a checkpoint comes back bit for bit, with where the run stood", async () => {
  const store = await temporaryStore();
  const id = await finishedRun(store, 20);
  expect(await store.readCheckpoint(id, "last")).toEqual(savedAt(20));
  expect(await store.readCheckpoint(id, 10)).toEqual(savedAt(10));
  await expect(store.readCheckpoint(id, 11)).rejects.toThrow(
    `The run ${id} has no checkpoint at step 11`,
  );
});

test("of the scheduled checkpoints the last ones stay, and all that were asked for", async () => {
  const store = await temporaryStore();
  const recorder = await newRun(store);
  await recorder.handle(started);
  for (let step = 10; step <= 80; step += 10) {
    await recorder.handle(metrics(step - 9, step));
    await recorder.handle(
      checkpoint(step, step === 20 ? "asked" : "scheduled"),
    );
  }
  await recorder.handle({ type: "finished", step: 80 });
  expect((await recordOf(store, recorder.id)).checkpoints).toEqual([
    20, 70, 80,
  ]);
});

test("a failed run keeps the reason and what it had", async () => {
  const store = await temporaryStore();
  const recorder = await newRun(store);
  await recorder.handle(started);
  await recorder.handle(metrics(1, 10));
  await recorder.fail("The worker crashed.");
  const { record } = await recordOf(store, recorder.id);
  expect(record).toMatchObject({
    state: "failed",
    reason: "The worker crashed.",
  });
  expect(
    curve(await curves(store, recorder.id), "score/real").steps,
  ).toHaveLength(10);
  await expect(recorder.handle(metrics(11, 12))).rejects.toThrow("is closed");
});

test("a run that is closed while it trains is interrupted", async () => {
  const store = await temporaryStore();
  const recorder = await newRun(store);
  await recorder.handle(started);
  await recorder.close();
  await recorder.close();
  expect((await recordOf(store, recorder.id)).record.state).toBe("interrupted");
});

const tensorBoard = findPython(["tensorboard"]);

test.skipIf(!tensorBoard.available)(
  `TensorBoard opens the run while it trains (${tensorBoard.available ? "its event accumulator" : tensorBoard.reason})`,
  async () => {
    if (!tensorBoard.available) return;
    const store = await temporaryStore();
    const recorder = await newRun(store);
    await recorder.handle(started);
    await recorder.handle(metrics(1, 20, 5));
    await recorder.handle(checkpoint(20));
    await recorder.handle(metrics(21, 22, 5));
    // A checkpoint comes after the steps before it.
    await expect
      .poll(async () => (await recordOf(store, recorder.id)).checkpoints)
      .toEqual([20]);
    const script = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
log = EventAccumulator(sys.argv[1], size_guidance={"tensors": 0, "scalars": 0}).Reload()
print(json.dumps({tag: [event.step for event in log.Scalars(tag)] for tag in log.Tags()["scalars"]}))`;
    const { stdout, stderr } = spawnSync(
      tensorBoard.path,
      ["-c", script, store.folder(recorder.id)],
      { encoding: "utf8", env: pythonEnvironment() },
    );
    expect(stdout, stderr).not.toBe("");
    const steps = JSON.parse(stdout) as Record<string, number[]>;
    expect(Object.keys(steps).sort()).toEqual(
      metricsWith(jaketaeMlp.settings).sort(),
    );
    expect(steps["loss/generator"].slice(0, 4)).toEqual([1, 6, 11, 16]);
    expect(steps["loss/discriminator"].slice(0, 20)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
  },
);

const torch = findPython(["torch", "safetensors"]);

test.skipIf(!torch.available)(
  `PyTorch loads the weights by name into the same modules (${torch.available ? "strictly" : torch.reason})`,
  async () => {
    const store = await temporaryStore();
    const id = await finishedRun(store, 10);
    const file = join(
      store.folder(id),
      "checkpoints",
      "step-000010.safetensors",
    );
    const script = `
import json, sys, torch
from torch import nn
from safetensors import safe_open
from safetensors.torch import load_file
state = load_file(sys.argv[1])
def part(role):
    return {name[len(role) + 1:]: tensor for name, tensor in state.items() if name.startswith(role + ".")}
class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.model = nn.Sequential(nn.Linear(3, 5), nn.BatchNorm1d(5, 0.8), nn.ReLU(), nn.Linear(5, 16), nn.Tanh())
    def forward(self, z):
        return self.model(z)
G = Generator()
G.load_state_dict(part("generator"), strict=True)
D = nn.Sequential(nn.Linear(16, 6), nn.LeakyReLU(0.2), nn.Linear(6, 1), nn.Sigmoid())
D.load_state_dict(part("discriminator"), strict=True)
metadata = safe_open(sys.argv[1], "pt").metadata()
print(json.dumps({
    "weight": G.model[0].weight.flatten().tolist(),
    "tracked": int(G.model[1].num_batches_tracked),
    "step": json.loads(metadata["position"])["step"],
    "format": metadata["format"],
}))`;
    if (!torch.available) return;
    const { stdout, stderr } = spawnSync(torch.path, ["-c", script, file], {
      encoding: "utf8",
      env: pythonEnvironment(),
    });
    expect(stderr.replace(/.*Warning.*\n.*\n/g, "")).not.toContain("Error");
    const weight = checkpointAt(10).state.get("generator.model.0.weight");
    expect(JSON.parse(stdout)).toEqual({
      weight: [...(weight?.data ?? [])],
      tracked: 10,
      step: 10,
      format: "pt",
    });
  },
);

test("a safetensors file that is cut anywhere is refused by name", async () => {
  const store = await temporaryStore();
  const id = await finishedRun(store, 10);
  const { decodeCheckpoint } =
    await import("../../src/main/runs/checkpoints/checkpoint-file");
  const bytes = await readFile(
    join(store.folder(id), "checkpoints", "step-000010.safetensors"),
  );
  for (let end = 0; end < bytes.length; end += 7)
    expect(() => decodeCheckpoint(bytes.subarray(0, end), "it", 10)).toThrow(
      /^it (cannot be read|does not say)/,
    );
});

test("a clock that is set back an hour holds up no record and counts for no training", async () => {
  const store = await temporaryStore();
  const recorder = await newRun(store);
  const folder = store.folder(recorder.id);
  const hour = 3_600_000;
  const begin = 1000 * block(1, 1).times[0] - hour;
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  vi.setSystemTime(begin);
  await recorder.handle(started);
  await vi.waitFor(() => expect(readRecord(folder).state).toBe("training"));
  vi.setSystemTime(begin - hour);
  await recorder.handle(metrics(1, 10));
  expect(recorder.record.progress).toMatchObject({ step: 10, seconds: 10 });
  await vi.waitFor(
    () => expect(readRecord(folder).progress.step).toBe(10),
    8_000,
  );
  await recorder.close();
}, 20_000);
