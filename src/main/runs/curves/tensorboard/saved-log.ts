/** A whole event file of what a run has saved: its scalars, then its grids as images. */
import { basename, dirname } from "node:path";
import sharp from "sharp";
import type { MetricGroup } from "../../../../shared/curves/metric-group";
import { gridRecord, inForm } from "./tutorial-log";
import type { LogForm } from "./tutorial-log";
import { logPieces } from "./write-log";
import { readPlain } from "../../../disk/plain-file";

interface SavedGrid {
  step: number;
  path: string;
}

export interface SavedLog {
  groups: readonly MetricGroup[];
  grids: readonly SavedGrid[];
  form: LogForm;
  /** A grid that cannot be read is left out. */
  onUnreadable(grid: SavedGrid, error: unknown): void;
}

export async function* savedLog(log: SavedLog): AsyncGenerator<Uint8Array> {
  const { groups, grids, form } = log;
  yield* logPieces(groups.map((group) => inForm(group, form)));
  for (const grid of grids)
    try {
      yield await recordOf(grid, log);
    } catch (error) {
      log.onUnreadable(grid, error);
    }
}

async function recordOf(
  { step, path }: SavedGrid,
  { groups, form }: SavedLog,
): Promise<Uint8Array> {
  const png = await readPlain(path);
  const { width, height, channels } = await sharp(png).metadata();
  const time = timeAt(groups, step);
  const tag = basename(dirname(path));
  return gridRecord({ tag, step, time, width, height, channels, png }, form);
}

/** When a step was taken; for the untrained grid when the first was. */
function timeAt(groups: readonly MetricGroup[], step: number): number {
  const group = groups.find(({ steps }) => steps.length > 0);
  if (!group) return 0;
  const row = group.steps.findIndex((taken) => taken >= step);
  return group.times.at(row) ?? 0;
}
