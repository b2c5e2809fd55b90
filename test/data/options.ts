/** What every data test hands to `loadImages`: settings for small grey images, and a temporary data folder. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { LoadOptions } from "../../src/main/data/image-set";
import type { DataSettings } from "../../src/shared/settings/settings";

export type Progress = Parameters<LoadOptions["onProgress"]>[0];

export function dataSettings(
  source: string,
  changes: Partial<DataSettings> = {},
): DataSettings {
  return {
    source,
    size: 28,
    channels: 1,
    range: "symmetric",
    fit: "crop",
    classes: null,
    limit: null,
    flip: false,
    heldOut: 0,
    strokesSeed: null,
    ...changes,
  };
}

/** Removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "gan-workbench-data-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** `progress` collects what was reported. */
export function loadOptions(
  changes: Partial<LoadOptions> = {},
): LoadOptions & { progress: Progress[] } {
  const progress: Progress[] = [];
  return {
    dataFolder: temporaryFolder(),
    seed: 1,
    onProgress: (report) => progress.push(report),
    signal: new AbortController().signal,
    progress,
    ...changes,
  };
}
