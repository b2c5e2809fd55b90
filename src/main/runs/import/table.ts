/** Numbers by row and column, as CSV and JSON lines give them, and the run that is made of them. */
import { stat } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, join } from "node:path";
import type { MetricGroup } from "../../../shared/curves/metric-group";
import { writeAtomically } from "../../disk/atomic";
import type { FileLayer } from "../../disk/file-layer";
import { eventFileName, newRunId } from "../folder/layout";
import { blankRecord, buildFolder } from "../folder/new-run";
import { writeRecord } from "../folder/record";
import { RunError } from "../run-error";
import { refuseBeyond } from "./limits";
import { summarizeGroups } from "../recording/summary";
import { encodeLog } from "../curves/tensorboard/write-log";

export interface Table {
  columns: string[];
  /** A number for each column, NaN and infinities included; null where the cell is empty. */
  rows: (number | null)[][];
  /** What was left out, a sentence each. */
  warnings: string[];
}

/** Writes the run of a table; gives its id. Rejects with a RunError where no column holds numbers. */
export async function keepTable(
  files: FileLayer,
  library: string,
  table: Table,
  path: string,
): Promise<string> {
  refuseBeyond(basename(path), { metrics: table.columns.length });
  const groups = groupsOf(table, (await stat(path)).mtimeMs / 1000);
  if (groups.length === 0)
    throw new RunError(`${path} has no column of numbers beside its steps.`);
  const now = new Date();
  const id = newRunId(basename(path), now);
  await buildFolder(files, library, id, async (folder) => {
    const log = join(folder, eventFileName(now, hostname()));
    await writeAtomically(files, log, encodeLog(groups));
    await writeRecord(files, folder, {
      ...importedRecord(id, now, path, table.warnings),
      progress: progressOf(groups),
      summary: summarizeGroups(groups),
    });
  });
  return id;
}

/** The record of a run that another program wrote. */
export function importedRecord(
  id: string,
  now: Date,
  path: string,
  warnings: readonly string[],
) {
  return {
    ...blankRecord(id, now),
    name: basename(path).slice(0, 200),
    importedFrom: path,
    events: warnings.map((text) => ({
      step: 0,
      time: now.getTime() / 1000,
      type: "warning" as const,
      text,
    })),
  };
}

/** How far an imported log goes: its last step, and the time from its first row to its last. */
export function progressOf(groups: readonly MetricGroup[]) {
  let step = 0;
  let first = Infinity;
  let last = -Infinity;
  for (const { steps, times } of groups)
    steps.forEach((value, row) => {
      step = Math.max(step, value);
      first = Math.min(first, times[row]);
      last = Math.max(last, times[row]);
    });
  const seconds = last > first ? last - first : 0;
  return { step, totalSteps: step, stepsPerEpoch: 0, seconds };
}

const stepNames =
  /^_?(global[_ ]?step|step|steps|iteration|iter|iterations|batch|tick)$/i;
const epochNames = /^epochs?$/i;
const timeNames = /^_?(wall[_ ]?time|timestamp|time)$/i;
/** StyleGAN counts thousands of images; its own TensorBoard log uses them as steps. */
const kiloImages = /^progress\/kimg$/i;

/** Columns that have numbers in the same rows share a group. */
function groupsOf(table: Table, defaultTime: number): MetricGroup[] {
  const { columns, rows } = table;
  const stepColumn = find(columns, [kiloImages, stepNames, epochNames]);
  const timeColumn = find(columns, [timeNames]);
  const steps = rows.map((row, index) =>
    stepColumn < 0 ? index + 1 : toStep(row[stepColumn]),
  );
  const groups = new Map<string, { tags: string[]; columns: number[] }>();
  columns.forEach((tag, column) => {
    if (column === stepColumn || column === timeColumn) return;
    const present = rows.map((row) => (row[column] === null ? "0" : "1"));
    if (!present.includes("1")) return;
    const key = present.join("");
    const group = groups.get(key) ?? { tags: [], columns: [] };
    group.tags.push(tag);
    group.columns.push(column);
    groups.set(key, group);
  });
  return [...groups.values()].map(({ tags, columns: members }) => {
    const kept = rows.flatMap((row, index) =>
      row[members[0]] !== null && steps[index] !== null
        ? [{ row, step: steps[index] }]
        : [],
    );
    return {
      tags,
      steps: Float64Array.from(kept, ({ step }) => step),
      times: Float64Array.from(kept, ({ row }) =>
        timeColumn < 0 ? defaultTime : toSeconds(row[timeColumn], defaultTime),
      ),
      values: members.map((column) =>
        Float32Array.from(kept, ({ row }) => row[column] ?? NaN),
      ),
    };
  });
}

function find(columns: readonly string[], patterns: readonly RegExp[]): number {
  for (const pattern of patterns) {
    const index = columns.findIndex((name) => pattern.test(name.trim()));
    if (index >= 0) return index;
  }
  return -1;
}

/** Null for what is no step: an empty cell, a negative number, NaN. */
function toStep(value: number | null): number | null {
  if (value === null || !Number.isFinite(value) || value < 0) return null;
  return Math.min(Math.round(value), Number.MAX_SAFE_INTEGER);
}

/** Numbers of this size are milliseconds. */
const milliseconds = 1e11;

function toSeconds(value: number | null, otherwise: number): number {
  if (value === null || !Number.isFinite(value)) return otherwise;
  return value > milliseconds ? value / 1000 : value;
}
