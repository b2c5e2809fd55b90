/** The calls about the application itself: what it is, its engines, its preferences, and native dialogs. */
import type { AppContract } from "../../shared/contract/index";
import type { Handlers } from "../../shared/rpc";
import { CudaSetUp } from "./cuda-set-up";
import type { Host } from "./host";
import { findInterrupted } from "./interrupted";

export function createAppCalls(
  host: Host,
  queued: () => readonly string[],
): Handlers<AppContract>["app"] {
  const { engines, preferences, shell, store, version } = host;
  const cuda = new CudaSetUp(host);
  return {
    info: () => ({
      version,
      platform: process.platform,
      shell: shell.kind,
      library: store.library,
    }),
    engines: () => engines.list(),
    async testEngine({ id }) {
      await engines.test(id);
      return engines.list();
    },
    cudaPlan: () => engines.planCuda(),
    setUpCuda: () => cuda.run(),
    cancelCuda() {
      cuda.cancel();
      return null;
    },
    engineForecast({ settings }) {
      const choice = engines.foreseen(settings);
      return choice && { id: choice.id, why: choice.why };
    },
    interruptedRuns: () => findInterrupted(store, queued()),
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
