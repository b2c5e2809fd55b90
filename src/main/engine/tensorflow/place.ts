/**
 * Where TensorFlow's library and its addon lie: in a folder that the user built or named, in the one that `engines --setup
 * cuda` fills, or inside the package, where `npm rebuild` puts them.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Names a folder with the package built on this machine (see tools/tfjs-native); it goes before all others. */
const ownBuild = "GAN_WORKBENCH_TFJS_NATIVE";
const packageName = "@tensorflow/tfjs-node-gpu";
/** The folder of the addon inside the package: of the newest Node API that it was built for. */
export const addonFolder = join("lib", "napi-v8");
const addonName = "tfjs_binding.node";

let kept: string | null = null;

/** Says, once for each thread or process, which folder `engines --setup cuda` fills. */
export function keepTensorFlowIn(folder: string): void {
  kept = folder;
}

export interface TensorFlowPlace {
  /** The package's folder, which holds its JavaScript. */
  javaScript: string;
  addon: string;
}

/** Null where no addon is there. Reads no more than the names of files. */
export function findTensorFlow(): TensorFlowPlace | null {
  const own = process.env[ownBuild];
  const installed = installedPackage();
  const places = [
    own ? { javaScript: own, addon: addonIn(own) } : null,
    installed && kept ? { javaScript: installed, addon: addonIn(kept) } : null,
    installed ? { javaScript: installed, addon: addonIn(installed) } : null,
  ];
  return places.find((it) => it !== null && existsSync(it.addon)) ?? null;
}

/** Why there is none, in a sentence. */
export function missingTensorFlow(): string {
  return installedPackage()
    ? `TensorFlow's library is not installed; "gan-workbench engines --setup cuda" downloads it where there is an NVIDIA card.`
    : `${packageName} is not installed: optional packages were left out.`;
}

/** The folder of the package's JavaScript, or null where optional packages were left out. */
function installedPackage(): string | null {
  try {
    const manifest = `${packageName}/package.json`;
    return dirname(createRequire(import.meta.url).resolve(manifest));
  } catch {
    return null;
  }
}

export function addonIn(folder: string): string {
  return join(folder, addonFolder, addonName);
}
