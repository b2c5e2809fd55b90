/** Metrics and records as files of data. */
import { readdir } from "node:fs/promises";
import { savedLog } from "../runs/curves/tensorboard/saved-log";
import type { SavedLog } from "../runs/curves/tensorboard/saved-log";
import { ownForm, tutorialForm } from "../runs/curves/tensorboard/tutorial-log";
import { isEventFile } from "../runs/folder/layout";
import { readQualityBounds } from "../runs/folder/qualities";
import type { MetricGroup } from "../../shared/curves/metric-group";
import type { ExportEntry, ExportJob } from "./job";
import { ExportError, readMetrics, readRun } from "./job";
import { jsonPieces } from "./metrics-json";
import { csvLines } from "./metrics-table";
import { gridName, reasonOf } from "./saved-grids";

export async function csvBody(
  runs: readonly string[],
  job: ExportJob,
): Promise<AsyncIterable<Uint8Array>> {
  const tables = await Promise.all(
    runs.map(async (id) => {
      const { record } = await readRun(job.source, id);
      const { stepsPerEpoch } = record.progress;
      const groups = await everyMetric(id, job);
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
      groups: await everyMetric(id, job),
    })),
  );
  return inPieces(jsonPieces(records), job);
}

/** The run as one event file: of a run of ours with the tutorial's tags and steps, of another as it was imported. */
export async function* eventFiles(
  id: string,
  job: ExportJob,
): AsyncGenerator<ExportEntry> {
  const { record, samples } = await readRun(job.source, id);
  const names = (await readdir(job.source.folder(id))).filter(isEventFile);
  const name = names.sort().at(-1);
  if (name === undefined)
    throw new ExportError(`The run ${id} has no event file yet.`);
  const log: SavedLog = {
    groups: await everyMetric(id, job),
    grids: samples.map((step) => ({
      step,
      path: job.source.samplePath(id, step),
    })),
    form: record.settings ? tutorialForm : ownForm,
    onUnreadable: ({ step }, error) => {
      const reason = reasonOf(error);
      job.leaveOut({ run: id, name: gridName(step), reason });
    },
  };
  yield { name, body: savedLog(log) };
  job.advance();
}

/** With the interval and the floor or ceiling of every measure of quality, which does not stand in a file alone. */
async function everyMetric(id: string, job: ExportJob): Promise<MetricGroup[]> {
  const groups = await readMetrics(job.source, id);
  const bounds = await readQualityBounds(job.source.folder(id));
  return bounds ? [...groups, bounds] : groups;
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
