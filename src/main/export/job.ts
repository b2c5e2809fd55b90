/** What every exporter gets and gives: a job to read from, and named streams of bytes to be written by `save.ts`. */
import type { MetricGroup } from "../../shared/curves/metric-group";
import { decodeMetrics } from "../../shared/contract/files";
import type { RunRecord } from "../../shared/run";
import type { RunStore } from "../runs/run-store";

/** The part of the library that exports read. */
export type ExportSource = Pick<
  RunStore,
  "get" | "metrics" | "samplePath" | "folder" | "readCheckpoint"
>;

export interface ExportJob {
  source: ExportSource;
  signal: AbortSignal;
  /** Tells that so many more pictures, or files of data, are done. */
  advance(count?: number): void;
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

/** A name that every file system takes: from what people call a run, never empty. */
export function safeName(text: string): string {
  const plain = text
    .normalize("NFKD")
    .replace(/[^\w.-]+/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    .slice(0, 60);
  return plain || "run";
}

/** `step-000400`: sorts as it counts. */
export function stepName(step: number): string {
  return `step-${String(step).padStart(6, "0")}`;
}
