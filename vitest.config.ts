import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
  // The second gives tests in a document Svelte's browser build.
  plugins: [svelte(), svelteTesting({ autoCleanup: false })],
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/e2e/**"],
    testTimeout: 30_000,
    pool: "forks",
    // So that the desktop shell's tests can fake `electron` below it too.
    server: { deps: { inline: ["electron-store"] } },
  },
});
