import type { KnipConfig } from "knip";

/** What nothing imports and yet runs: programs of their own, and what tests start or put in place of a module. */
export default {
  entry: [
    "electron-builder.config.ts",
    "bench/*.ts",
    "bench/learning/{asked,picture}.ts",
    "tools/*.ts",
    "tools/{doctor,pack,tfjs-native}/*.ts",
    "test/electron/fake-electron.ts",
    "test/disk/{lock-waiters,move-folder}.ts",
    "test/host/{crashing-run,train-for-ever}.ts",
    "test/host/segfault.cjs",
    "test/packing/drive.mjs",
    "test/reference/export-cases.ts",
    "test/server/serve-apart.ts",
  ],
  project: ["{src,test,bench,tools,bin}/**/*.{ts,mjs,js,svelte}"],
  // Electron's own, which fetches its binary; our version of it would not be Electron's.
  ignoreDependencies: ["@electron/get"],
  ignoreBinaries: ["mkfifo"],
} satisfies KnipConfig;
