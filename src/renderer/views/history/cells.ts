/** How a value stands in a cell of the history's table. */
import { formatValue } from "../../../shared/format-value";
import { parseColumn } from "../../../shared/query/columns";
import type { Cell } from "../../../shared/query/columns";
import type { Spread } from "../../../shared/query/groups";
import { findingIds, findingTitles } from "../../../shared/doctor/finding";
import { settingInWords } from "../../../shared/settings/words";
import { runStates } from "../../../shared/run";
import type { RunState } from "../../../shared/run";
import { describeState } from "../../components/run-state";
import {
  formatAge,
  formatBytes,
  formatCount,
  formatDuration,
} from "../../format";

/** How the runs that cannot be read are called. */
export const damagedWords = "Cannot be read";

export function cellText(name: string, cell: Cell): string {
  if (cell === null || cell === "") return "–";
  if (typeof cell === "object") return cell.join(" · ") || "–";
  const column = parseColumn(name);
  if (column?.kind === "setting" && typeof cell !== "number")
    return settingInWords(column.path, cell);
  if (typeof cell === "boolean") return cell ? "yes" : "no";
  if (typeof cell === "string") return textOf(name, cell);
  if (column?.kind === "metric") return formatValue(cell);
  if (column?.kind === "plain") return numberOf(column.name, cell);
  return settingText(cell);
}

/** What the cell leaves out; null where it says everything. */
export function cellTitle(name: string, cell: Cell): string | undefined {
  if (typeof cell === "string" && isDate(name))
    return new Date(cell).toLocaleString();
  if (typeof cell === "number") return String(cell);
  return cell === null ? undefined : cellText(name, cell);
}

/** Of a group: the median, and from the smallest to the largest. */
export function spreadTexts(
  name: string,
  { low, high, median }: Spread,
): { median: string; range: string } {
  const [a, b] = [cellText(name, low), cellText(name, high)];
  return {
    median: cellText(name, median),
    range: a === b ? "" : `${a} – ${b}`,
  };
}

function isDate(name: string): boolean {
  return name === "created" || name === "updated";
}

function textOf(name: string, text: string): string {
  if (isDate(name)) return formatAge(text);
  if (name === "verdict") return verdictText(text);
  if (name !== "state") return text;
  const state = runStates.find((one) => one === text);
  return state ? describeState(state) : damagedWords;
}

function verdictText(text: string): string {
  const id = findingIds.find((one) => one === text);
  return id ? findingTitles[id] : text;
}

export function stateOf(cell: Cell): RunState | null {
  return runStates.find((one) => one === cell) ?? null;
}

function numberOf(name: string, value: number): string {
  if (name === "disk") return formatBytes(value);
  if (name === "duration") return formatDuration(value);
  if (name === "step" || name === "steps") return formatCount(value);
  return name === "speed" ? formatValue(value) : settingText(value);
}

/** As somebody typed it: `0.0002`, `1e-8`, `60,000` would be another number. */
function settingText(value: number): string {
  return String(Number(value.toPrecision(6)));
}
