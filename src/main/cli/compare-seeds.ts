/** The table over seeds on the terminal: a line a metric and configuration. */
import { differenceWords } from "../../shared/comparison/over-seeds";
import type { Difference } from "../../shared/comparison/over-seeds";
import type { Compared, SeedRow } from "../../shared/comparison/seed-table";
import { formatValue } from "../../shared/format-value";
import { printLine, printTable } from "./terminal";
import type { Terminal } from "./terminal";

interface SeedTable {
  compared: Compared;
  rows: readonly SeedRow[];
  heading: string;
}

export function printOverSeeds(
  terminal: Terminal,
  { compared: { baseline, configurations }, rows, heading }: SeedTable,
): void {
  const against = configurations[baseline].name;
  printLine(terminal, "");
  printTable(terminal, [
    [
      heading,
      "CONFIGURATION",
      "SEEDS",
      "MEDIAN",
      "MEAN (95 %)",
      `MINUS ${against} (95 %)`,
      "VERDICT",
    ],
    ...rows.flatMap(({ label, cells, differences }) =>
      cells.flatMap((cell, index) => {
        if (!cell) return [];
        const difference = differences[index];
        return [
          [
            label,
            configurations[index].name,
            String(cell.values.length) +
              (cell.lost > 0 ? ` (${cell.lost} not finite)` : ""),
            formatValue(cell.median),
            valueText(cell.mean, cell.interval),
            difference ? differenceText(difference) : "-",
            difference ? differenceWords(difference) : "-",
          ],
        ];
      }),
    ),
  ]);
}

function differenceText(difference: Difference): string {
  if (difference.kind === "none") return "-";
  const { interval, kind, mean } = difference;
  return `${valueText(mean, interval)}${kind === "unpaired" ? ", not paired" : ""}`;
}

function valueText(
  value: number,
  interval: { low: number; high: number } | null,
): string {
  return interval
    ? `${formatValue(value)} (${formatValue(interval.low)} to ${formatValue(interval.high)})`
    : formatValue(value);
}
