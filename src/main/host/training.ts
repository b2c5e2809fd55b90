/** Training as the window asks for it: one run at a time, started anew, resumed, or forked from another's checkpoint. */
import { setTimeout as delay } from "node:timers/promises";
import { checkSettings } from "../../shared/check-settings";
import type { AppContract } from "../../shared/contract/index";
import type { RunListing, RunRecord } from "../../shared/run";
import type { Handlers } from "../../shared/rpc";
import type { TrainingSettings } from "../../shared/settings";
import type { SavedCheckpoint } from "../runs/checkpoint-file";
import type { RecordingTrouble, RunRecorder } from "../runs/run-store";
import type { Checkpoint } from "../trainer/events";
import { changedCheckpoint, forkCheckpoint } from "../trainer/fork";
import type { Host } from "./host";
import { recordTraining, tellTrouble } from "./recording";

export interface TrainingArea {
  calls: Handlers<AppContract>["training"];
  /** The run under way, or null. */
  current(): string | null;
  /** Ends the run under way as its user would; resolves when its folder is closed. */
  stop(): Promise<void>;
  /** Ends the thread too. */
  close(): Promise<void>;
}

interface Opened {
  recorder: RunRecorder;
  settings: TrainingSettings;
  from: Checkpoint | null;
}

/** How long closing waits for a run's last words, in milliseconds. */
const patience = 5_000;

export function createTrainingArea(host: Host): TrainingArea {
  const { store, trainer } = host;
  let current: {
    id: string;
    recorder: RunRecorder;
    ended: Promise<void>;
  } | null = null;
  let opening = false;

  const calls: TrainingArea["calls"] = {
    start: ({ settings, name }) =>
      begin(async (onTrouble) => {
        refuseProblems(settings);
        const recorder = await store.create({
          settings,
          name,
          environment: null,
          parent: null,
          onTrouble,
        });
        return { recorder, settings, from: null };
      }),

    resume: ({ run, steps, settings: changed }) =>
      begin(async (onTrouble) => {
        const record = await trained(run);
        const settings = resumedSettings(record, changed, steps);
        refuseProblems(settings);
        const adapt = (saved: SavedCheckpoint) =>
          checkpointUnder(settings, saved, record);
        // Refuses what does not fit before the run's folder is taken back to its checkpoint.
        if (changed) adapt(await store.readCheckpoint(run, "last"));
        const { recorder, checkpoint } = await store.reopen(run, {
          settings,
          onTrouble,
        });
        return { recorder, settings, from: checkpoint && adapt(checkpoint) };
      }),

    fork: ({ run, step, settings, name }) =>
      begin(async (onTrouble) => {
        refuseProblems(settings);
        const parent = (await trained(run)).settings;
        const saved = await store.readCheckpoint(run, step);
        const before = saved.settings ?? parent ?? settings;
        const from = forkCheckpoint(saved, before, settings);
        const recorder = await store.create({
          settings,
          name,
          environment: null,
          parent: { run, step: from.position.step },
          start: from,
          onTrouble,
        });
        return { recorder, settings, from };
      }),

    pause: ({ run }) => order(run, () => trainer.pause()),
    unpause: ({ run }) => order(run, () => trainer.unpause()),
    stop: ({ run }) => order(run, () => trainer.stop()),
    checkpoint: ({ run }) => order(run, () => trainer.checkpoint()),
    setLearningRates: ({ run, generator, discriminator }) =>
      order(run, () => trainer.setLearningRates({ generator, discriminator })),
  };

  return {
    calls,
    current: () => current?.id ?? null,
    async stop() {
      trainer.stop();
      await current?.ended;
    },
    async close() {
      // A recorder that waits for room on a full disk would wait for ever.
      const giveUp = setTimeout(() => {
        current?.recorder.close().catch(() => undefined);
      }, patience);
      await trainer.close();
      await current?.ended;
      clearTimeout(giveUp);
    },
  };

  /** Opens a run folder and trains into it; gives the listing as soon as the folder is there. */
  async function begin(
    open: (onTrouble: (trouble: RecordingTrouble) => void) => Promise<Opened>,
  ): Promise<RunListing> {
    if (current || opening)
      throw new Error(
        "Another run is under way; wait for its end or stop it first.",
      );
    opening = true;
    try {
      const opened = open((trouble) => {
        void opened.then(({ recorder }) =>
          tellTrouble(host, recorder.id, trouble),
        );
      });
      const { recorder, settings, from } = await opened;
      const order = { settings, dataFolder: host.dataFolder, from };
      const ended = recordTraining(host, recorder, order).then(settle);
      current = { id: recorder.id, recorder, ended };
      return await store.get(recorder.id);
    } finally {
      opening = false;
    }
  }

  /** A run whose recording failed ends before its thread does. */
  async function settle(): Promise<void> {
    while (trainer.busy) await delay(10);
    current = null;
  }

  function order(run: string, act: () => void): null {
    if (current?.id !== run)
      throw new Error(
        "This run is not training here: it has ended, or another program trains it.",
      );
    act();
    return null;
  }

  async function trained(run: string): Promise<RunRecord> {
    const listing = await store.get(run);
    if (listing.kind === "damaged") throw new Error(listing.reason);
    return listing.record;
  }
}

/**
 * A run may have been interrupted before its first checkpoint under changed settings, so what counts is what the
 * checkpoint was made under; only one of an older version does not say, and has the record's.
 */
function checkpointUnder(
  settings: TrainingSettings,
  saved: SavedCheckpoint,
  record: RunRecord,
): Checkpoint {
  const before = saved.settings ?? record.settings;
  return before && !trainsAlike(before, settings)
    ? changedCheckpoint(saved, before, settings)
    : saved;
}

/** Whether they differ at most in how long they train. */
function trainsAlike(a: TrainingSettings, b: TrainingSettings): boolean {
  const endless = (settings: TrainingSettings) =>
    JSON.stringify({
      ...settings,
      schedule: { ...settings.schedule, length: null },
    });
  return endless(a) === endless(b);
}

/** The window has shown them beside their fields; this is for whoever did not look. */
function refuseProblems(settings: TrainingSettings): void {
  const problem = checkSettings(settings).at(0);
  if (problem) throw new Error(`${problem.path}: ${problem.message}`);
}

/** `steps` is the new total; null keeps the run's own length. */
function resumedSettings(
  { settings: saved, progress, name }: RunRecord,
  changed: TrainingSettings | undefined,
  steps: number | null,
): TrainingSettings {
  const settings = changed ?? saved;
  if (saved === null || settings === null)
    throw new Error(
      `${name} was imported without its settings, so it cannot be resumed.`,
    );
  const total = steps ?? progress.totalSteps;
  if (total > 0 && total <= progress.step)
    throw new Error(
      `${name} has already taken ${progress.step} steps; give a larger total to go on.`,
    );
  if (steps === null) return settings;
  const length = { unit: "steps" as const, count: steps };
  return { ...settings, schedule: { ...settings.schedule, length } };
}
