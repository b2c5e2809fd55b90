#!/usr/bin/env node
/** Starts the built command line. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const built = new URL("../out/main/cli.js", import.meta.url);
if (existsSync(fileURLToPath(built))) await import(built.href);
else {
  console.error(
    "GAN Workbench is not built yet; run `npm run build` in its folder once.",
  );
  process.exitCode = 2;
}
