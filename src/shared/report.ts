/** What is inside a report beside its page: written by `main/export/report`, read by `src/report`. */
import type { Quality } from "./quality";
import type { RunRecord } from "./run";
import type { SettingRow } from "./settings/differences";

export interface ReportData {
  format: "gan-workbench-report";
  version: 1;
  title: string;
  madeAt: string;
  runs: ReportRun[];
  settings: SettingRow[];
  environment: SettingRow[];
  /** The newest measurement of each run; null where nothing was measured. Reports of earlier versions have none. */
  quality?: (Quality | null)[];
}

export interface ReportRun {
  record: RunRecord;
  color: string;
  metrics: ReportGroup[];
  /** Rows there are, and rows that are in here. */
  rows: { all: number; kept: number };
  samples: ReportSample[];
  /** How many steps have a saved grid; not all need be in here. */
  savedSamples: number;
  grid: ReportGrid | null;
  reproduce: string | null;
}

/** Values that are not finite are the strings "NaN", "Infinity" and "-Infinity". */
export interface ReportGroup {
  tags: string[];
  steps: number[];
  times: number[];
  values: (number | string)[][];
}

export interface ReportSample {
  step: number;
  /** A data: address. */
  picture: string;
}

/** Tiles in a picture of samples, a row of them, pixels a side and between. */
export interface ReportGrid {
  count: number;
  perRow: number;
  size: number;
  padding: number;
}
