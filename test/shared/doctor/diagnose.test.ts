/** Verdicts at their edges, on curves made for them. */
import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/shared/doctor/diagnose";
import type { FindingId } from "../../../src/shared/doctor/finding";
import type { RecordedRun } from "../../../src/shared/doctor/recorded";
import { jaketaeMlp } from "../../../src/shared/settings/presets/jaketae-mlp";
import { qualityAt, runWith } from "./cases";

const { settings } = jaketaeMlp;
const data = { title: "", hash: "", count: 60_000, classes: null };
const ours = { settings, data, state: "finished" } as const;
const wave = (step: number) => 0.02 * Math.sin(step / 3);

const balanced = {
  "loss/discriminator": (step: number) => 1.2 + wave(step) + 1 / step,
  "loss/generator": (step: number) => 0.9 + wave(step) - 0.3 / step,
  "score/real": (step: number) => 0.6 + wave(step),
  "score/fake": (step: number) => 0.4 + wave(step),
  "gradient/discriminator": (step: number) => 1 + wave(step),
  "gradient/generator": (step: number) => 0.5 + wave(step),
};
const won = {
  ...balanced,
  "score/real": (step: number) => (step < 200 ? 0.6 : 0.99),
  "score/fake": (step: number) => (step < 200 ? 0.4 : 0.004),
};

const measured = (...qualities: RecordedRun["qualities"]): RecordedRun => ({
  ...runWith(balanced, ours),
  qualities,
  checkpoints: [100, 200, 300],
});

const cases: [string, RecordedRun, FindingId][] = [
  ["nothing recorded", runWith({}), "cannot-tell"],
  ["balance without measurements", runWith(balanced, ours), "cannot-tell"],
  [
    "a loss that is lost",
    runWith(
      { ...balanced, "loss/generator": (step) => (step < 300 ? 1 : NaN) },
      ours,
    ),
    "diverged",
  ],
  [
    "one NaN that passes",
    runWith(
      {
        ...balanced,
        "loss/generator": (step) =>
          step === 300 ? NaN : balanced["loss/generator"](step),
      },
      ours,
    ),
    "cannot-tell",
  ],
  ["D(G(z)) at nothing", runWith(won, ours), "d-wins"],
  [
    "an imported D loss at nothing",
    runWith({
      d_loss: (step) => (step < 200 ? 1.2 : 1e-9),
      g_loss: (step) => (step < 200 ? 1 : 14),
    }),
    "cannot-tell",
  ],
  [
    "D that won and lost again",
    runWith(
      {
        ...balanced,
        "score/fake": (step) => (step > 100 && step < 250 ? 0.001 : 0.4),
      },
      ours,
    ),
    "cannot-tell",
  ],
  [
    "still losses",
    runWith(
      { "loss/discriminator": () => 1.386, "loss/generator": () => 0.693 },
      ours,
    ),
    "no-learning",
  ],
  [
    "gradients that jump",
    runWith(
      {
        ...balanced,
        "gradient/discriminator": (step) => (step % 40 === 0 ? 900 : 1),
      },
      ours,
    ),
    "rate-too-high",
  ],
  [
    "few images, often",
    runWith(balanced, { ...ours, data: { ...data, count: 100 } }),
    "too-little-data",
  ],
  [
    "samples alike",
    measured(
      qualityAt(100, { diversity: [0.2, 1] }),
      qualityAt(300, { diversity: [0.19, 1] }),
    ),
    "collapse",
  ],
  [
    "samples alike that become less so",
    measured(
      qualityAt(100, { diversity: [0.2, 1] }),
      qualityAt(300, { diversity: [0.5, 1] }),
    ),
    "cannot-tell",
  ],
  [
    "samples alike early, while KID still falls",
    measured(
      qualityAt(100, { diversity: [0.2, 1], kid: [9, 0] }),
      qualityAt(300, { diversity: [0.19, 1], kid: [3, 0] }),
    ),
    "cannot-tell",
  ],
  [
    "the same, measured often, so that each fall is small",
    measured(
      ...Array.from({ length: 20 }, (_, i) =>
        qualityAt(20 * (i + 1), {
          diversity: [0.2, 1],
          kid: [9 * 0.93 ** i, 0],
        }),
      ),
    ),
    "cannot-tell",
  ],
  [
    "few images that G copies, all alike",
    measured(
      qualityAt(100, { diversity: [0.2, 1], memorisation: [0.9, 0.01] }),
      qualityAt(300, { diversity: [0.2, 1], memorisation: [0.95, 0.01] }),
    ),
    "copies",
  ],
  [
    "samples that are one, while KID still falls",
    measured(
      qualityAt(100, { diversity: [0, 1], kid: [9, 0] }),
      qualityAt(300, { diversity: [0, 1], kid: [3, 0] }),
    ),
    "collapse",
  ],
  [
    "D ahead of samples that still get better",
    {
      ...runWith(won, ours),
      qualities: [
        qualityAt(100, { kid: [9, 0] }),
        qualityAt(400, { kid: [3, 0] }),
      ],
    },
    "cannot-tell",
  ],
  [
    "D sure of samples that still get better",
    {
      ...runWith(
        { ...won, "score/fake": (step) => (step < 200 ? 0.4 : 1e-4) },
        ours,
      ),
      qualities: [
        qualityAt(100, { kid: [9, 0] }),
        qualityAt(400, { kid: [3, 0] }),
      ],
    },
    "d-wins",
  ],
  [
    "D that wins on images with a grey border",
    runWith(won, {
      ...ours,
      data: { ...data, shortcut: "All images have a grey border." },
    }),
    "data-shortcut",
  ],
  [
    "samples that are training images",
    measured(qualityAt(300, { memorisation: [0.4, 0.01] })),
    "copies",
  ],
  [
    "D that knows its images",
    measured(
      qualityAt(300, {
        dTrain: [0.9, 0.3],
        dHeldOut: [0.3, 0.9],
        dFake: [0.1, 0.3],
      }),
    ),
    "d-memorises",
  ],
  [
    "coverage that comes and goes",
    measured(
      ...[0.2, 0.6, 0.2, 0.7, 0.3].map((value, at) =>
        qualityAt(100 + 50 * at, { coverage: [value, 0.95] }),
      ),
    ),
    "cycling",
  ],
  [
    "samples that look real, told apart by D all the same",
    measured(
      ...[100, 200, 300].map((step) =>
        qualityAt(step, {
          dAuc: [1.01, 0.5],
          precision: [0.8, 0.9],
          coverage: [0.7, 0.95],
        }),
      ),
    ),
    "data-shortcut",
  ],
  [
    "a few good shapes, known again by D",
    measured(
      ...[100, 200, 300].map((step) =>
        qualityAt(step, {
          dAuc: [1.01, 0.5],
          precision: [0.8, 0.9],
          coverage: [0.12, 0.95],
        }),
      ),
    ),
    "cannot-tell",
  ],
  [
    "quality that rose and is flat",
    measured(
      ...[0.9, 0.2, 0.2].map((kid, at) =>
        qualityAt(100 * (at + 1), { kid: [kid, 0], diversity: [0.9, 1] }),
      ),
    ),
    "healthy",
  ],
  [
    "quality that was better once",
    measured(
      ...[0.9, 0.2, 0.5].map((kid, at) =>
        qualityAt(100 * (at + 1), { kid: [kid, 0], diversity: [0.9, 1] }),
      ),
    ),
    "cannot-tell",
  ],
];

it.each(cases)("%s", (_, run, verdict) => {
  const diagnosis = diagnose(run);
  expect(diagnosis.verdict).toBe(verdict);
  for (const { evidence, from, to, advice } of diagnosis.findings) {
    expect(from).toBeLessThanOrEqual(to);
    expect(evidence[0]).toMatch(/^[A-Z0-9].*\.$/);
    expect(advice).not.toBe("");
  }
});

it("names the step that KID falls from, not one that was better", () => {
  const run = measured(
    ...[0.6, 1.6, 1.1].map((kid, at) =>
      qualityAt(100 * (at + 1), { kid: [kid, 0], diversity: [0.9, 1] }),
    ),
  );
  const [{ evidence }] = diagnose(run).findings;
  expect(evidence[0]).toBe(
    "It is early: KID still falls, from 1.6 at step 200 to 1.1 at step 300.",
  );
});

describe("an imported log", () => {
  const names = {
    metricNames: {
      d_loss: "loss/discriminator",
      g_loss: "loss/generator",
    },
    summary: Object.fromEntries(
      ["d_loss", "g_loss"].map((tag) => [
        tag,
        { last: 0, min: 0, max: 0, minStep: 0, maxStep: 0 },
      ]),
    ),
  };

  it("is judged by its two losses under their own names", () => {
    const run = runWith(
      {
        d_loss: (step) => (step < 200 ? 1.2 : 1e-9),
        g_loss: (step) => (step < 200 ? 1 : 14),
      },
      names,
    );
    const { findings } = diagnose(run);
    expect(findings[0]).toMatchObject({ id: "d-wins", fork: null, to: 400 });
    expect(findings[0].from).toBeGreaterThan(190);
    expect(findings[0].from).toBeLessThan(215);
  });

  it("says which curves are missing", () => {
    const run = runWith({ d_loss: () => 1, g_loss: wave }, names);
    const [{ evidence }] = diagnose(run).findings;
    expect(evidence[0]).toBe("Not recorded: D(x), D(G(z)), gradient norms.");
  });
});

it("says of a run in its first second that it has just begun, and misses no curve", () => {
  const state = "training" as const;
  const none = { ...runWith({}, { state }), groups: [] };
  const few = runWith({ d_loss: () => 1 }, { state, steps: 3 });
  expect(diagnose(none).findings[0].evidence).toEqual([
    "It has just begun: 0 steps are recorded, and 20 are needed.",
  ]);
  expect(diagnose(few).findings[0].evidence).toEqual([
    "It has just begun: 3 steps are recorded, and 20 are needed.",
  ]);
});

it("forks from the last checkpoint before the trouble with one difference", () => {
  const run = { ...runWith(won, ours), checkpoints: [100, 150, 300] };
  const { fork } = diagnose(run).findings[0];
  expect(fork).toEqual({
    step: 150,
    changes: { "optimizers.discriminator.learningRate": 5e-5 },
    expects: { metric: "score/fake", above: true, value: 0.02, within: 200 },
  });
});

it("forks from the run's own beginning where every checkpoint is from after the trouble", () => {
  const late = { ...runWith(won, ours), checkpoints: [300] };
  expect(diagnose(late).findings[0].fork?.step).toBe(0);
  // A fork has none: its first checkpoint is all there is of before.
  const parent = { run: "20260101-000000-parent-000000", step: 250 };
  const record = { ...late.record, parent };
  expect(diagnose({ ...late, record }).findings[0].fork?.step).toBe(300);
});

it("lowers the rate that is far the higher, whichever network shows it", () => {
  const lost = {
    ...balanced,
    "loss/generator": (step: number) => (step < 300 ? 1 : NaN),
  };
  const { optimizers } = settings;
  const discriminator = { ...optimizers.discriminator, learningRate: 0.05 };
  const run = runWith(lost, {
    ...ours,
    settings: { ...settings, optimizers: { ...optimizers, discriminator } },
  });
  const [{ advice }] = diagnose({ ...run, checkpoints: [100] }).findings;
  expect(advice).toBe("Lower D's learning rate from 0.05 to 0.0002.");
});

it("offers the difference that the settings alone ask for", () => {
  const changed = { ...settings, data: { ...settings.data, range: "unit" } };
  const run = runWith(won, { ...ours, settings: changed as typeof settings });
  const [{ advice, fork }] = diagnose({ ...run, checkpoints: [100] }).findings;
  expect(advice).toMatch(/^G ends in Tanh/);
  expect(fork?.changes).toEqual({ "data.range": "symmetric" });
});

it("offers another rate with the worst finding only", () => {
  const run = {
    ...runWith(won, ours),
    qualities: [
      qualityAt(100, { diversity: [0.2, 1] }),
      qualityAt(300, { diversity: [0.19, 1] }),
    ],
    checkpoints: [100, 200],
  };
  const [first, second] = diagnose(run).findings;
  expect([first.id, second.id]).toEqual(["d-wins", "collapse"]);
  expect(first.fork).not.toBeNull();
  expect(second.fork).toBeNull();
});
