/** What every exporter gets and gives: a job to read from, and named streams of bytes to be written by `save.ts`. */
import type { MetricGroup } from "../../shared/curves/metric-group";
import { decodeMetrics } from "../../shared/contract/files";
import type { RunRecord } from "../../shared/run";
import type { RunStore } from "../runs/run-store";

/** The part of the library that exports read. */
export type ExportSource = Pick<
  RunStore,
  "get" | "metrics" | "samplePath" | "folder" | "readCheckpoint" | "qualities"
>;

export interface ExportJob {
  source: ExportSource;
  signal: AbortSignal;
  /** Tells that so many more pictures, or files of data, are done. */
  advance(count?: number): void;
  /** Tells of a file that cannot be shown, so that the export is made without it. May be told more than once. */
  leaveOut(file: LeftOut): void;
}

export interface LeftOut {
  run: string;
  /** In the run's folder. */
  name: string;
  /** Without a full stop. */
  reason: string;
}

/** What an export leaves out, each file once. */
export class LeftOuts {
  private readonly byName = new Map<string, LeftOut>();

  add(file: LeftOut): void {
    this.byName.set(`${file.run}/${file.name}`, file);
  }

  get files(): LeftOut[] {
    return [...this.byName.values()];
  }

  /** A sentence each. */
  get sentences(): string[] {
    return this.files.map(
      ({ name, reason }) => `${name} was left out: ${reason}.`,
    );
  }
}

/** One file of an export. Its bytes are made while they are read, once. */
export interface ExportEntry {
  /** Relative to the export, with forward slashes. */
  name: string;
  body: AsyncIterable<Uint8Array>;
}

/** A run that can be exported: its record and what is saved of it. */
export interface ExportRun {
  record: RunRecord;
  samples: number[];
  checkpoints: number[];
}

/** What cannot be exported and why, in one sentence. */
export class ExportError extends Error {
  override name = "ExportError";
}

/** Rejects with a sentence where the run is damaged. */
export async function readRun(
  source: ExportSource,
  id: string,
): Promise<ExportRun> {
  const listing = await source.get(id);
  if (listing.kind === "damaged")
    throw new ExportError(
      `The run ${id} cannot be exported: ${listing.reason}`,
    );
  return listing;
}

/** Every row, that of step 0 included where there is one. */
export async function readMetrics(
  source: ExportSource,
  id: string,
): Promise<MetricGroup[]> {
  const bytes = await source.metrics(id, -1);
  return decodeMetrics(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
  );
}

/** One piece of bytes or text as the body of an entry. */
export async function* once(
  content: Uint8Array | string,
): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(
    typeof content === "string" ? new TextEncoder().encode(content) : content,
  );
}

/** `step-000400`: sorts as it counts. */
export function stepName(step: number): string {
  return `step-${String(step).padStart(6, "0")}`;
}
