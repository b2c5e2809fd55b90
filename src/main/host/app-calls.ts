/** The calls about the application itself: what it is, its engines, its preferences, and native dialogs. */
import type { AppContract } from "../../shared/contract/index";
import type { Handlers } from "../../shared/rpc";
import { listEngines } from "./engines";
import type { Host } from "./host";
import { findInterrupted } from "./interrupted";

export function createAppCalls(host: Host): Handlers<AppContract>["app"] {
  const { preferences, shell, store, trainer, version } = host;
  return {
    info: () => ({
      version,
      platform: process.platform,
      shell: shell.kind,
      library: store.library,
    }),
    engines: () => listEngines(trainer),
    interruptedRuns: () => findInterrupted(store),
    recentFiles: () => preferences.recentFiles(),
    chooseFile: (choice) => shell.chooseFile(choice),
    async reveal({ path }) {
      await shell.reveal(path);
      return null;
    },
    preferences: () => preferences.all(),
    setPreference({ key, value }) {
      preferences.set(key, value);
      return null;
    },
  };
}
