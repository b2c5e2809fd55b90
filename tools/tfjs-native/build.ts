/**
 * Builds @tensorflow/tfjs-node-gpu against the TensorFlow of a Python wheel, in a folder of its own. The package's own
 * download brings a library for CUDA 11.2; a wheel brings one for the CUDA that its TensorFlow was made for.
 * Nothing here runs another package's install script.
 */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

/** What this machine lacks, in one sentence: a reason to skip, not a failure. */
export class NotHere extends Error {
  override name = "NotHere";
}

const addonPackage = "@tensorflow/tfjs-node-gpu";
const addonVersion = "4.22.0";
const libraries = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"];

/**
 * Gives the folder of the built package. `wheel` is a requirement such as `tensorflow-cpu==2.21.0` (or
 * `tensorflow==2.21.0` for CUDA). Throws NotHere where the wheel, Python or a compiler is missing.
 */
export function buildNative(folder: string, wheel: string): string {
  if (process.platform !== "linux")
    throw new NotHere(
      "no wheel: this recipe links the libraries of Linux wheels",
    );
  mkdirSync(folder, { recursive: true });
  const unpacked = unpackWheel(downloadWheel(folder, wheel), folder);
  const target = installPackage(folder);
  linkLibraries(unpacked, join(target, "deps", "lib"));
  compile(target, join(unpacked, "tensorflow", "include"));
  return target;
}

function downloadWheel(folder: string, wheel: string): string {
  const into = join(folder, "wheel");
  const found = () =>
    existsSync(into)
      ? readdirSync(into).find((name) => name.endsWith(".whl"))
      : undefined;
  if (!found()) {
    const options = ["--retries", "0", "--no-deps", "--dest", into, wheel];
    const pip = run("python3", ["-m", "pip", "download", ...options], folder);
    if (pip.status !== 0) throw new NotHere(`no wheel: ${pip.lastLine}`);
  }
  const name = found();
  if (!name) throw new NotHere(`no wheel: pip left no file for ${wheel}`);
  return join(into, name);
}

/** Takes out the libraries and headers only: the wheel is three times as large. */
function unpackWheel(wheel: string, folder: string): string {
  const unpacked = join(folder, "unpacked");
  const script = join(import.meta.dirname, "unpack.py");
  const unpack = run("python3", [script, wheel, unpacked], folder);
  if (unpack.status !== 0)
    throw new Error(`The wheel cannot be unpacked: ${unpack.lastLine}`);
  return unpacked;
}

function installPackage(folder: string): string {
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  const specifier = `${addonPackage}@${addonVersion}`;
  const options = ["--ignore-scripts", "--no-audit", "--no-fund", specifier];
  const install = run("npm", ["install", ...options], folder);
  if (install.status !== 0)
    throw new NotHere(`no package ${specifier}: ${install.lastLine}`);
  return join(folder, "node_modules", ...addonPackage.split("/"));
}

function linkLibraries(unpacked: string, into: string): void {
  mkdirSync(into, { recursive: true });
  const links = ["libtensorflow.so", "libtensorflow_framework.so"];
  libraries.forEach((name, index) => {
    cpSync(join(unpacked, "tensorflow", name), join(into, name));
    if (!existsSync(join(into, links[index])))
      symlinkSync(name, join(into, links[index]));
  });
}

function compile(target: string, tensorflowHeaders: string): void {
  const binding = join(target, "binding");
  const output = join(target, "lib", "napi-v8");
  mkdirSync(output, { recursive: true });
  const sources = readdirSync(binding).filter((name) => name.endsWith(".cc"));
  const headers = [nodeHeaders(), "..", tensorflowHeaders];
  const compiler = run(
    "g++",
    [
      ..."-O2 -std=c++17 -shared -fPIC -DNAPI_VERSION=8 -DBUILDING_NODE_EXTENSION".split(
        " ",
      ),
      ...headers.map((header) => `-I${header}`),
      ...sources,
      "-L../deps/lib",
      "-ltensorflow",
      "-ltensorflow_framework",
      "-Wl,-rpath,$ORIGIN/../../deps/lib",
      "-o",
      join(output, "tfjs_binding.node"),
    ],
    binding,
  );
  if (compiler.missing) throw new NotHere("no C++ compiler (g++)");
  if (compiler.status !== 0)
    throw new Error(`The addon does not compile:\n${compiler.output}`);
}

/** Node's own headers lie beside it where it was installed whole, and under /usr/include where a system packed it. */
function nodeHeaders(): string {
  const beside = join(dirname(dirname(process.execPath)), "include", "node");
  const found = [beside, "/usr/include/node", "/usr/local/include/node"].find(
    (folder) => existsSync(join(folder, "node_api.h")),
  );
  if (!found) throw new NotHere("no headers of Node.js (node_api.h)");
  return found;
}

function run(command: string, arguments_: string[], cwd: string) {
  const { status, stdout, stderr, error } = spawnSync(command, arguments_, {
    cwd,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  const output = error ? error.message : `${stdout}${stderr}`.trim();
  const lastLine = output.split("\n").at(-1) ?? "";
  return { status, output, lastLine, missing: error !== undefined };
}
