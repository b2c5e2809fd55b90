/** `train --run-id`: the run of that id where there is one, gone on with as it stands. */
import { resolve } from "node:path";
import { settingRows } from "../../shared/settings/differences";
import { plannedSteps } from "../../shared/settings/length";
import type { TrainingSettings } from "../../shared/settings/settings";
import { idOf } from "../../shared/run";
import type { RunListing, RunRecord } from "../../shared/run";
import type { Application } from "../host/app";
import { CommandFailure } from "./failure";
import { findRecord } from "./session";
import { choosesData } from "./setting-options";
import type { SettingOptions } from "./setting-options";
import { printJson, printLine } from "./terminal";
import type { Terminal } from "./terminal";

type TakeUpOptions = SettingOptions & { json?: boolean };

/** The run of that id; null where it is to be started. */
export async function existingRun(
  application: Application,
  id: string | undefined,
): Promise<RunRecord | null> {
  if (id === undefined) return null;
  const listings = await application.listRuns();
  const isThere = listings.some((listing) => idOf(listing) === id);
  return isThere ? findRecord(application, id) : null;
}

/**
 * Goes on with a run that its caller named, where it stands: unattended, so that the newest checkpoint that can be read
 * will do. Null where it has trained its whole length already. Throws where the command asks for another run.
 */
export async function takeUp(
  application: Application,
  { id, settings: saved, progress, state }: RunRecord,
  { settings, options }: { settings: TrainingSettings; options: TakeUpOptions },
  terminal: Terminal,
): Promise<RunListing | null> {
  if (!saved)
    throw new CommandFailure(
      `The run ${id} was imported; choose another id.`,
      2,
    );
  const wanted = asked(settings, saved, options);
  const [other] = settingRows([
    {
      ...saved,
      schedule: { ...saved.schedule, length: wanted.schedule.length },
    },
    wanted,
  ]).filter(({ differs }) => differs);
  if (other)
    throw new CommandFailure(
      `The run ${id} was trained with other settings (${other.label}: ${other.values[0] ?? "none"}, not ${other.values[1] ?? "none"}); choose another id, or change it with \`gan-workbench resume\`.`,
      2,
    );
  const total = plannedSteps(wanted, progress.stepsPerEpoch);
  if (total > 0 && progress.step >= total && state !== "interrupted") {
    const type = "finished";
    if (options.json)
      printJson(terminal, { type, run: id, steps: progress.step });
    else
      printLine(
        terminal,
        `The run ${id} has trained all of its ${progress.step} steps already.`,
      );
    return null;
  }
  const silence = application.onEvent((event) => {
    if (event.type !== "notice" || event.notice.run !== id) return;
    if (options.json) printJson(terminal, { ...event.notice, type: "notice" });
    else printLine(terminal, event.notice.text);
  });
  try {
    return await application.handlers.training.resume({
      run: id,
      at: "readable",
      steps: null,
      settings: wanted,
    });
  } finally {
    silence();
  }
}

/** What the command asks for: who names no data takes the run's, and a path means the same wherever it is said. */
function asked(
  settings: TrainingSettings,
  saved: TrainingSettings,
  options: TakeUpOptions,
): TrainingSettings {
  const { source } = settings.data;
  const isSame =
    !choosesData(options) || resolve(source) === resolve(saved.data.source);
  return isSame
    ? { ...settings, data: { ...settings.data, source: saved.data.source } }
    : settings;
}
