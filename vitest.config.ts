import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";
import { BaseSequencer } from "vitest/node";
import { inlineScript } from "./tools/inline-script.ts";

// Shared cores make some tests run out of time; more of it, and a second try, tell those from broken ones.
const retry = process.env.CI ? 1 : 0;
const patience = process.env.CI ? 240_000 : 60_000;
const shared = {
  setupFiles: ["test/patience.ts", "test/equal-bytes.ts"],
  // With less than other programs have, what trains and judges would hardly go on beside them.
  env: { GAN_WORKBENCH_PRIORITY: "normal" },
  testTimeout: patience,
  hookTimeout: patience,
  retry,
  pool: "forks" as const,
};

/** Kills, floods and faults by the dozen, and a GPU in software: each has a process of its own. */
const lasting = [
  "webgpu",
  "engines-agree",
  "across-engines",
  "torture",
  "faults",
  "lost-and-late",
  "lost-gpu",
  "native-crash",
  "elsewhere",
  "quality-watch",
  "early-stops",
  "queue",
];

/** What lasts long comes first, so that no core waits at the end for what another one has begun last. */
class LongestFirst extends BaseSequencer {
  override async sort(
    files: Parameters<BaseSequencer["sort"]>[0],
  ): ReturnType<BaseSequencer["sort"]> {
    const sorted = await super.sort(files);
    const lasts = ({ moduleId }: (typeof files)[number]) =>
      lasting.includes(basename(moduleId, ".test.ts"));
    return [...sorted.filter(lasts), ...sorted.filter((one) => !lasts(one))];
  }
}

const lastingFiles = lasting.map((name) => `test/**/${name}.test.ts`);
/** What Electron's Node is tested with too. Its files leave nothing behind and share two processes, which load each module once. */
const core = ["engine", "runs", "data", "host"].map(
  (folder) => `test/${folder}/**/*.test.ts`,
);

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    // Vitest leaves a core free, which of two is half: many tests wait for processes, clocks and disks.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        plugins: [svelte(), inlineScript()],
        test: {
          ...shared,
          name: "core",
          include: core,
          exclude: lastingFiles,
          isolate: false,
        },
      },
      {
        plugins: [svelte(), inlineScript()],
        test: {
          ...shared,
          name: "application",
          include: ["test/**/*.test.ts"],
          exclude: [
            "test/e2e/**",
            "test/renderer/**",
            "test/packing/**",
            "test/slurm/**",
            // But what lasts there, which `core` leaves out.
            ...core.map((files) =>
              files.replace("*.test.ts", `!(${lasting.join("|")}).test.ts`),
            ),
          ],
          // So that the desktop shell's tests can fake `electron` below it too.
          server: { deps: { inline: ["electron-store"] } },
        },
      },
      {
        // The second makes packages resolve as in a browser, which is wrong for everything but the window.
        plugins: [svelte(), svelteTesting({ autoCleanup: false })],
        test: {
          ...shared,
          name: "window",
          include: ["test/renderer/**/*.test.ts"],
        },
      },
      {
        // Minutes each, and alike on every Node: `npm run test:packing`, once.
        test: {
          ...shared,
          retry: 0,
          testTimeout: 300_000,
          name: "packing",
          include: ["test/packing/**/*.test.ts"],
        },
      },
      {
        // Needs Debian's slurm-wlm, and a minute: `npm run test:slurm`.
        test: {
          ...shared,
          retry: 0,
          name: "slurm",
          include: ["test/slurm/**/*.test.ts"],
        },
      },
    ],
  },
});
