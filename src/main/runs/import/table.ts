/** Numbers by row and column, as CSV and JSON lines give them, and the curves that they are. */
import { rowNumber } from "../../../shared/contract/runs";
import { columnOf } from "../../../shared/curves/column";
import type { MetricGroup } from "../../../shared/curves/metric-group";
import type { Clock } from "../../../shared/run";
import { RunError } from "../run-error";
import { noClock, readTimes } from "./clock";
import type { Times } from "./clock";
import { countSteps, numberRows, rowsOf } from "./steps";
import type { Steps } from "./steps";

export interface Table {
  /** All different. */
  columns: string[];
  /** A number for each column, NaN and infinities included; null where the cell holds none. */
  rows: (number | null)[][];
  /** Columns that are dates, whatever they are called; their numbers are seconds since 1970. */
  dates?: readonly number[];
  /** What was left out, and what was decided: a sentence each. */
  warnings: string[];
}

/** The curves of a table. */
export interface TableCurves {
  groups: MetricGroup[];
  clock: Clock;
  /** Null where the rows are numbered. */
  stepColumn: string | null;
  notes: string[];
}

const stepNames =
  /^(.*\/)?_?((global|train(er)?)[_ /]?)?(step|iteration|iter|it|batch|tick|update|minibatch|schritt)s?([_ ]?(idx|index|no|num|number|done|id))?$/i;
const epochNames =
  /^(.*\/)?_?(epochs?|epoche)([_ ]?(idx|index|no|num|number))?$/i;
const timeNames =
  /^_?(wall[_ ]?time|timestamps?|date[_ ]?time|date|created[_ ]?at|time|(relative|elapsed)[_ ]?time.*|elapsed|_?runtime|seconds|datum|uhrzeit|zeit(stempel)?|fecha|hora|heure)([_ ]?\(?(n|u|m)?s\)?)?$/i;
/** StyleGAN counts thousands of images; its own TensorBoard log uses them as steps. */
const kiloImages = /^progress\/kimg$/i;
/** What pandas calls a column of row labels. */
const unnamed = /^(unnamed: 0|column 1|index)$/i;

export const countsSomething = (name: string) =>
  [kiloImages, stepNames, epochNames, unnamed].some((one) => one.test(name));
export const isTimeName = (name: string) => timeNames.test(name);

/**
 * The curves, over the column that is asked for or the one that most likely counts steps. Columns that have numbers in
 * the same rows share a group. Throws a RunError where there is no such column.
 */
export function curvesOf(
  table: Table,
  asked: string | null = null,
): TableCurves {
  const { columns, rows } = table;
  const { column: stepColumn, steps } =
    asked === null ? likelySteps(table) : askedSteps(table, asked);
  const ordered = steps.order.map((row) => rows[row]);
  const time = findClock(table, ordered);
  const places = steps.order.map((row) => steps.steps[row] ?? 0);
  const members = columns.flatMap((_, column) =>
    column === time.column || (column === stepColumn && !steps.areRowNumbers)
      ? []
      : [column],
  );
  return {
    groups: groupsOf(columns, members, ordered, places, time.times),
    clock: time.clock,
    stepColumn: steps.areRowNumbers ? null : columns[stepColumn],
    notes: [...steps.notes, ...time.notes],
  };
}

/** The columns that steps can be counted by. */
export function stepColumns({ columns, rows }: Table): string[] {
  return columns.filter((_, column) =>
    rows.some((row) => Number.isInteger(row[column])),
  );
}

interface Chosen {
  column: number;
  steps: Steps;
}

function askedSteps(table: Table, asked: string): Chosen {
  if (asked === rowNumber)
    return { column: -1, steps: numberRows(table.rows.length) };
  const same = (name: string) =>
    name.trim().toLowerCase() === asked.trim().toLowerCase();
  const column = table.columns.findIndex(same);
  if (column < 0 || !table.rows.some((row) => row[column] !== null))
    throw new RunError(
      `There is no column of numbers called "${asked}"; there are ${listed(table.columns)}, and "${rowNumber}".`,
    );
  return { column, steps: stepsIn(table, column) };
}

/** The first column by name whose numbers tell the rows apart, else the first by name, else the rows' numbers. */
function likelySteps(table: Table): Chosen {
  const candidates = [kiloImages, stepNames, epochNames, unnamed].flatMap(
    (pattern) =>
      table.columns.flatMap((name, column) =>
        pattern.test(name.trim()) &&
        table.rows.some((row) => row[column] !== null)
          ? [column]
          : [],
      ),
  );
  const counted = candidates.map((column) => ({
    column,
    steps: stepsIn(table, column),
  }));
  const found =
    counted.find(({ steps }) => !steps.areRowNumbers) ?? counted.at(0);
  if (found) return found;
  return {
    column: -1,
    steps: numberRows(table.rows.length, [
      "No column counts steps: the row number is the step.",
    ]),
  };
}

function stepsIn(table: Table, column: number): Steps {
  const { columns, rows } = table;
  const name = columns[column];
  const metrics = columns.flatMap((one, index) =>
    index === column || countsSomething(one) || isTimeName(one) ? [] : [index],
  );
  const share = (row: number, other: number) =>
    metrics.some(
      (metric) => rows[row][metric] !== null && rows[other][metric] !== null,
    );
  const values = rows.map((row) => row[column]);
  if (!kiloImages.test(name)) return countSteps(name, values, share);
  return countKiloImages(name, values, share);
}

/** Whole thousands are what StyleGAN's own log counts in; where they are too coarse, single images are. */
function countKiloImages(
  name: string,
  values: readonly (number | null)[],
  share: (row: number, other: number) => boolean,
): Steps {
  const scaled = (factor: number) =>
    values.map((value) => value && Math.round(value * factor));
  const whole = values.every((value) => Number.isInteger(value ?? 0));
  const thousands = countSteps(name, scaled(1), share);
  const isTold = new Set(scaled(1)).size === new Set(values).size;
  if (isTold && !thousands.areRowNumbers)
    return {
      ...thousands,
      notes: [
        ...(whole
          ? []
          : [`${name} is rounded to whole thousands for the steps.`]),
        ...thousands.notes,
      ],
    };
  const images = countSteps(name, scaled(1000), share);
  return {
    ...images,
    notes: [`${name} is counted in single images.`, ...images.notes],
  };
}

/** Of the columns that are dates or named like a time: a clock, else seconds since the start. */
function findClock(
  { columns, dates = [] }: Table,
  rows: Table["rows"],
): Times & { column: number; notes: string[] } {
  const found = columns.flatMap((name, column) => {
    const isTime = timeNames.test(name.trim()) || dates.includes(column);
    if (!isTime) return [];
    const values = rows.map((row) => row[column]);
    if (values.every((value) => value === null)) return [];
    return [{ column, ...readTimes(values) }];
  });
  const best =
    found.find(({ clock }) => clock === "wall") ??
    found.find(({ clock }) => clock === "elapsed");
  if (best)
    return {
      ...best,
      notes:
        best.without > 0
          ? [
              `${rowsOf(best.without)} without a time in ${columns[best.column]} took that of the row before.`,
            ]
          : [],
    };
  const names = found.map(({ column }) => columns[column]);
  return {
    column: -1,
    ...noClock(rows.length),
    notes: names.map(
      (name) =>
        `${name} cannot be a clock and is kept as a metric: clock unknown.`,
    ),
  };
}

function groupsOf(
  columns: readonly string[],
  members: readonly number[],
  rows: Table["rows"],
  steps: readonly number[],
  times: readonly number[],
): MetricGroup[] {
  const groups = new Map<string, { columns: number[]; kept: number[] }>();
  for (const column of members) {
    const kept = Array.from(rows.keys()).filter(
      (row) => rows[row][column] !== null,
    );
    if (kept.length === 0) continue;
    const key = kept.length === rows.length ? "all" : kept.join();
    const group = groups.get(key) ?? { columns: [], kept };
    group.columns.push(column);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ columns: own, kept }) => ({
    tags: own.map((column) => columns[column]),
    steps: Float64Array.from(kept, (row) => steps[row]),
    times: Float64Array.from(kept, (row) => times[row]),
    values: own.map((column) =>
      columnOf(kept.map((row) => rows[row][column] ?? NaN)),
    ),
  }));
}

/** At most eight of them. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => `"${name}"`);
  const more = names.length - shown.length;
  return shown.join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** The same names, told apart where they are equal, with a sentence for each that was. */
export function toldApart(names: readonly string[]): {
  names: string[];
  notes: string[];
} {
  const taken = new Set(names);
  const seen = new Set<string>();
  const notes: string[] = [];
  const apart = names.map((name) => {
    if (!seen.has(name)) {
      seen.add(name);
      return name;
    }
    let number = 2;
    while (taken.has(`${name} (${number})`)) number++;
    const other = `${name} (${number})`;
    taken.add(other);
    notes.push(
      `There are several "${name}"; one of them is called "${other}".`,
    );
    return other;
  });
  return { names: apart, notes };
}
