import { z } from "zod";
import type { EngineId } from "../settings/settings";
import { engineIds, settingsSchema } from "../settings/settings";
import { call } from "../rpc";

/** An engine as the window and `gan-workbench engines` show it. */
export interface EngineListing {
  id: EngineId;
  /** "CPU", "WebGPU", "TensorFlow". */
  name: string;
  /** Whether it passed its self-test. */
  available: boolean;
  /** Where it runs, or null. */
  device: string | null;
  version: string | null;
  /** Why it is not available and what to do about it, or null. */
  reason: string | null;
  selfTest: {
    /** Milliseconds of a step of small networks there, and on the processor. */
    msPerStep: number;
    processorMsPerStep: number;
    /** The largest of any weight from the processor's, after three steps. */
    difference: number;
  } | null;
  /** When the application crashed while it trained, so that `auto` avoids it: ISO 8601. */
  crashedAt: string | null;
  /** Whether `auto` takes it without measuring, and what `auto` makes of it. */
  automatic: boolean;
  choice: string;
}

/** What `auto` would take. */
export interface EngineForecast {
  id: EngineId;
  /** Measured, in a sentence. */
  why: string;
}

export interface CudaDownload {
  /** "NVIDIA driver 550.54". */
  driver: string;
  files: { name: string; url: string; bytes: number }[];
  /** Of all of them. */
  bytes: number;
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
  /** Tests the engines, in processes of their own, where that was not done before. */
  engines: call<EngineListing[]>()(z.object({})),
  /** Forgets what is known of one and tests it anew. */
  testEngine: call<EngineListing[]>()(z.object({ id: z.enum(engineIds) })),
  /** What `auto` takes for such a run; null where it is measured when the run starts. */
  engineForecast: call<EngineForecast | null>()(
    z.object({ settings: settingsSchema }),
  ),
  /** What `setUpCuda` downloads; rejects with one sentence where CUDA cannot work on this machine. */
  cudaPlan: call<CudaDownload>()(z.object({})),
  /** Downloads TensorFlow's library, told as the task `cuda`, and tests it. Asked again while it goes on, it joins in. */
  setUpCuda: call<EngineListing[]>()(z.object({})),
  cancelCuda: call<null>()(z.object({})),
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
