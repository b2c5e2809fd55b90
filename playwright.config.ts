/** End-to-end tests of the built application. `--project electron` runs the same tests in Electron's own window. */
import { defineConfig } from "@playwright/test";
import type { ShellOption } from "./test/e2e/fixture";

export default defineConfig<object, ShellOption>({
  testDir: "test/e2e",
  testMatch: "*.spec.ts",
  outputDir: "test-results",
  // Each test trains, and training takes every core there is.
  workers: 1,
  // Continuous integration shares its cores: a test that only ran out of time gets a second try, and is listed as flaky.
  retries: process.env.CI ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: [["list"]],
  use: { screenshot: "only-on-failure", trace: "retain-on-failure" },
  projects: [
    { name: "browser", use: { shell: "browser" } },
    { name: "electron", use: { shell: "electron" } },
  ],
});
