/**
 * Which Chromium the end-to-end tests run in: the system's own where there is one, else the headless one inside the
 * `@sparticuz/chromium` package, unpacked once. `GAN_WORKBENCH_TEST_BROWSER` names another, or `bundled`.
 */
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { LaunchOptions } from "@playwright/test";
import { unpacked } from "../chromium";

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export async function browserLaunchOptions(): Promise<LaunchOptions> {
  const wish = process.env.GAN_WORKBENCH_TEST_BROWSER;
  const system = wish === "bundled" ? undefined : (wish ?? systemBrowser());
  return system
    ? { executablePath: system, args: flags }
    : { ...(await bundledBrowser()), args: flags };
}

function systemBrowser(): string | undefined {
  const names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
  const folders = (process.env.PATH ?? "").split(delimiter);
  return [
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  ].find((path) => existsSync(path));
}

/** With the libraries that a bare machine lacks. */
async function bundledBrowser(): Promise<LaunchOptions> {
  const folder = await unpacked(
    "chromium",
    ["chromium.br", "fonts.tar.br", "al2023.tar.br"],
    (beside, final) =>
      writeFile(join(beside, "fonts/fonts.conf"), fontsIn(final)),
  );
  const libraries = join(folder, "al2023/lib");
  return {
    executablePath: join(folder, "chromium"),
    env: {
      ...(process.env as Record<string, string>),
      FONTCONFIG_PATH: join(folder, "fonts"),
      LD_LIBRARY_PATH: [libraries, process.env.LD_LIBRARY_PATH ?? ""].join(":"),
    },
  };
}

/** The package's own list of fonts expects them where it unpacks by itself; a Chromium that finds none crashes. */
function fontsIn(folder: string): string {
  const places = [join(folder, "fonts"), "/usr/share/fonts"];
  return [
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
    "<fontconfig>",
    ...places.map((place) => `<dir>${place}</dir>`),
    `<cachedir>${join(folder, "fonts-cache")}</cachedir>`,
    "</fontconfig>",
  ].join("\n");
}
