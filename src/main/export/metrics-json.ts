/** The whole record of runs with every metric, as JSON that any language reads. */
import type { MetricGroup } from "../../shared/curves/metric-group";
import type { Column } from "../../shared/curves/column";
import type { RunRecord } from "../../shared/run";
import { formatFigure } from "./metrics-table";

/**
 * Pieces of `{ format, version, runs: [{ record, metrics: [{ tags, steps, times, values }] }] }`; `values` has a list
 * per tag. JSON has no word for what is not finite, so those figures are the strings "NaN", "Infinity", "-Infinity".
 */
export function* jsonPieces(
  runs: readonly { record: RunRecord; groups: MetricGroup[] }[],
): Generator<string> {
  yield `{"format":"gan-workbench-runs","version":1,"runs":[`;
  for (const [index, { record, groups }] of runs.entries()) {
    yield `${index ? "," : ""}\n{"record":${JSON.stringify(record)},"metrics":[`;
    for (const [number, group] of groups.entries()) {
      yield `${number ? "," : ""}\n{"tags":${JSON.stringify(group.tags)},"steps":`;
      yield* list(group.steps, String);
      yield `,"times":`;
      yield* list(group.times, exact);
      yield `,"values":[`;
      for (const [column, values] of group.values.entries()) {
        if (column) yield ",";
        yield* list(values);
      }
      yield "]}";
    }
    yield "]}";
  }
  yield "]}\n";
}

function* list(
  values: Column,
  write: (value: number) => string = figure,
): Generator<string> {
  const few = 4096;
  yield "[";
  for (let start = 0; start < values.length; start += few)
    yield (
      (start ? "," : "") +
      Array.from(values.subarray(start, start + few), (value) =>
        write(value),
      ).join(",")
    );
  yield "]";
}

function exact(value: number): string {
  return Number.isFinite(value) ? String(value) : `"${value}"`;
}

function figure(value: number): string {
  return Number.isFinite(value) ? formatFigure(value) : `"${value}"`;
}
