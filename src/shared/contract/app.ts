import { z } from "zod";
import type { EngineId } from "../settings";
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
  setPreference: call<null>()(
    z.object({ key: z.string().max(100), value: z.json() }),
  ),
};
