/**
 * Preferences: one JSON object that the window's views share, and the library's place. The file is `config.json`,
 * written by electron-store in the desktop application and by its base class elsewhere.
 */
import { z } from "zod";
import type { Preferences } from "../../shared/contract/app";
import { comparisonSchema } from "../../shared/contract/comparisons";
import type { Comparison } from "../../shared/contract/comparisons";

/** What electron-store and conf have in common. */
export interface PreferenceFile {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
}

/** Options for either of them, so that both read the same file alike. */
export const preferenceOptions = {
  configName: "config",
  accessPropertiesByDotNotation: false,
  clearInvalidConfig: true,
} as const;

export interface PreferenceStore {
  all(): Preferences;
  set(key: string, value: unknown): void;
  library(): string | null;
  setLibrary(path: string): void;
  /** Files that were imported, the latest first. */
  recentFiles(): string[];
  /** Puts a file first among the recent ones, and gives them. */
  remember(path: string): string[];
  /** Data sets on disk that the user added. */
  dataSources(): string[];
  setDataSources(paths: readonly string[]): void;
  /** Comparisons that were saved by name. */
  comparisons(): Comparison[];
  setComparisons(comparisons: readonly Comparison[]): void;
}

const recentFilesKept = 10;
const paths = z.array(z.string());
const comparisonList = z.array(comparisonSchema).catch([]);

export function createPreferences(file: PreferenceFile): PreferenceStore {
  const all = (): Preferences => {
    const value = file.get("window");
    return isObject(value) ? value : {};
  };
  const recentFiles = () => paths.catch([]).parse(file.get("recentFiles"));
  return {
    all,
    set(key, value) {
      file.set("window", { ...all(), [key]: value });
    },
    recentFiles,
    remember(path) {
      const files = [path, ...recentFiles().filter((one) => one !== path)];
      const kept = files.slice(0, recentFilesKept);
      file.set("recentFiles", kept);
      return kept;
    },
    dataSources: () => paths.catch([]).parse(file.get("dataSources")),
    setDataSources(sources) {
      file.set("dataSources", sources);
    },
    comparisons: () => comparisonList.parse(file.get("comparisons")),
    setComparisons(comparisons) {
      file.set("comparisons", comparisons);
    },
    setLibrary(path) {
      file.set("library", path);
    },
    library() {
      const value = file.get("library");
      return typeof value === "string" ? value : null;
    },
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
