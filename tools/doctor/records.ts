/**
 * What is kept of a calibration run: its curves as the doctor sees them (the mean and the peak of 40 parts), and its
 * measurements. A line of JSON each, small enough to be committed, so that the doctor can be held to them at any time.
 */
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type {
  Curve,
  RecordedRun,
  Stretch,
} from "../../src/shared/doctor/recorded";
import { Recorded } from "../../src/shared/doctor/recorded";
import { boundOf, measureKinds, measureNames } from "../../src/shared/quality";
import type { Measure, MeasureName, Measures } from "../../src/shared/quality";
import type { RunState } from "../../src/shared/run";
import type { TrainingSettings } from "../../src/shared/settings/settings";
import { settingsOf } from "./faults";
import type { Case } from "./faults";

type Numbers = (number | null)[];

export interface Line {
  id: string;
  /** Of its settings: those of another hash are trained anew. */
  settings: string;
  state: RunState;
  reason: string | null;
  images: number;
  /** What only they have, where the pixels show that. */
  shortcut?: string;
  /** Its first and last step. */
  steps: [first: number, last: number];
  checkpoints: number[];
  curves: Record<string, { means: Numbers; peaks: Numbers }>;
  measured: { step: number; measures: Record<string, Numbers> }[];
}

export const recordsFile = resolve(
  import.meta.dirname,
  "../../test/fixtures/doctor/calibration.jsonl",
);

/** Those that findings read. */
const tags = [
  "loss/discriminator",
  "loss/generator",
  "score/real",
  "score/fake",
  "gradient/discriminator",
  "gradient/generator",
];

/** The last of each run. */
export function readRecords(): Map<string, Line> {
  const text = existsSync(recordsFile) ? readFileSync(recordsFile, "utf8") : "";
  const lines = text.split("\n").filter(Boolean);
  return new Map(
    lines.map((line) => {
      const record = JSON.parse(line) as Line;
      return [record.id, record];
    }),
  );
}

export function append(line: Line): void {
  appendFileSync(recordsFile, `${JSON.stringify(line)}\n`);
}

/** Wherever its images are. */
export function hashOf(one: Case): string {
  const settings = JSON.stringify(settingsOf(one, one.fault.images));
  return createHash("sha256").update(settings).digest("hex").slice(0, 8);
}

export function lineOf(one: Case, run: RecordedRun): Line {
  const recorded = new Recorded(run);
  const curves: Line["curves"] = {};
  for (const tag of tags) {
    const stretches = recorded.stretches(tag);
    if (stretches)
      curves[tag] = {
        means: stretches.map(({ mean }) => short(mean)),
        peaks: stretches.map(({ peak }) => short(peak)),
      };
  }
  const { record, checkpoints, qualities } = run;
  return {
    id: one.id,
    settings: hashOf(one),
    state: record.state,
    reason: record.reason,
    images: record.data?.count ?? 0,
    shortcut: record.data?.shortcut,
    steps: [recorded.first, recorded.last],
    checkpoints: [...checkpoints],
    curves,
    measured: qualities.map(({ step, measures }) => ({
      step,
      measures: Object.fromEntries(
        measureNames.flatMap((name) => {
          const measure = measures[name];
          if ("reason" in measure) return [];
          const { value, low, high } = measure;
          return [[name, [value, low, high, boundOf(measure)].map(short)]];
        }),
      ),
    })),
  };
}

/** Four digits; what is not a number is null in JSON. */
function short(value: number | null): number | null {
  return value === null || !Number.isFinite(value)
    ? null
    : Number(value.toPrecision(4));
}

/** As the doctor reads it. */
export function recordedOf(one: Case, line: Line): Recorded {
  const settings = settingsOf(one, one.fault.images);
  return new Kept(settings, line);
}

class Kept extends Recorded {
  constructor(
    settings: TrainingSettings,
    private readonly line: Line,
  ) {
    const { id, state, reason, images, shortcut } = line;
    const { steps, checkpoints, measured } = line;
    const [first, last] = steps;
    const ends = { tags: [], values: [], times: new Float64Array(2) };
    super({
      record: {
        id,
        state,
        reason,
        settings,
        data: { title: "", hash: "", count: images, classes: null, shortcut },
        progress: {
          step: last,
          totalSteps: last,
          stepsPerEpoch: 1,
          seconds: 0,
        },
        metricNames: {},
        summary: {},
      },
      groups: [{ ...ends, steps: Float64Array.of(first, last) }],
      qualities: measured.map(({ step, measures }) => ({
        runId: id,
        step,
        extractor: {
          hash: "",
          kind: "classifier",
          features: 64,
          accuracy: null,
        },
        realSet: { title: "", hash: "", count: 500, part: "own images" },
        samples: 500,
        measures: Object.fromEntries(
          measureNames.map((name) => [name, measureFrom(name, measures[name])]),
        ) as Measures,
      })),
      checkpoints,
    });
  }

  override curve(metric: string): Curve | null {
    const stretches = this.stretches(metric);
    return (
      stretches && {
        steps: Float64Array.from(stretches, ({ to }) => to),
        values: stretches.map(({ mean }) => mean),
      }
    );
  }

  override stretches(metric: string): Stretch[] | null {
    if (!Object.hasOwn(this.line.curves, metric)) return null;
    const { means, peaks } = this.line.curves[metric];
    const [first, last] = this.line.steps;
    const length = (last - first + 1) / means.length;
    return means.map((mean, at) => ({
      from: Math.round(first + at * length),
      to: Math.round(first + (at + 1) * length) - 1,
      mean: mean ?? NaN,
      peak: peaks[at] ?? NaN,
    }));
  }
}

function measureFrom(name: MeasureName, numbers?: Numbers): Measure {
  if (!numbers) return { reason: "It was not measured." };
  const [value, low, high, bound] = numbers.map((it) => it ?? NaN);
  return measureKinds[name].bound === "floor"
    ? { value, low, high, floor: bound }
    : { value, low, high, ceiling: bound };
}
