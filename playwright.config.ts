/** End-to-end tests of the built application. `--project electron` runs the same tests in Electron's own window. */
import { defineConfig } from "@playwright/test";
import type { ShellOption } from "./test/e2e/fixture";

const isShared = Boolean(process.env.CI);
// What trains would hardly go on beside other programs.
if (isShared) process.env.GAN_WORKBENCH_PRIORITY = "normal";

export default defineConfig<object, ShellOption>({
  testDir: "test/e2e",
  testMatch: "*.spec.ts",
  outputDir: "test-results",
  // On two cores the first 61 tests take 422 s one after another, and 345 s two at once.
  workers: 2,
  // Continuous integration shares its cores: a test has twice the time there and a second try, and is listed as flaky then.
  retries: isShared ? 1 : 0,
  timeout: isShared ? 120_000 : 60_000,
  expect: { timeout: isShared ? 30_000 : 15_000 },
  forbidOnly: isShared,
  reporter: [["list"]],
  // A trace costs every action; a test that is tried again has one.
  use: {
    screenshot: "only-on-failure",
    trace: isShared ? "on-first-retry" : "retain-on-failure",
  },
  projects: [
    { name: "browser", use: { shell: "browser" } },
    { name: "electron", use: { shell: "electron" } },
  ],
});
