/** A sweep's plan: what people write becomes configurations and entries, and what became of them its status. */
import { describe, expect, it } from "vitest";
import type { RunListing } from "../../src/shared/run";
import { jaketaeMlp } from "../../src/shared/settings/presets/jaketae-mlp";
import { presets } from "../../src/shared/settings/presets";
import {
  entryName,
  settingsOf,
  sweepManifestSchema,
} from "../../src/shared/sweeps/manifest";
import {
  manifestOf,
  planSweep,
  trainsTheSame,
} from "../../src/shared/sweeps/plan";
import type { SweepOrder } from "../../src/shared/sweeps/plan";
import { statusOf } from "../../src/shared/sweeps/status";
import { isSeveral, listOf, parseAxis } from "../../src/shared/sweeps/values";
import { earlyStopReason } from "../../src/shared/sweeps/early-stop";
import { sweepCost } from "../../src/shared/sweeps/cost";

const { settings } = jaketaeMlp;

function order(vary: string[], more: Partial<SweepOrder> = {}): SweepOrder {
  return {
    settings,
    presets: presets.map((preset) => preset.settings),
    axes: vary.map(parseAxis),
    seeds: [],
    random: null,
    ...more,
  };
}

const manifest = (vary: string[], more: Partial<SweepOrder> = {}) =>
  manifestOf(planSweep(order(vary, more)), { id: "s", name: "s" }, new Date(0));

describe("what people write", () => {
  it.each([
    ["learningRate=1e-4,2e-4", [1e-4, 2e-4]],
    ["learningRate=1e-4 .. 1e-2 log 3", [1e-4, 1e-3, 1e-2]],
    ["learningRate=1e-4..1e-2 log", [1e-4, 3.162e-4, 1e-3, 3.162e-3, 1e-2]],
    ["beta=0 .. 0.9 4", [0, 0.3, 0.6, 0.9]],
    ["data.classes=[1,2],[3]", [[1, 2], [3]]],
    ["data.source=strokes, ../my.folder", ["strokes", "../my.folder"]],
    ["x=5", [5]],
  ])("%s", (text, values) => {
    expect(listOf(parseAxis(text).values)).toEqual(values);
  });

  it.each([
    ["learningRate", "needs key=values"],
    ["learningRate=", "learningRate needs at least one value"],
    ["learningRate=1,,2", "none is empty"],
    ["learningRate=0 .. 1 log 3", "must be above zero"],
    ["learningRate=1 .. 2 .. 3", "1 .. 2 .. 3 is not a range"],
    ["learningRate=1 .. x 3", "1 .. x 3 is not a range"],
    ["learningRate=1 .. 2 99999", "at most 1000 are allowed"],
  ])("%s is refused", (text, sentence) => {
    expect(() => parseAxis(text)).toThrow(sentence);
  });
});

it.each([
  ["1e-4, 2e-4", true],
  ["1e-4..1e-3", true],
  ["1e-4 .. 1e-3 log", true],
  ["0.. 0.9", true],
  ["1e-4", false],
  ["0.", false],
])("%s is several values: %s", (text, several) => {
  expect(isSeveral(text)).toBe(several);
});

describe("a plan", () => {
  it("has every combination with every seed, and the data stay the same whatever the seed", () => {
    const own = { ...settings.data, source: "strokes", strokesSeed: null };
    const plan = manifest(["learningRate=1e-4,1e-3", "batchSize=32 .. 65 2"], {
      settings: { ...settings, data: own },
      seeds: [4, 5],
    });
    expect(plan.configurations.map(({ label }) => label)).toEqual([
      "Learning rate 1e-4, Batch size 32",
      "Learning rate 1e-4, Batch size 65",
      "Learning rate 0.001, Batch size 32",
      "Learning rate 0.001, Batch size 65",
    ]);
    expect(plan.entries).toHaveLength(8);
    expect(plan.entries[3]).toEqual({ run: "s-3", configuration: 1, seed: 5 });
    expect(settingsOf(plan, 3)).toMatchObject({
      seed: 5,
      schedule: { batchSize: 65 },
      data: { strokesSeed: 0 },
      optimizers: { generator: { learningRate: 1e-4 } },
    });
    expect(entryName(plan, 3)).toBe(
      "Learning rate 1e-4, Batch size 65 · seed 5",
    );
    expect(sweepManifestSchema.parse(JSON.parse(JSON.stringify(plan)))).toEqual(
      plan,
    );
    expect(trainsTheSame(plan, manifest(["batchSize=32"]))).toBe(false);
  });

  it("varies presets and data sets, and rounds where only whole numbers are allowed", () => {
    const plan = manifest([
      "preset=jaketae-mlp,lecture-dcgan",
      "dataset=strokes,mnist",
      "schedule.batchSize=16 .. 64 log 2",
    ]);
    expect(plan.configurations).toHaveLength(8);
    expect(plan.configurations[6].settings).toMatchObject({
      preset: "lecture-dcgan",
      data: { source: "mnist" },
      schedule: { batchSize: 16 },
    });
    const three = manifest(["batchSize=16 .. 63 4"]).configurations;
    expect(three.map((one) => one.settings.schedule.batchSize)).toEqual([
      16, 32, 47, 63,
    ]);
  });

  it("draws the same at random for the same seed, within the ranges", () => {
    const draw = (seed: number) =>
      manifest(["learningRate=1e-4 .. 1e-2 log", "loss=non-saturating"], {
        random: { count: 20, seed },
      }).configurations.map(({ values }) => values.learningRate as number);
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(Math.min(...draw(1))).toBeGreaterThanOrEqual(1e-4);
    expect(Math.max(...draw(1))).toBeLessThanOrEqual(1e-2);
    expect(draw(1).filter((rate) => rate < 1e-3).length).toBeGreaterThan(4);
  });

  it.each([
    [["learningRat=1"], "There is no setting learningRat; did you mean"],
    [["learningRate=-1"], "optimizers.generator.learningRate"],
    [["learningRate=1e-4,-1"], "The variant Learning rate -1: optimizers"],
    [["batchSize=1,2", "batchSize=3"], "batchSize is varied twice"],
    [
      ["batchSize=1 .. 500 500", "seed=1 .. 500 500"],
      "250000 runs; one sweep has at most 10000",
    ],
    [["seed=1,x"], "x is not a seed"],
  ])("%s is refused", (vary, sentence) => {
    expect(() => manifest(vary)).toThrow(sentence);
  });

  it("says what it takes before it starts", () => {
    const plan = planSweep(order(["batchSize=32,64"], { seeds: [0, 1] }));
    const cost = sweepCost(plan, () => 640, []);
    const epochs = settings.schedule.length.count;
    expect(cost).toMatchObject({
      runs: 4,
      steps: 2 * epochs * (20 + 10),
      measured: false,
    });
    expect(sweepCost(plan, () => null, []).steps).toBeNull();
    const { seconds, bytes } = sweepCost(plan, () => 640, []);
    expect(seconds).toBeGreaterThan(0);
    expect(bytes).toBeGreaterThan(1e6);
  });
});

describe("the median rule", () => {
  const rule = {
    metric: "quality/fd",
    grace: 200,
    configurations: 2,
  } as const;
  const run = (configuration: number, ...values: number[]) => ({
    configuration,
    values: values.map((value, index) => ({ step: 100 * (index + 1), value })),
    ended: false,
  });
  const good = [run(0, 9, 5, 4), run(0, 9, 6, 4), run(1, 9, 7, 6)];

  it("stops what is worse than the median of the other variants, by their best so far", () => {
    expect(earlyStopReason(rule, run(2, 9, 8, 8), good)).toBe(
      "Stopped early at step 300: its best FD until then was 8, the median of 2 other variants 5.",
    );
    expect(earlyStopReason(rule, run(2, 4.9, 8, 8), good)).toBeNull();
  });

  it("stops nothing in the grace period, before enough variants have come as far, or for its own seeds", () => {
    expect(earlyStopReason(rule, run(2, 99), good)).toBeNull();
    expect(earlyStopReason(rule, run(2, 9, 9, 9, 9), good)).toBeNull();
    const ended = good.map((one) => ({ ...one, ended: true }));
    expect(earlyStopReason(rule, run(2, 9, 9, 9, 9), ended)).not.toBeNull();
    expect(earlyStopReason(rule, run(1, 9, 9, 9), good)).toBeNull();
  });
});

it("the status is what the runs' folders say, and names exactly what is to be made up", () => {
  const plan = manifest(["seed=0,1,2,3,4,5,6,7"]);
  const run = (
    index: number,
    state: string,
    sweep: unknown = null,
  ): [string, RunListing] => [
    `s-${index}`,
    {
      kind: "run",
      samples: [],
      checkpoints: [],
      record: {
        id: `s-${index}`,
        state,
        sweep,
        reason: null,
        progress: { step: 5, totalSteps: 10, stepsPerEpoch: 1, seconds: 2 },
      },
    } as unknown as RunListing,
  ];
  const damaged: RunListing = {
    kind: "damaged",
    id: "s-3",
    reason: "Its run.json is damaged.",
    repairable: true,
  };
  const runs = new Map([
    run(0, "finished"),
    run(1, "diverged"),
    run(2, "interrupted"),
    ["s-3", damaged] as [string, RunListing],
    run(4, "training"),
    run(5, "stopped"),
    run(7, "stopped", { id: "s", index: 7, stoppedEarly: "Worse." }),
  ]);
  const queue = new Map([
    ["s-5", null],
    ["s-6", "The disk is full."],
  ]);
  const status = statusOf(plan, { runs, queue, tasks: null });
  expect(status.entries.map(({ state }) => state)).toEqual([
    "finished",
    "diverged",
    "interrupted",
    "damaged",
    "training",
    "waiting",
    "missing",
    "stopped early",
  ]);
  expect(status.unfinished).toEqual([2, 3, 6]);
  expect(status.done).toBe(false);
  expect(status.entries[6].reason).toBe("The disk is full.");

  // What a cluster still has of it needs no making up; what has a result keeps it.
  const task = (number: number, state: string | null) =>
    [number, { id: `7_${number}`, state, reason: null }] as const;
  const { entries, unfinished } = statusOf(plan, {
    runs,
    queue: new Map(),
    tasks: new Map([
      task(0, "FAILED"),
      task(2, "REQUEUED"),
      task(3, "NODE_FAIL"),
      task(4, "RUNNING"),
      task(5, "RUNNING"),
      task(6, "FAILED"),
    ]),
  });
  expect(entries.map(({ state }) => state)).toEqual([
    "finished",
    "diverged",
    "waiting",
    "damaged",
    "training",
    "waiting",
    "missing",
    "stopped early",
  ]);
  expect(unfinished).toEqual([3, 6]);
  expect(entries[2].reason).toBe("Task 7_2 waits in Slurm's queue again.");
  expect(entries[6].reason).toContain("Task 7_6 ended as FAILED");
});
