/**
 * Which Chromium the end-to-end tests run in: the system's own where there is one, else the headless one inside the
 * `@sparticuz/chromium` package, unpacked once. `GAN_WORKBENCH_TEST_BROWSER` names another, or `bundled`.
 */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import type { LaunchOptions } from "@playwright/test";

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
  const modules = join(import.meta.dirname, "../../node_modules");
  const folder = join(modules, ".cache/gan-workbench/chromium");
  if (!existsSync(folder)) await unpack(folder);
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

/** Beside and renamed, so that an interrupted unpacking is not taken for a browser. The package unpacks into TMPDIR. */
async function unpack(folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const beside = await mkdtemp(folder + "-");
  const usual = process.env.TMPDIR;
  process.env.TMPDIR = beside;
  try {
    const { inflate } = await import("@sparticuz/chromium");
    const main = createRequire(import.meta.url).resolve("@sparticuz/chromium");
    const bin = join(dirname(main), "../bin");
    for (const name of ["chromium.br", "fonts.tar.br", "al2023.tar.br"])
      await inflate(join(bin, name));
    await writeFile(join(beside, "fonts/fonts.conf"), fontsIn(folder));
    await rename(beside, folder);
  } finally {
    if (usual === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = usual;
    await rm(beside, { recursive: true, force: true });
  }
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
