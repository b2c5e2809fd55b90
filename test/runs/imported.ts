/** Imports of files that a test writes itself. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { encodeLog } from "../../src/main/runs/curves/tensorboard/write-log";
import type { ImportOptions, RunStore } from "../../src/main/runs/run-store";
import type { MetricGroup } from "../../src/shared/curves/metric-group";
import { columnOf } from "../../src/shared/curves/column";
import type { RunRecord } from "../../src/shared/run";
import { curves, temporaryFolder, temporaryStore } from "./library";

export interface Imported {
  store: RunStore;
  record: RunRecord;
  samples: number[];
  groups: MetricGroup[];
  /** What was said. */
  remarks: string[];
}

/** Imports one file with the given content. */
export async function importedFile(
  name: string,
  content: string | Uint8Array,
  options: ImportOptions = {},
): Promise<Imported> {
  return importedFolder({ [name]: content }, name, options);
}

/** Writes the files into a folder, and imports it, or one path in it. */
export async function importedFolder(
  files: Readonly<Record<string, string | Uint8Array>>,
  path = ".",
  options: ImportOptions = {},
): Promise<Imported> {
  const folder = await temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  const store = await temporaryStore();
  const listing = await store.importFile(join(folder, path), options);
  if (listing.kind === "damaged") throw new Error(listing.reason);
  const { record, samples } = listing;
  const groups = await curves(store, record.id);
  const remarks = record.events.map(({ text }) => text);
  return { store, record, samples, groups, remarks };
}

/** An event file with one curve a tag. */
export function eventFile(
  series: Readonly<Record<string, [step: number, value: number][]>>,
  timeOf: (row: number) => number = (row) => 1.7e9 + row,
): Uint8Array {
  return encodeLog(
    Object.entries(series).map(([tag, rows]) => ({
      tags: [tag],
      steps: Float64Array.from(rows, ([step]) => step),
      times: Float64Array.from(rows, (_, row) => timeOf(row)),
      values: [columnOf(rows.map(([, value]) => value))],
    })),
  );
}
