/**
 * Makes the record of a run again where its run.json is damaged or gone: from what of it can still be understood, the
 * settings in the newest checkpoint, and the curves of the event file. What lay in its place is set aside.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename } from "node:path";
import { isActive, runRecordSchema } from "../../../shared/run";
import type { RunRecord } from "../../../shared/run";
import { findPreset } from "../../../shared/settings/presets";
import type { TrainingSettings } from "../../../shared/settings/settings";
import type { FileLayer } from "../../disk/file-layer";
import {
  checkpointSettings,
  checkpointSteps,
} from "../checkpoints/checkpoints";
import { MetricSeries } from "../curves/metric-series";
import { summarizeGroups } from "../recording/summary";
import { isEventFile, recordFile } from "./layout";
import { blankRecord } from "./new-run";
import { writeRecord } from "./record";
import { copyAside } from "./set-aside";
import { readPlainText } from "../../disk/plain-file";

/** Whether there is anything to make a record of. */
export function isRepairable(folder: string): boolean {
  return (
    existsSync(folder) &&
    (readdirSync(folder).some(isEventFile) ||
      checkpointSteps(folder).length > 0)
  );
}

/** Of a folder that nobody trains; gives the new record. */
export async function repairRecord(
  files: FileLayer,
  folder: string,
): Promise<RunRecord> {
  const record = await remadeRecord(folder);
  const path = recordFile(folder);
  if (isFile(path)) await copyAside(files, folder, path);
  await writeRecord(files, folder, record);
  return record;
}

async function remadeRecord(folder: string): Promise<RunRecord> {
  const id = basename(folder);
  const left = understood(folder);
  const settings = left.settings ?? (await newestSettings(folder));
  const { groups } = await new MetricSeries(folder).read();
  const step = Math.max(0, ...groups.map(({ steps }) => steps.at(-1) ?? 0));
  const saved = checkpointSteps(folder).at(-1) ?? null;
  const blank = blankRecord(id, madeAt(folder));
  const preset = settings && findPreset(settings.preset);
  const progress = left.progress ?? {
    ...blank.progress,
    totalSteps: plannedSteps(settings),
  };
  const known = { ...blank, name: preset?.title ?? id, ...left };
  const event = {
    type: "warning" as const,
    step,
    time: Date.now() / 1000,
    text: "The record was damaged and was made again from the files beside it.",
  };
  return {
    ...known,
    ...stateOf(left, settings),
    id,
    settings,
    progress: { ...progress, step, saved },
    summary: summarizeGroups(groups),
    events: [...known.events, event],
  };
}

/** Each field of the damaged record that is as it should be. */
function understood(folder: string): Partial<RunRecord> {
  const json = readJson(recordFile(folder));
  const fields = Object.entries(runRecordSchema.shape).flatMap(
    ([name, schema]) => {
      const parsed = schema.safeParse(json[name]);
      return parsed.success ? [[name, parsed.data]] : [];
    },
  );
  return Object.fromEntries(fields) as Partial<RunRecord>;
}

function readJson(path: string): Record<string, unknown> {
  try {
    const json: unknown = isFile(path) ? JSON.parse(readPlainText(path)) : {};
    return typeof json === "object" ? { ...json } : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** Who cannot say how it ended was interrupted. */
function stateOf(
  { state, reason }: Partial<RunRecord>,
  settings: TrainingSettings | null,
): Pick<RunRecord, "state" | "reason"> {
  if (state && !isActive(state)) return { state, reason: reason ?? null };
  return settings
    ? {
        state: "interrupted",
        reason:
          "The record was damaged and was made again; how the run ended is not known.",
      }
    : { state: "imported", reason: null };
}

async function newestSettings(
  folder: string,
): Promise<TrainingSettings | null> {
  for (const step of checkpointSteps(folder).reverse()) {
    const settings = await checkpointSettings(folder, step);
    if (settings) return settings;
  }
  return null;
}

function plannedSteps(settings: TrainingSettings | null): number {
  const length = settings?.schedule.length;
  return length?.unit === "steps" ? length.count : 0;
}

/** From the name of the folder or, where that says nothing, the age of what is in it. */
function madeAt(folder: string): Date {
  const name = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-/.exec(
    basename(folder),
  );
  if (name) {
    const [, year, month, day, hour, minute, second] = name;
    const named = new Date(
      `${year}-${month}-${day}T${hour}:${minute}:${second}Z`,
    );
    if (!Number.isNaN(named.getTime())) return named;
  }
  return statSync(folder).mtime;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
