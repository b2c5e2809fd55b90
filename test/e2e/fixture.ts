/**
 * The built application on a library of its own, and its window as `page`: in browser mode, or in real Electron. A test
 * fails when the page reports an error that it did not expect.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { _electron, test as base } from "@playwright/test";
import type { Browser, Page } from "@playwright/test";
import { browserLaunchOptions } from "./browser";
import { keepKnown, takeKnown } from "./second-start";

export { expect } from "@playwright/test";

const noElectron =
  "skipped: Electron's binary is not here; `npx install-electron` fetches it";

const root = join(import.meta.dirname, "../..");

export interface ShellOption {
  shell: "browser" | "electron";
}

export interface OpenedApplication {
  /** Preferences, library and data of this test only. */
  home: string;
  library: string;
  /** Another window on the same application, for what a second tab or a restart would see. */
  open(): Promise<Page>;
}

interface TestFixtures {
  application: OpenedApplication;
  /** Console errors and uncaught exceptions so far; a test that provokes one takes it out. */
  pageErrors: string[];
}

interface WorkerFixtures extends ShellOption {
  chromium: Browser | null;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  shell: ["browser", { option: true, scope: "worker" }],

  chromium: [
    async ({ playwright, shell }, use) => {
      if (shell === "electron") {
        await use(null);
        return;
      }
      const launched = await playwright.chromium.launch(
        await browserLaunchOptions(),
      );
      await use(launched);
      await launched.close();
    },
    { scope: "worker" },
  ],

  // eslint-disable-next-line no-empty-pattern -- Playwright reads the pattern
  pageErrors: async ({}, use) => {
    const errors: string[] = [];
    await use(errors);
    if (errors.length > 0)
      throw new Error(`The page reported errors:\n${errors.join("\n")}`);
  },

  application: async ({ chromium, pageErrors }, use) => {
    const home = await mkdtemp(join(tmpdir(), "gan-workbench-"));
    await takeKnown(home);
    const started = chromium
      ? await startBrowserMode(home, chromium)
      : await startElectron(home);
    const watch = async () => {
      const page = await started.open();
      watchErrors(page, pageErrors);
      return page;
    };
    await use({ home, library: join(home, "library"), open: watch });
    await started.close();
    await keepKnown(home);
    await rm(home, { recursive: true, force: true });
  },

  page: async ({ application }, use) => {
    await use(await application.open());
  },
});

interface Started {
  open(): Promise<Page>;
  close(): Promise<void>;
}

async function startBrowserMode(
  home: string,
  browser: Browser,
): Promise<Started> {
  const server = spawn(
    process.execPath,
    ["bin/gan-workbench.mjs", "serve", "--port", "0"],
    {
      cwd: root,
      env: { ...process.env, GAN_WORKBENCH_HOME: home },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const ended = new Promise((resolve) => server.once("exit", resolve));
  const url = await printedAddress(server.stdout);
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: "reduce",
  });
  return {
    async open() {
      const page = await context.newPage();
      await page.goto(url);
      return page;
    },
    async close() {
      await context.close();
      server.kill("SIGTERM");
      await ended;
    },
  };
}

/** Skips the test where the binary was never downloaded. */
async function startElectron(home: string): Promise<Started> {
  const modules = join(root, "node_modules/electron");
  test.info().skip(!existsSync(join(modules, "path.txt")), noElectron);
  const isRoot = process.platform === "linux" && process.getuid?.() === 0;
  const electron = await _electron.launch({
    cwd: root,
    args: [...(isRoot ? ["--no-sandbox"] : []), root],
    env: {
      ...(process.env as Record<string, string>),
      GAN_WORKBENCH_HOME: home,
    },
  });
  return {
    open: () => electron.firstWindow(),
    close: () => electron.close(),
  };
}

async function printedAddress(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(output)) {
    const address = /http:\/\/\S+/.exec(line)?.[0];
    if (address) return address;
  }
  throw new Error("The server ended without printing its address.");
}

function watchErrors(page: Page, errors: string[]): void {
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
}
