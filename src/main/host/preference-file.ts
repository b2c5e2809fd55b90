/** The preferences of programs without Electron. Where no file can be kept, they last as long as the process. */
import Conf from "conf";
import { disk } from "../disk/file-layer";
import { findPlaces } from "./places";
import { preferenceOptions } from "./preferences";
import type { PreferenceFile } from "./preferences";

export async function openPreferenceFile(): Promise<PreferenceFile> {
  const cwd = findPlaces().configuration;
  try {
    // Made here, because Conf would try for ever below folders that take none, such as /proc.
    await disk.makeFolder(cwd);
    return new Conf({ ...preferenceOptions, cwd });
  } catch {
    return new Map<string, unknown>();
  }
}
