/**
 * `npm run dist`: builds what changed, writes the licences, says what signing there will be, and packs. Arguments are
 * electron-builder's: `npm run dist -- --linux deb`.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { licenseText } from "./licenses";
import { publisherOf } from "./publisher";
import { signingOf } from "./signing";
import type { PackedSystem } from "./signing";

const root = join(import.meta.dirname, "../..");
const wanted = process.argv.slice(2);

run([join(root, "bin/build.mjs")]);
mkdirSync(join(root, "dist"), { recursive: true });
writeFileSync(join(root, "dist/LICENSES.txt"), licenseText(root));
for (const system of systemsOf(wanted)) console.log(signingOf(system).sentence);
console.log(publisherOf().sentence);
if (process.arch !== "arm64" && systemsOf(wanted).includes("darwin"))
  console.log(
    "ONNX Runtime has no library for Intel Macs, so there is a package for Apple silicon only.",
  );
run([
  createRequire(import.meta.url).resolve("electron-builder/cli.js"),
  "--config",
  join(root, "electron-builder.config.ts"),
  ...wanted,
]);

function run(command: string[]): void {
  const { status } = spawnSync(process.execPath, command, {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** Those that the arguments name, otherwise this machine's. */
function systemsOf(words: readonly string[]): PackedSystem[] {
  const named = new Map<string, PackedSystem>([
    ["--linux", "linux"],
    ["-l", "linux"],
    ["--mac", "darwin"],
    ["-m", "darwin"],
    ["--win", "win32"],
    ["-w", "win32"],
  ]);
  const found = words.flatMap((word) => named.get(word) ?? []);
  if (found.length > 0) return found;
  const { platform } = process;
  return platform === "linux" || platform === "darwin" || platform === "win32"
    ? [platform]
    : [];
}
