#!/usr/bin/env node
/** Starts the built command line. A checkout that was never built is built first; an installed package always is. */
import "./node-version.mjs";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const built = new URL("../out/main/cli.js", import.meta.url);
if (existsSync(fileURLToPath(built)) || (await buildFirst()))
  await import(built.href);
else {
  console.error(
    "GAN Workbench is not built and could not be; run `npm ci` and `npm run build` in its folder.",
  );
  process.exitCode = 2;
}

async function buildFirst() {
  try {
    const { build } = await import("./build.mjs");
    await build(join(import.meta.dirname, ".."));
    return true;
  } catch (error) {
    console.error(error.message);
    return false;
  }
}
