/** A run's log lines made again from its curves: what the loop printed, without a second copy on disk. */
import type { MetricGroup } from "../../shared/curves/metric-group";
import type { LogLine, LogPage } from "../../shared/contract/runs";
import { formatLogLine } from "../../shared/log-line";
import { rowAt } from "../../shared/curves/search";
import type { RunRecord } from "../../shared/run";
import { metricsWith, stepMetrics } from "../../shared/metrics";
import type { MetricSettings } from "../../shared/metrics";
import { valueAt } from "../runs/curves/value-at";
import { Figures } from "../trainer/figures";
import { createSchedule, isDue, logCadence } from "../trainer/schedule";
import type { Place, Schedule } from "../trainer/schedule";

/**
 * The last `limit` lines before a step (null: of the whole run), ascending. A run that went on under new settings is
 * told in their words throughout. Empty for a run whose settings or data are not known.
 */
export function logPage(
  { data, settings }: Pick<RunRecord, "data" | "settings">,
  groups: readonly MetricGroup[],
  before: number | null,
  limit: number,
): LogPage {
  if (!settings || !data) return { lines: [], more: false };
  const schedule = createSchedule(settings, data.count);
  const { template } = settings.log;
  const cadence = logCadence(settings, schedule);
  const lines: LogLine[] = [];
  for (const step of stepsBackFrom(groups, before)) {
    const place = placeOf(schedule, step);
    if (!isDue(cadence, schedule, place)) continue;
    const figures = figuresAt(settings, groups, step);
    if (!figures) continue;
    if (lines.length === limit) return { lines: lines.reverse(), more: true };
    const values = figures.describe(schedule, place);
    lines.push({ step, line: formatLogLine(template, values) });
  }
  return { lines: lines.reverse(), more: false };
}

/** Every step that D took, from the last before `before` down. */
function* stepsBackFrom(
  groups: readonly MetricGroup[],
  before: number | null,
): Generator<number> {
  const steps = groups.find(({ tags }) => tags.includes(stepMetrics[0]))?.steps;
  if (!steps) return;
  const last = rowAt(steps, before === null ? Infinity : before - 1);
  for (let row = last; row >= 0; row--) yield steps[row];
}

function placeOf({ stepsPerEpoch }: Schedule, step: number): Place {
  return { step, stepInEpoch: ((step - 1) % stepsPerEpoch) + 1 };
}

/** Null at a step that broke the run: the loop ends there without a line. */
function figuresAt(
  settings: MetricSettings,
  groups: readonly MetricGroup[],
  step: number,
): Figures | null {
  const columns = stepMetrics.map((tag) =>
    Float32Array.of(valueAt(groups, tag, step) ?? NaN),
  );
  const figures = new Figures(new Set(metricsWith(settings)));
  const generatorUpdated = valueAt(groups, "loss/generator", step) !== null;
  return figures.take(columns, 0, generatorUpdated) === null ? figures : null;
}
