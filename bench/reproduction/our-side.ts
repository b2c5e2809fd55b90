/** The application trains a preset for a while, and its lines become the run's. */
import type { MetricGroup } from "../../src/shared/curves/metric-group";
import type { StepMetric } from "../../src/shared/metrics";
import type { RunRecord } from "../../src/shared/run";
import type { TrainingSettings } from "../../src/shared/settings/settings";
import { KeptRuns } from "../kept-runs";
import type { Line } from "./lines";
import type { ReproducedRun } from "./result";

/** The figures of a line, in their order. */
const columns: StepMetric[] = [
  "loss/discriminator",
  "loss/generator",
  "score/real",
  "score/fake",
  "score/fake_after",
];

export class OurSide {
  private constructor(private readonly runs: KeptRuns) {}

  static async open(folder: string): Promise<OurSide> {
    return new OurSide(await KeptRuns.open(folder));
  }

  /** Trains for so many seconds at most. Rejects where the run fails. */
  async train(
    settings: TrainingSettings,
    seconds: number,
    printed: number[],
    run: ReproducedRun,
  ): Promise<RunRecord> {
    const id = runId(settings.preset, settings.seed);
    const record = await this.runs.train(id, settings, seconds);
    run.step = record.progress.step;
    run.lines = [...linesOf(await this.runs.curves(id), printed)];
    return record;
  }

  /** The run's grids from the first to the last, a row a step, as one picture; none where the run was made elsewhere. */
  async drawSamples(preset: string, seed: number, path: string): Promise<void> {
    if (!(await this.runs.find(runId(preset, seed)))) return;
    const look = {
      tiles: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      perRow: 10,
      padding: 2,
      scale: 1,
      resample: "nearest",
      labels: true,
      background: null,
    } as const;
    await this.runs.application.saveExport(
      {
        format: "sheet",
        run: runId(preset, seed),
        rows: 6,
        look: { ...look, tiles: [...look.tiles], caption: [] },
      },
      path,
      { id: "samples", force: true, signal: new AbortController().signal },
    );
  }

  close(): Promise<void> {
    return this.runs.close();
  }
}

function runId(preset: string, seed: number): string {
  return `${preset}-seed-${seed}`;
}

/** None of a run that has no curve yet. G's figures stay those of its last update, as the tutorials' variables do. */
function* linesOf(
  groups: readonly MetricGroup[],
  printed: readonly number[],
): Generator<Line & number[]> {
  if (groups.length === 0) return;
  const found = columns.map((tag) => {
    const group = groups.find(({ tags }) => tags.includes(tag));
    if (!group) throw new Error(`The run has no ${tag}.`);
    return {
      steps: group.steps,
      values: group.values[group.tags.indexOf(tag)],
      at: -1,
    };
  });
  const last = Math.max(...found.map(({ steps }) => steps.at(-1) ?? 0));
  for (const step of printed) {
    if (step > last) return;
    yield [
      step,
      ...found.map((column) => {
        while (column.steps[column.at + 1] <= step) column.at++;
        return column.values[column.at];
      }),
    ];
  }
}
