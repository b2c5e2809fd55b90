/** A process that trains a run until its training thread kills it; see `segfault.cjs`. */
import { createApplication } from "../../src/main/host/app";
import { createPreferences } from "../../src/main/host/preferences";
import { browserShell } from "../../src/main/host/shell";
import { quickSettings } from "./application";

const [library, dataFolder] = process.argv.slice(2);
const application = await createApplication({
  library,
  dataFolder,
  shell: browserShell,
  preferences: createPreferences(new Map()),
  version: "1.0.0",
  hasWindows: false,
});
const settings = quickSettings(1_000_000);
await application.handlers.training.start({
  id: "crashing",
  name: "Crashing",
  settings: {
    ...settings,
    checkpoints: { ...settings.checkpoints, everySteps: 10 },
  },
});
