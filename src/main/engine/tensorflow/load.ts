/** The only file that loads TensorFlow: the package with its own library, which computes on CUDA where it can. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import util from "node:util";
import { errorMessage } from "../../../shared/errors";

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

const packageName = "@tensorflow/tfjs-node-gpu";

/** Names a folder with the package built on this machine (see tools/tfjs-native); it goes before the installed one. */
const ownBuild = "GAN_WORKBENCH_TFJS_NATIVE";

let loading: Promise<LoadedTensorFlow> | null = null;

/** Loads it, once. Slow the first time: the library is hundreds of megabytes. */
export function loadTensorFlow(): Promise<LoadedTensorFlow> {
  loading ??= load();
  return loading;
}

async function load(): Promise<LoadedTensorFlow> {
  try {
    const tf = libraryOf(await importPackage());
    // Otherwise the first operation advises on the console to install another package.
    tf.enableProdMode();
    return { available: true, tf, version: versionOf(tf), gpu: usesGpu(tf) };
  } catch (error) {
    return { available: false, reason: reasonOf(error) };
  }
}

function importPackage(): Promise<unknown> {
  // Node 23 took these away, and tfjs-node-gpu 4.22.0 still calls them.
  const legacy = {
    isNullOrUndefined: (value: unknown) => value == null,
    isArray: Array.isArray,
  };
  for (const [name, implementation] of Object.entries(legacy))
    if (!(name in util))
      Object.defineProperty(util, name, { value: implementation });
  // A variable, because a package that may be absent has no types to check against.
  const folder = process.env[ownBuild];
  const specifier = folder
    ? pathToFileURL(join(folder, "dist", "index.js")).href
    : packageName;
  return import(/* @vite-ignore */ specifier);
}

/** The package is CommonJS. */
function libraryOf(module: unknown): TensorFlow {
  const exported =
    isObject(module) && "default" in module ? module.default : module;
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
  const message = errorMessage(error);
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND")
    return `${packageName} is not installed: its download failed or optional packages were left out.`;
  if (message.includes("native addon module"))
    return `${packageName} is installed without its native library; "npm rebuild --ignore-scripts=false ${packageName}" in a source checkout downloads it.`;
  return `${packageName} does not start: ${message.split("\n")[0]}`;
}
