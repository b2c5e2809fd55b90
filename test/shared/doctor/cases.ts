/** Runs as curves, for the doctor: made here for the edges, or read from recorded trainings. */
import type { RecordedRun } from "../../../src/shared/doctor/recorded";
import { measureNames } from "../../../src/shared/quality";
import type {
  MeasureName,
  Measures,
  Quality,
} from "../../../src/shared/quality";

type Record = RecordedRun["record"];

const imported: Record = {
  id: "run",
  state: "imported",
  reason: null,
  settings: null,
  data: null,
  progress: { step: 0, totalSteps: 0, stepsPerEpoch: 0, seconds: 0 },
  metricNames: {},
  summary: {},
};

/** Curves by tag, a value a step from 1 on. */
export function runWith(
  curves: { [tag: string]: (step: number) => number },
  { steps = 400, ...change }: Partial<Record> & { steps?: number } = {},
): RecordedRun {
  const tags = Object.keys(curves);
  const count = { length: steps };
  return {
    record: { ...imported, ...change },
    groups: [
      {
        tags,
        steps: Float64Array.from(count, (_, row) => row + 1),
        times: new Float64Array(steps),
        values: tags.map((tag) =>
          Float64Array.from(count, (_, row) => curves[tag](row + 1)),
        ),
      },
    ],
    qualities: [],
    checkpoints: [],
  };
}

/** `[value, real]` of some measures at a step, with a narrow interval. */
export function qualityAt(
  step: number,
  given: { [name in MeasureName]?: [value: number, real: number] },
): Quality {
  const measures = Object.fromEntries(
    measureNames.map((name) => {
      const one = given[name];
      if (!one) return [name, { reason: "Not measured here." }];
      const [value, floor] = one;
      return [name, { value, low: value - 0.01, high: value + 0.01, floor }];
    }),
  ) as Measures;
  return {
    runId: "run",
    step,
    extractor: { hash: "", kind: "classifier", features: 64, accuracy: null },
    realSet: { title: "", hash: "", count: 500, part: "test part" },
    samples: 500,
    measures,
  };
}
