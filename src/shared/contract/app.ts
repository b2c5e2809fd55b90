import { z } from "zod";
import type { EngineId } from "../settings/settings";
import { call } from "../rpc";

/** The host's part of an engine's status, as the window and `gan-workbench engines` show it. */
export interface EngineListing {
  id: EngineId;
  available: boolean;
  /** Where it runs, or null. */
  device: string | null;
  /** Why it is not available, or null. */
  reason: string | null;
  /** Whether `auto` would pick it, and why. */
  automatic: boolean;
  choice: string;
}

export interface AppInfo {
  version: string;
  platform: string;
  /** `electron` or `browser`. */
  shell: "electron" | "browser";
  library: string;
}

/** Open to views: each keeps its own keys below one object of JSON. */
export type Preferences = Record<string, unknown>;

export const appCalls = {
  info: call<AppInfo>()(z.object({})),
  /** Loads the engines at the first call. */
  engines: call<EngineListing[]>()(z.object({})),
  preferences: call<Preferences>()(z.object({})),
  /** Runs whose process is gone, newest first: offered at launch, taken up again by `training.resume`. */
  interruptedRuns: call<string[]>()(z.object({})),
  /** Files that were imported, the latest first. */
  recentFiles: call<string[]>()(z.object({})),
  /**
   * A native dialog; gives the chosen path, or null where it was cancelled. Rejects in browser mode, where the window
   * uploads and downloads instead (`contract/files.ts`).
   */
  chooseFile: call<string | null>()(
    z.object({
      kind: z.enum(["open-file", "open-folder", "save"]),
      title: z.string().max(200),
      suggestedName: z.string().max(200).nullable(),
      /** Without the dot; empty allows all. */
      extensions: z.array(z.string().regex(/^[a-z0-9]{1,12}$/i)).max(20),
    }),
  ),
  /** Shows a file of ours in the system's file manager; rejects in browser mode. */
  reveal: call<null>()(z.object({ path: z.string().min(1) })),
  setPreference: call<null>()(
    z.object({ key: z.string().max(100), value: z.json() }),
  ),
};
