#!/usr/bin/env node
/**
 * `npm start`: builds what changed, then the desktop window where Electron can run here, otherwise one sentence why not,
 * and browser mode. Arguments after `--` are those of `gan-workbench serve` in browser mode.
 */
import "./node-version.mjs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { findObstacle, runElectron } from "./electron.mjs";

const root = join(import.meta.dirname, "..");
const isDisplayed =
  process.platform !== "linux" ||
  Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

await build(root);
const failure = isDisplayed
  ? ((await findObstacle()) ?? (await runElectron(root)))
  : "There is no display here";
if (failure !== null) await startBrowserMode(failure);

async function startBrowserMode(reason) {
  console.log(`${reason}, so GAN Workbench starts in browser mode.`);
  const open = isDisplayed ? ["--open"] : [];
  process.argv.splice(2, 0, "serve", ...open);
  await import("./gan-workbench.mjs");
}
