/** The last value and the extremes of each metric, brought up to date block by block. */
import type { MetricGroup } from "../../../shared/curves/metric-group";
import type { MetricSummary } from "../../../shared/run";
import { generatorMetrics, stepMetrics } from "../../../shared/metrics";
import type { MetricBlock } from "../../../shared/step";

export type Summaries = Record<string, MetricSummary>;

const generatorColumns = new Set<string>(generatorMetrics);

/** Adds the rows of a block to the summaries, in place. */
export function summarizeBlock(summaries: Summaries, block: MetricBlock): void {
  for (const tag of block.tags) {
    const index = stepMetrics.indexOf(tag);
    const onlyUpdated = generatorColumns.has(tag);
    for (let row = 0; row < block.rows; row++)
      if (!onlyUpdated || block.generatorUpdated[row])
        take(
          (summaries[tag] ??= noValues()),
          block.firstStep + row,
          block.columns[index][row],
        );
  }
}

/** The summaries of whole series: what `summarizeBlock` gives where it sees their rows one by one. */
export function summarizeGroups(groups: readonly MetricGroup[]): Summaries {
  const summaries: Summaries = {};
  for (const { tags, steps, values } of groups)
    tags.forEach((tag, index) => {
      const summary = (summaries[tag] = noValues());
      values[index].forEach((value, row) => {
        take(summary, steps[row], value);
      });
    });
  return summaries;
}

/** A value that is not a number is the last one, as null, but no extreme. */
function take(summary: MetricSummary, step: number, value: number): void {
  if (!Number.isFinite(value)) {
    summary.last = null;
    return;
  }
  summary.last = value;
  if (summary.min === null || value < summary.min) {
    summary.min = value;
    summary.minStep = step;
  }
  if (summary.max === null || value > summary.max) {
    summary.max = value;
    summary.maxStep = step;
  }
}

function noValues(): MetricSummary {
  return { last: null, min: null, max: null, minStep: null, maxStep: null };
}
