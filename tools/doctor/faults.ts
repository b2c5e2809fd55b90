/** Runs with known faults, by construction: each is one preset with one thing made wrong, at three strengths. */
import type { FindingId } from "../../src/shared/doctor/finding";

export interface Fault {
  name: string;
  /** The verdicts that name it; the mark of a healthy run is that nothing is named. */
  expected: FindingId[];
  preset: string;
  steps: number;
  /** `--set` of the mildest, the middle and the strongest. */
  strengths: string[][];
}

const small = ["data.size=16", "engine.threads=1", "engine.spinning=false"];
const of = (...sets: string[]) => [...small, ...sets];

export const faults: Fault[] = [
  {
    name: "d-wins",
    expected: ["d-wins"],
    preset: "jaketae-mlp",
    steps: 600,
    strengths: ["2e-5", "2e-6", "2e-7"].map((rate) =>
      of(`learningRateG=${rate}`),
    ),
  },
  {
    name: "rate-too-high",
    expected: ["rate-too-high", "diverged"],
    preset: "jaketae-mlp",
    steps: 600,
    strengths: ["0.005", "0.02", "0.1"].map((rate) =>
      of(`learningRate=${rate}`),
    ),
  },
  {
    name: "no-learning",
    expected: ["no-learning"],
    preset: "jaketae-mlp",
    steps: 400,
    strengths: ["1e-7", "1e-8", "1e-9"].map((rate) =>
      of(`learningRate=${rate}`),
    ),
  },
  {
    name: "too-little-data",
    expected: ["too-little-data", "d-memorises", "copies"],
    preset: "jaketae-mlp",
    steps: 1500,
    strengths: [256, 128, 64].map((count) =>
      of(`data.limit={"count":${count},"pick":"first"}`),
    ),
  },
  {
    name: "collapse",
    expected: ["collapse"],
    preset: "jaketae-mlp",
    steps: 600,
    strengths: ["2e-3", "5e-3", "2e-2"].map((rate) =>
      of(`learningRateG=${rate}`),
    ),
  },
  ...["jaketae-mlp", "wiseodd-mlp"].map((preset) => ({
    name: `healthy ${preset}`,
    expected: ["healthy", "cannot-tell"] as FindingId[],
    preset,
    steps: 1200,
    strengths: [of()],
  })),
];
