/** What people read for a column. */
import { metricTitle } from "../metrics";
import { labelOfSetting } from "../settings/words";
import { parseColumn } from "./columns";
import type { PlainColumn, Statistic } from "./columns";

const plainTitles: Record<PlainColumn, string> = {
  id: "Id",
  name: "Name",
  state: "State",
  created: "Started",
  updated: "Changed",
  step: "Step",
  steps: "Steps planned",
  duration: "Time trained",
  speed: "Steps/s",
  rate: "Learning rate",
  seed: "Seed",
  preset: "Preset",
  data: "Data",
  engine: "Engine",
  device: "Device",
  parent: "Parent",
  tags: "Tags",
  group: "Group",
  sweep: "Sweep",
  notes: "Notes",
  reason: "Reason",
  verdict: "Verdict",
  color: "Color",
  disk: "Disk used",
  starred: "Starred",
  archived: "Archived",
  example: "Example",
  imported: "Imported from",
};

/** How a figure of a metric is called. */
export const statisticWords: Record<Statistic, string> = {
  last: "last",
  best: "best",
  min: "smallest",
  max: "largest",
  at: "at step",
};

/** `Learning rate`, `Batch size`, `G loss, best`; the name itself where it is no column. */
export function columnTitle(name: string): string {
  const column = parseColumn(name);
  switch (column?.kind) {
    case undefined:
      return name;
    case "plain":
      return plainTitles[column.name];
    case "setting":
      return labelOfSetting(column.path);
    case "metric": {
      const { metric, statistic, step } = column;
      const title = metricTitle(metric);
      if (statistic === "last") return title;
      const words = statisticWords[statistic];
      return `${title}, ${statistic === "at" ? `${words} ${step}` : words}`;
    }
    default:
      return column satisfies never;
  }
}
