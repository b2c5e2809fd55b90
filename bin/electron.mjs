/**
 * Electron on this machine: found by its files, because importing `electron` would begin the download by itself;
 * downloaded with progress, through the proxies that npm and the environment name; and started in its own environment.
 * What is not possible comes back as one sentence.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { sandboxObstacle } from "./sandbox.mjs";

/** A connection that sends nothing for so long has a firewall in it. */
const idleMs = 20_000;

const require = createRequire(import.meta.url);

/** Why the desktop window cannot open here, or null. */
export async function findObstacle(folder = electronFolder()) {
  if (folder === null) return "Electron is not installed";
  if (electronBinary(folder) === null) {
    const failure = await download(folder);
    if (failure !== null) return failure;
  }
  return sandboxObstacle(
    join(dirname(electronBinary(folder)), "chrome-sandbox"),
  );
}

/** Ends with the window. Gives a reason where the window never came up. */
export function runElectron(root, folder = electronFolder()) {
  const options = [];
  if (process.platform === "linux" && process.getuid?.() === 0) {
    console.log(
      "Running as root, so Electron's own sandbox is off (--no-sandbox).",
    );
    options.push("--no-sandbox");
  }
  const began = Date.now();
  const child = spawn(electronBinary(folder), [...options, root], {
    stdio: "inherit",
    env: windowEnvironment(),
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

/** An editor's terminal may have set it; with it Electron would be plain Node and open nothing. */
function windowEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => name.toUpperCase() !== "ELECTRON_RUN_AS_NODE",
    ),
  );
}

function electronFolder() {
  try {
    return dirname(require.resolve("electron/package.json"));
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

/** Into Electron's cache, from where its own script unpacks it. Null, or what failed and the ways out. */
async function download(folder) {
  useProxies();
  const idle = new AbortController();
  const timer = setTimeout(() => idle.abort(), idleMs);
  const show = progressLine();
  try {
    // An interrupted download is in no cache, so that the next start begins it again.
    const { downloadArtifact } = await import("@electron/get");
    await downloadArtifact({
      version: manifest(folder).version,
      artifactName: "electron",
      cacheRoot: process.env.electron_config_cache,
      checksums: process.env.electron_use_remote_checksums
        ? undefined
        : JSON.parse(readFileSync(join(folder, "checksums.json"), "utf8")),
      platform: process.platform,
      arch: process.arch,
      downloadOptions: {
        quiet: true,
        signal: idle.signal,
        getProgressCallback: (progress) => {
          timer.refresh();
          show(progress);
        },
      },
    });
  } catch (error) {
    const cause = idle.signal.aborted
      ? `no data came for ${idleMs / 1000} s`
      : causeOf(error);
    return `Electron's binary could not be downloaded: ${cause}. Behind a proxy set HTTPS_PROXY, for a mirror set ELECTRON_MIRROR`;
  } finally {
    clearTimeout(timer);
  }
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(folder, "install.js")],
    { encoding: "utf8" },
  );
  if (status === 0 && electronBinary(folder) !== null) return null;
  return `Electron's binary could not be unpacked: ${stderr.split("\n")[0] || "it is not where it should be"}`;
}

function manifest(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

/** `@electron/get` asks to be told that the variables are meant for it; npm hands its own settings on as variables. */
function useProxies() {
  const { env } = process;
  const secure =
    env.HTTPS_PROXY ??
    env.https_proxy ??
    env.npm_config_https_proxy ??
    env.npm_config_proxy;
  const plain = env.HTTP_PROXY ?? env.http_proxy ?? env.npm_config_proxy;
  if (secure) env.HTTPS_PROXY ??= secure;
  if (plain) env.HTTP_PROXY ??= plain;
  if (env.npm_config_noproxy) env.NO_PROXY ??= env.npm_config_noproxy;
  if (secure || plain) env.ELECTRON_GET_USE_PROXY = "1";
}

/** In place on a terminal, otherwise a line for every tenth. */
function progressLine() {
  console.log("Downloading Electron (about 110 MB, once) …");
  let told = -1;
  return ({ transferred, total }) => {
    if (!total) return;
    const tenth = Math.floor((10 * transferred) / total);
    const text = `  ${megabytes(transferred)} of ${megabytes(total)} MB`;
    if (process.stdout.isTTY)
      process.stdout.write(`\r${text}${transferred === total ? "\n" : ""}`);
    else if (tenth !== told) console.log(text);
    told = tenth;
  };
}

function megabytes(bytes) {
  return Math.round(bytes / 1e6);
}

/** fetch says "fetch failed" and keeps the reason behind it. */
function causeOf(error) {
  const cause = error.cause ?? error;
  return cause.message || cause.code || String(cause);
}
