/**
 * The tables of docs/quality.md: a table a stamp, because presets for other sizes of images have extractors of their own;
 * a row a preset; in it the mean over seeds with its interval.
 */
import { formatValue } from "../../src/shared/format-value";
import { isAlike, measureKinds, stampOf } from "../../src/shared/quality";
import { tutorials } from "../../src/shared/settings/presets";
import { columns } from "./measured";
import type { Measured } from "./measured";

/** Student's t, two-sided, 95 %, by degrees of freedom. */
const student = [NaN, 12.71, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306];

export function tablesOf(all: readonly Measured[]): string {
  const rows = tutorials.flatMap(({ id }) => {
    const seeds = mostSeeds(all.filter(({ runId }) => presetOf(runId) === id));
    return seeds.length === 0 ? [] : [{ id, seeds }];
  });
  const tables: { stamp: Measured; rows: typeof rows }[] = [];
  for (const row of rows) {
    const [stamp] = row.seeds;
    const known = tables.find((table) => isAlike(table.stamp, stamp));
    if (known) known.rows.push(row);
    else tables.push({ stamp, rows: [row] });
  }
  if (tables.length === 0) return "Nothing is measured yet.";
  return tables
    .map((table) => `${stampOf(table.stamp)}\n\n${drawTable(table)}`)
    .join("\n\n");
}

function presetOf(runId: string): string {
  return runId.replace(/^table-/, "").replace(/-\d+$/, "");
}

/** Of one stamp and length: those that most seeds have, the longest among as many. */
function mostSeeds(all: readonly Measured[]): Measured[] {
  const [first] = all
    .map((one) =>
      all.filter((other) => other.step === one.step && isAlike(other, one)),
    )
    .sort((a, b) => b.length - a.length || b[0].step - a[0].step);
  return first ?? [];
}

function drawTable({
  stamp,
  rows,
}: {
  stamp: Measured;
  rows: readonly { id: string; seeds: readonly Measured[] }[];
}): string {
  const head = [
    "preset",
    "steps",
    "seeds",
    ...columns.map((name) => measureKinds[name].title),
  ];
  return [
    head,
    head.map(() => "---"),
    ["real images", "", "", ...columns.map((name) => boundOf(stamp, name))],
    ...rows.map(({ id, seeds }) => [
      id,
      seeds[0].step.toLocaleString("en"),
      String(seeds.length),
      ...columns.map((name) => cell(seeds, name)),
    ]),
  ]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function boundOf({ measures }: Measured, name: (typeof columns)[number]) {
  const measure = measures[name];
  if ("floor" in measure) return formatValue(measure.floor);
  return "ceiling" in measure ? formatValue(measure.ceiling) : "–";
}

/** Mean and half width over seeds; of a single seed its own interval, which says nothing of other seeds. */
function cell(
  seeds: readonly Measured[],
  name: (typeof columns)[number],
): string {
  const found = seeds.flatMap(({ measures: { [name]: measure } }) =>
    "value" in measure ? [measure] : [],
  );
  const count = found.length;
  if (count === 0) return "–";
  if (count === 1)
    return `${formatValue(found[0].value)} (${formatValue(found[0].low)} to ${formatValue(found[0].high)})`;
  const mean = found.reduce((sum, { value }) => sum + value, 0) / count;
  const squares = found.reduce(
    (sum, { value }) => sum + (value - mean) ** 2,
    0,
  );
  const half =
    (student[count - 1] * Math.sqrt(squares / (count - 1))) / Math.sqrt(count);
  return `${formatValue(mean)} ± ${formatValue(half)}`;
}
