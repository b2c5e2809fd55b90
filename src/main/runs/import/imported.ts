/** The run that is made of another program's log: its record and what can be told of it. */
import { stat } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, join } from "node:path";
import type { MetricGroup } from "../../../shared/curves/metric-group";
import { recognizeMetrics } from "../../../shared/metric-names";
import type { Clock, RunRecord } from "../../../shared/run";
import { oneLine } from "../../../shared/safe-name";
import { writeAtomically } from "../../disk/atomic";
import type { FileLayer } from "../../disk/file-layer";
import { encodeLog } from "../curves/tensorboard/write-log";
import { eventFileName, newRunId } from "../folder/layout";
import { blankRecord, buildFolder } from "../folder/new-run";
import { writeRecord } from "../folder/record";
import { summarizeGroups } from "../recording/summary";
import { RunError } from "../run-error";
import { refuseBeyond } from "./limits";
import { curvesOf } from "./table";
import type { Table } from "./table";

/** Writes the run of a table; gives its id. Rejects with a RunError where no column holds numbers. */
export async function keepTable(
  files: FileLayer,
  library: string,
  table: Table,
  { path, stepColumn }: { path: string; stepColumn: string | null },
): Promise<string> {
  refuseBeyond(basename(path), { metrics: table.columns.length });
  const { groups, clock, notes } = curvesOf(table, stepColumn);
  if (groups.length === 0)
    throw new RunError(
      [
        `${path} has no column of numbers beside its steps.`,
        ...[...notes, ...table.warnings].slice(0, 3),
      ].join(" "),
    );
  // Files are read where they lie; one that has gone meanwhile is refused here.
  await stat(path);
  const now = new Date();
  const id = newRunId(basename(path), now);
  await buildFolder(files, library, id, async (folder) => {
    const log = join(folder, eventFileName(now, hostname()));
    await writeAtomically(files, log, encodeLog(groups));
    const warnings = [...notes, ...table.warnings];
    await writeRecord(
      files,
      folder,
      importedRecord({ id, now, path, warnings, groups, clock }),
    );
  });
  return id;
}

/** More is nothing that anyone reads, and a record has to stay small. */
const mostWarnings = 100;

/** The record of a run that another program wrote. */
export function importedRecord(log: {
  id: string;
  now: Date;
  path: string;
  warnings: readonly string[];
  groups: readonly MetricGroup[];
  clock: Clock;
}): RunRecord {
  const { id, now, path, groups } = log;
  return {
    ...blankRecord(id, now),
    name: nameOf(path),
    importedFrom: path,
    clock: log.clock,
    metricNames: recognizeMetrics(groups.flatMap(({ tags }) => tags)),
    progress: progressOf(groups, log.clock),
    summary: summarizeGroups(groups),
    events: shortened(log.warnings).map((text) => ({
      step: 0,
      time: now.getTime() / 1000,
      type: "warning" as const,
      text,
    })),
  };
}

/** What the file is called, as one line. */
function nameOf(path: string): string {
  return oneLine(basename(path)).slice(0, 200) || "Imported";
}

function shortened(warnings: readonly string[]): string[] {
  const more = warnings.length - mostWarnings;
  return more > 0
    ? [
        ...warnings.slice(0, mostWarnings),
        `There are ${more} more remarks like these.`,
      ]
    : [...warnings];
}

/** How far an imported log goes: its last step, and the time from its first row to its last. */
function progressOf(groups: readonly MetricGroup[], clock: Clock) {
  let step = 0;
  let first = Infinity;
  let last = -Infinity;
  for (const { steps, times } of groups)
    steps.forEach((value, row) => {
      step = Math.max(step, value);
      first = Math.min(first, times[row]);
      last = Math.max(last, times[row]);
    });
  const seconds = clock !== "unknown" && last > first ? last - first : 0;
  return { step, totalSteps: step, stepsPerEpoch: 0, seconds };
}
