/** The application on a library and a data folder of its own, and settings that train in a moment. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jaketaeMlp } from "../../src/shared/settings/presets/jaketae-mlp";
import type { AppEvent } from "../../src/shared/contract/events";
import type { Channel } from "../../src/shared/rpc";
import type { RunRecord } from "../../src/shared/run";
import type { TrainingSettings } from "../../src/shared/settings/settings";
import { createApplication } from "../../src/main/host/app";
import type { Application, ApplicationOptions } from "../../src/main/host/app";
import { createPreferences } from "../../src/main/host/preferences";
import { browserShell } from "../../src/main/host/shell";

/** 640 strokes: ten steps an epoch, and a grid every ten steps. */
export function quickSettings(steps: number): TrainingSettings {
  const { settings } = jaketaeMlp;
  return {
    ...settings,
    data: {
      ...settings.data,
      source: "strokes",
      limit: { count: 640, pick: "first" },
    },
    schedule: { ...settings.schedule, length: { unit: "steps", count: steps } },
    log: {
      ...settings.log,
      cadence: { unit: "step", every: 10, within: "run", at: "end" },
    },
    sampling: {
      ...settings.sampling,
      cadences: [{ unit: "step", every: 10, within: "run", at: "end" }],
    },
  };
}

/** Starts a run; gives its id. */
export async function start(
  application: Application,
  steps: number,
): Promise<string> {
  const settings = quickSettings(steps);
  const { training } = application.handlers;
  const listing = await training.start({ settings, name: null });
  if (listing.kind !== "run") throw new Error(listing.reason);
  return listing.record.id;
}

export async function recordOf(
  application: Application,
  id: string,
): Promise<RunRecord> {
  const listing = await application.handlers.runs.get({ id });
  if (listing.kind !== "run") throw new Error(listing.reason);
  return listing.record;
}

/** A window's channel that is open for ever and only listens. */
export function openChannel(take: (event: AppEvent) => void): Channel {
  return {
    send: (message) => {
      const { event } = message as { event?: AppEvent };
      if (event) take(event);
    },
    onMessage: () => () => undefined,
    onClose: () => () => undefined,
  };
}

/** On a library and a data folder of its own. */
export async function temporaryApplication(
  options: Partial<ApplicationOptions> = {},
): Promise<Application> {
  const home = await mkdtemp(join(tmpdir(), "gan-workbench-host-"));
  const values: Record<string, unknown> = {};
  return createApplication({
    library: join(home, "library"),
    dataFolder: join(home, "data"),
    shell: browserShell,
    hasWindows: true,
    preferences: createPreferences({
      get: (key) => values[key],
      set: (key, value) => void (values[key] = value),
    }),
    version: "0.0.0",
    ...options,
  });
}
