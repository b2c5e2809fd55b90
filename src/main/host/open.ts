/** Opens the application with this machine's places and preferences, for whichever shell it runs in. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { createApplication } from "./app";
import type { Application } from "./app";
import { findInstallation, findPlaces } from "./places";
import { createPreferences } from "./preferences";
import type { PreferenceFile } from "./preferences";
import type { Shell } from "./shell";

export interface OpenOptions {
  shell: Shell;
  /** `config.json` in `findPlaces().configuration`. */
  file: PreferenceFile;
  /** Null: the one in the preferences, or this machine's usual place. */
  library: string | null;
  /** False for who only looks at runs. */
  makeLibrary?: boolean;
  /** Whether training leaves the cores to windows on this machine. */
  hasWindows: boolean;
  /** Whether it starts what waits in the queue though it has no windows. */
  worksOnQueue?: boolean;
}

/** Rejects with one sentence where the library cannot be used. */
export async function openApplication(
  options: OpenOptions,
): Promise<Application> {
  const places = findPlaces();
  const preferences = createPreferences(options.file);
  const moved = preferences.library();
  if (options.library === null && moved !== null && !existsSync(moved))
    throw new Error(
      `The library ${moved} is not there: connect its disk, name another with --library, or remove "library" from ${join(places.configuration, "config.json")} to begin a new one.`,
    );
  return createApplication({
    library: options.library ?? moved ?? places.library,
    isLibraryNamed: options.library !== null,
    dataFolder: places.data,
    shell: options.shell,
    makeLibrary: options.makeLibrary,
    hasWindows: options.hasWindows,
    worksOnQueue: options.worksOnQueue,
    preferences,
    version: findVersion(),
  });
}

export function findVersion(): string {
  const file = join(findInstallation(), "package.json");
  return z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(file, "utf8"))).version;
}

/** The built window. */
export function findPages(): string {
  return join(findInstallation(), "out", "renderer");
}
