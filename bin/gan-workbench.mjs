#!/usr/bin/env node
/** Starts the built command line, which is built first where it never was. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const built = new URL("../out/main/cli.js", import.meta.url);
if (existsSync(fileURLToPath(built)) || build()) await import(built.href);
else {
  console.error(
    "GAN Workbench is not built and could not be; run `npm ci` and `npm run build` in its folder.",
  );
  process.exitCode = 2;
}

/** Standard output belongs to the command. */
function build() {
  console.error("Building GAN Workbench (once) …");
  const { status } = spawnSync("npm run build --silent", {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    shell: true,
    stdio: ["ignore", "ignore", "inherit"],
  });
  return status === 0;
}
