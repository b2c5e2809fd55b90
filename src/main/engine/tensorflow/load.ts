/** The only file that loads TensorFlow: the package with its own library, which computes on CUDA where it can. */
import { createRequire } from "node:module";
import { join } from "node:path";
import util from "node:util";
import { errorMessage } from "../../../shared/errors";
import type { TensorFlowPlace } from "./place";
import { findTensorFlow, missingTensorFlow } from "./place";

/** A tensor of TensorFlow.js, as far as it is used here. */
export interface TensorHandle {
  dataSync(): ArrayLike<number>;
  dispose(): void;
}

/** One signature of a loaded SavedModel. */
export interface LoadedSignature {
  predict(inputs: Record<string, TensorHandle>): Record<string, TensorHandle>;
  dispose(): void;
}

/** What is used of the package, which has no types that could be imported where it is not installed. */
export interface TensorFlow {
  tensor(
    values: Float32Array | Int32Array,
    shape: readonly number[],
    type: "float32" | "int32",
  ): TensorHandle;
  memory(): { numTensors: number };
  enableProdMode(): void;
  backend(): object;
  version: Record<string, string>;
  node: {
    loadSavedModel(
      folder: string,
      tags: string[],
      signature: string,
    ): Promise<LoadedSignature>;
  };
}

export type LoadedTensorFlow =
  | {
      available: true;
      tf: TensorFlow;
      /** Of TensorFlow's library and of the package: "TensorFlow 2.21.0, TensorFlow.js 4.22.0". */
      version: string;
      /** Whether a CUDA device really does the work; the library falls back to the CPU silently. */
      gpu: boolean;
    }
  | { available: false; reason: string };

let loaded: LoadedTensorFlow | null = null;

/** Loads it, once. Slow the first time: the library is hundreds of megabytes. */
export function loadTensorFlow(): Promise<LoadedTensorFlow> {
  // What is missing may be there the next time.
  if (!loaded?.available) loaded = load();
  return Promise.resolve(loaded);
}

function load(): LoadedTensorFlow {
  try {
    const place = findTensorFlow();
    if (!place) return { available: false, reason: missingTensorFlow() };
    const tf = libraryOf(importPackage(place));
    // Otherwise the first operation advises on the console to install another package.
    tf.enableProdMode();
    return { available: true, tf, version: versionOf(tf), gpu: usesGpu(tf) };
  } catch (error) {
    return { available: false, reason: reasonOf(error) };
  }
}

/** The addon is found beside the package's JavaScript, which asks `node-pre-gyp`, or where it was put for this user. */
function importPackage({ javaScript, addon }: TensorFlowPlace): unknown {
  // Node 23 took these away, and tfjs-node-gpu 4.22.0 still calls them.
  const legacy = {
    isNullOrUndefined: (value: unknown) => value == null,
    isArray: Array.isArray,
  };
  for (const [name, implementation] of Object.entries(legacy))
    if (!(name in util))
      Object.defineProperty(util, name, { value: implementation });
  const require = createRequire(join(javaScript, "package.json"));
  const path = "@mapbox/node-pre-gyp/lib/pre-binding";
  const finder = require(path) as { find(): string };
  finder.find = () => addon;
  return require("./dist/index.js");
}

function libraryOf(exported: unknown): TensorFlow {
  if (isTensorFlow(exported)) return exported;
  throw new Error("it exports no TensorFlow.js.");
}

function isTensorFlow(value: unknown): value is TensorFlow {
  return isObject(value) && "tensor" in value && "node" in value;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function versionOf(tf: TensorFlow): string {
  const backend = tf.backend();
  const binding = "binding" in backend ? backend.binding : null;
  const own = isObject(binding) && "TF_Version" in binding;
  const library = own ? `TensorFlow ${String(binding.TF_Version)}, ` : "";
  return `${library}TensorFlow.js ${tf.version["tfjs-core"]}`;
}

function usesGpu(tf: TensorFlow): boolean {
  const backend = tf.backend();
  return "isUsingGpuDevice" in backend && backend.isUsingGpuDevice === true;
}

function reasonOf(error: unknown): string {
  return `TensorFlow does not start: ${errorMessage(error).split("\n")[0]}.`;
}
