/** What the doctor is calibrated on: presets as they are, and with one thing made wrong at three strengths. */
import type { FindingId } from "../../src/shared/doctor/finding";
import { fittedTo, withChanges } from "../../src/shared/settings/change";
import type { SettingChange } from "../../src/shared/settings/change";
import { findPreset } from "../../src/shared/settings/presets";
import type { TrainingSettings } from "../../src/shared/settings/settings";

export interface Fault {
  name: string;
  /** The findings that name it; none for what is sound by construction. */
  expected: FindingId[];
  preset: string;
  images: "strokes" | "digits" | "bordered";
  /** Pixels a side. */
  size: number;
  steps: number;
  /** Of the mildest, the middle and the strongest; one for what is sound. */
  strengths: SettingChange[][];
}

export interface Case {
  id: string;
  fault: Fault;
  /** 0 is the mildest. */
  strength: number;
  seed: number;
}

/** Thresholds and rules are set on these seeds; the table in the docs is of the others. */
export const tuningSeeds = [101, 102, 1, 2, 3, 4, 5];
export const testSeeds = [6, 7, 8, 9, 10];

const mlp = {
  preset: "jaketae-mlp",
  images: "strokes",
  size: 16,
  steps: 600,
} as const;

const faults: Fault[] = [
  {
    ...mlp,
    name: "d-wins",
    expected: ["d-wins"],
    strengths: [2e-5, 2e-6, 2e-7].map((rate) => [["learningRateG", rate]]),
  },
  {
    ...mlp,
    name: "rate-too-high",
    expected: ["rate-too-high", "diverged"],
    strengths: [0.005, 0.02, 0.1].map((rate) => [["learningRate", rate]]),
  },
  {
    ...mlp,
    name: "no-learning",
    expected: ["no-learning"],
    steps: 400,
    strengths: [1e-7, 1e-8, 1e-9].map((rate) => [["learningRate", rate]]),
  },
  {
    ...mlp,
    name: "too-little-data",
    expected: ["too-little-data", "d-memorises", "copies"],
    steps: 1500,
    strengths: [256, 128, 64].map(few),
  },
  {
    ...mlp,
    name: "collapse",
    expected: ["collapse"],
    strengths: [2e-3, 5e-3, 2e-2].map((rate) => [["learningRateG", rate]]),
  },
  {
    ...mlp,
    name: "data-shortcut",
    expected: ["data-shortcut"],
    images: "bordered",
    strengths: [2e-5, 2e-6, 2e-7].map((rate) => [["learningRateG", rate]]),
  },
  {
    ...mlp,
    name: "d-memorises",
    expected: ["d-memorises"],
    preset: "wiseodd-mlp",
    steps: 4000,
    strengths: [128, 96, 64].map(few),
  },
  {
    ...mlp,
    name: "copies",
    expected: ["copies"],
    preset: "wiseodd-mlp",
    steps: 8000,
    strengths: [48, 32, 16].map((count) => [
      ...few(count),
      ["schedule.batchSize", 16],
    ]),
  },
];

/** Every preset that trains fast, on both kinds of images, until it covers some of them. */
const sound: Fault[] = (
  [
    ["jaketae-mlp", 6000],
    ["wiseodd-mlp", 5000],
    ["lecture-mlp", 2000],
    ["jrtechs-gan", 3000],
    ["jrtechs-wgan", 3000],
    ["wgan-gp", 2000],
  ] as const
).flatMap(([preset, steps]) =>
  (["strokes", "digits"] as const).map((images) => ({
    name: `${preset} on ${images}`,
    expected: [],
    preset,
    images,
    size: 16,
    steps,
    strengths: [[]],
  })),
);

/** Sound ones first, so that false accusations show early. */
export const kinds: readonly Fault[] = [...sound, ...faults];

export function casesOf(
  chosen: readonly Fault[],
  seeds: readonly number[],
): Case[] {
  return chosen.flatMap((fault) =>
    seeds.flatMap((seed) =>
      fault.strengths.map((_, strength) => ({
        id: `${fault.name.replaceAll(" ", "-")}${fault.strengths.length > 1 ? `-${strength + 1}` : ""}-seed-${seed}`,
        fault,
        strength,
        seed,
      })),
    ),
  );
}

/** `source`: where its images are on this machine. */
export function settingsOf(
  { fault, strength, seed }: Case,
  source: string,
): TrainingSettings {
  const preset = findPreset(fault.preset);
  if (!preset) throw new Error(`There is no preset ${fault.preset}.`);
  const { settings } = preset;
  const small = withChanges(settings, [
    ["data.source", source],
    ["data.size", fault.size],
    // All seeds on the same images, which are drawn once.
    ["data.strokesSeed", fault.images === "strokes" ? 0 : null],
    ["data.heldOut", 0.1],
    ["schedule.length", { unit: "steps", count: fault.steps }],
    ["checkpoints.everySteps", Math.round(fault.steps / 4)],
    ["sampling.cadences", []],
    ["engine.id", "onnx"],
    ["engine.threads", 1],
    ["engine.spinning", false],
    ["seed", seed],
  ]);
  return withChanges(fittedTo(settings, small), fault.strengths[strength]);
}

function few(count: number): SettingChange[] {
  return [["data.limit", { count, pick: "first" }]];
}
