/** What the runs are. */
import { formatSeconds } from "../shared/curves/axis";
import type { ReportRun } from "../shared/report";
import { runs, several } from "./data";
import { heading, section, table } from "./elements";

const facts: [label: string, of: (run: ReportRun) => string][] = [
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
  ["Training time", ({ record }) => formatSeconds(record.progress.seconds)],
  ["Seed", ({ record }) => String(record.settings?.seed ?? "unknown")],
  ["Started", ({ record }) => new Date(record.createdAt).toLocaleString()],
  ["Tags", ({ record }) => record.tags.join(", ")],
  ["Notes", ({ record }) => record.notes],
];

/** Facts that no run has are left out. */
export function factsSection(): void {
  const rows = facts.map(([label, of]) => [label, ...runs.map(of)]);
  section(
    several ? "Runs" : "Run",
    table(
      ["", ...runs.map((_, index) => heading(index))],
      rows.filter(([, ...cells]) => cells.some(Boolean)),
    ),
  );
}
