#!/usr/bin/env node
/**
 * `npm start`: the desktop window where Electron can run here, otherwise one sentence why not, and browser mode.
 * Arguments after `--` are those of `gan-workbench serve` in browser mode.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const root = join(import.meta.dirname, "..");
const isDisplayed =
  process.platform !== "linux" ||
  Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

const obstacle = await findObstacle();
const failure = obstacle ?? (await runElectron());
if (failure !== null) await startBrowserMode(failure);

/** Why the desktop window cannot open here, or null. */
async function findObstacle() {
  if (!isDisplayed) return "There is no display here";
  const folder = electronFolder();
  if (folder === null) return "Electron is not installed";
  if (electronBinary(folder)) return null;
  const unreachable = await whyUnreachable();
  if (unreachable) return unreachable;
  console.log("Downloading Electron (about 110 MB, once) …");
  const { status } = spawnSync(process.execPath, [join(folder, "install.js")], {
    stdio: ["ignore", "ignore", "ignore"],
    timeout: 15 * 60_000,
  });
  return status === 0 && electronBinary(folder)
    ? null
    : "Electron's binary could not be downloaded";
}

/** Found by files: importing `electron` would begin the download by itself. */
function electronFolder() {
  try {
    return dirname(
      createRequire(import.meta.url).resolve("electron/package.json"),
    );
  } catch {
    return null;
  }
}

function electronBinary(folder) {
  const pathFile = join(folder, "path.txt");
  if (!existsSync(pathFile)) return null;
  const binary = join(
    process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, "dist"),
    readFileSync(pathFile, "utf8").trim(),
  );
  return existsSync(binary) ? binary : null;
}

/** Asks first, because a download behind a silent firewall would hang for minutes. */
async function whyUnreachable() {
  const isConfigured =
    process.env.ELECTRON_MIRROR ||
    process.env.npm_config_electron_mirror ||
    process.env.HTTPS_PROXY ||
    process.env.https_proxy;
  if (isConfigured) return null;
  try {
    await fetch("https://github.com", {
      method: "HEAD",
      signal: AbortSignal.timeout(5_000),
    });
    return null;
  } catch {
    return "Electron's binary is not installed and github.com, where it comes from, cannot be reached";
  }
}

/** Ends with the window. Gives a reason where the window never came up. */
function runElectron() {
  const options = [];
  if (process.platform === "linux" && process.getuid?.() === 0) {
    console.log(
      "Running as root, so Electron's own sandbox is off (--no-sandbox).",
    );
    options.push("--no-sandbox");
  }
  const began = Date.now();
  const child = spawn(electronBinary(electronFolder()), [...options, root], {
    stdio: "inherit",
  });
  return new Promise((resolve) => {
    child.on("error", (error) =>
      resolve(`Electron did not start (${error.message})`),
    );
    child.on("exit", (code, signal) => {
      const isEarly = Date.now() - began < 10_000;
      if (code !== 0 && isEarly)
        resolve(`Electron ended at once (${signal ?? `exit code ${code}`})`);
      else {
        process.exitCode = code ?? 1;
        resolve(null);
      }
    });
  });
}

async function startBrowserMode(reason) {
  console.log(`${reason}, so GAN Workbench starts in browser mode.`);
  const open = isDisplayed ? ["--open"] : [];
  process.argv.splice(2, 0, "serve", ...open);
  await import("./gan-workbench.mjs");
}
