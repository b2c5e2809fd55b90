/** Metrics and records as files of data. */
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isEventFile } from "../runs/folder/layout";
import type { ExportEntry, ExportJob } from "./job";
import { ExportError, readMetrics, readRun } from "./job";
import { jsonPieces } from "./metrics-json";
import { csvLines } from "./metrics-table";

export async function csvBody(
  runs: readonly string[],
  job: ExportJob,
): Promise<AsyncIterable<Uint8Array>> {
  const tables = await Promise.all(
    runs.map(async (id) => {
      const { record } = await readRun(job.source, id);
      const { stepsPerEpoch } = record.progress;
      const groups = await readMetrics(job.source, id);
      return { id, stepsPerEpoch, clock: record.clock, groups };
    }),
  );
  return inPieces(csvLines(tables), job);
}

export async function jsonBody(
  runs: readonly string[],
  job: ExportJob,
): Promise<AsyncIterable<Uint8Array>> {
  const records = await Promise.all(
    runs.map(async (id) => ({
      record: (await readRun(job.source, id)).record,
      groups: await readMetrics(job.source, id),
    })),
  );
  return inPieces(jsonPieces(records), job);
}

/** The run's event files as they are. */
export async function* eventFiles(
  id: string,
  job: ExportJob,
): AsyncGenerator<ExportEntry> {
  const folder = job.source.folder(id);
  const names = (await readdir(folder)).filter(isEventFile).sort();
  if (names.length === 0)
    throw new ExportError(`The run ${id} has no event file yet.`);
  for (const name of names) {
    yield { name, body: createReadStream(join(folder, name)) };
    job.advance();
  }
}

/** Text gathered into pieces of a useful size; between them others get their turn. */
async function* inPieces(
  texts: Iterable<string>,
  job: ExportJob,
): AsyncGenerator<Uint8Array> {
  let gathered = "";
  for (const text of texts) {
    gathered += text;
    if (gathered.length < 1 << 16) continue;
    job.signal.throwIfAborted();
    yield Buffer.from(gathered);
    gathered = "";
    await new Promise(setImmediate);
  }
  yield Buffer.from(gathered);
  job.advance();
}
