/** Browser mode as a process of its own, and a Chromium that looks at it. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "@playwright/test";
import type { Browser, Page } from "@playwright/test";
import { browserLaunchOptions } from "../../test/e2e/browser";

const root = join(import.meta.dirname, "../..");

export interface Served {
  url: string;
  /** When the process was started, in milliseconds since 1970. */
  startedAt: number;
  process: ChildProcess;
  close(): Promise<void>;
}

/** Resolves when the address is printed. */
export async function serve(
  home: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Served> {
  const startedAt = Date.now();
  const child = spawn(
    process.execPath,
    [
      join(root, "bin/gan-workbench.mjs"),
      ...["serve", "--port", "0", "--library", join(home, "library")],
    ],
    {
      env: { ...environment, GAN_WORKBENCH_HOME: home },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  // Also where the benchmark fails.
  process.once("exit", () => child.kill());
  const ended = new Promise((resolve) => child.once("exit", resolve));
  for await (const line of createInterface(child.stdout)) {
    const url = /http:\/\/\S+/.exec(line)?.[0];
    if (url)
      return {
        url,
        startedAt,
        process: child,
        async close() {
          child.kill("SIGTERM");
          await ended;
        },
      };
  }
  throw new Error("The server ended without printing its address.");
}

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch(await browserLaunchOptions());
}

/** As large as a laptop's window. */
export async function openPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    colorScheme: "light",
  });
  // tsx names functions through a helper that no page has.
  await context.addInitScript("globalThis.__name = (named) => named;");
  return context.newPage();
}

/** Whether the process has an engine's library in its memory; null where the system does not say. */
export async function hasEngine({
  process: { pid },
}: Served): Promise<boolean | null> {
  try {
    const maps = await readFile(`/proc/${pid}/maps`, "utf8");
    return /onnxruntime|tensorflow|tfjs/i.test(maps);
  } catch {
    return null;
  }
}
