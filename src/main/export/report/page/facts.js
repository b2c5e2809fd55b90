/* What the runs are. */
import { runs, several } from "./data.js";
import { section, table, heading } from "./elements.js";

export function duration(seconds) {
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  return seconds < 7200
    ? `${(seconds / 60).toFixed(1)} min`
    : `${(seconds / 3600).toFixed(1)} h`;
}

export const facts = [
  [
    "State",
    ({ record }) => [record.state, record.reason].filter(Boolean).join(": "),
  ],
  [
    "Preset",
    ({ record }) => record.settings?.preset ?? "another program's log",
  ],
  [
    "Data",
    ({ record }) =>
      record.data
        ? `${record.data.title}, ${record.data.count} images`
        : "unknown",
  ],
  [
    "Steps",
    ({ record }) => `${record.progress.step} of ${record.progress.totalSteps}`,
  ],
  ["Training time", ({ record }) => duration(record.progress.seconds)],
  ["Seed", ({ record }) => String(record.settings?.seed ?? "unknown")],
  ["Begun", ({ record }) => new Date(record.createdAt).toLocaleString()],
  ["Tags", ({ record }) => record.tags.join(", ")],
  ["Notes", ({ record }) => record.notes],
];
section(
  several ? "Runs" : "Run",
  table(
    ["", ...runs.map((_, index) => heading(index))],
    facts
      .map(([label, of]) => [label, ...runs.map(of)])
      .filter((row) => row.slice(1).some(Boolean)),
  ),
);
