/**
 * The only file that loads TensorFlow: the native package, which exports all of TensorFlow.js besides its own backend,
 * or TensorFlow.js in plain JavaScript.
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import util from "node:util";
import { errorMessage } from "../../../shared/errors";
import { registerNativeGradients } from "./native-gradients";

export type TensorFlow = typeof import("@tensorflow/tfjs");
export type {
  Scalar,
  Tensor,
  Tensor1D,
  Tensor2D,
  Tensor4D,
} from "@tensorflow/tfjs";

export type BackendName = "native" | "cpu";

export type LoadedTensorFlow =
  | {
      available: true;
      tf: TensorFlow;
      backend: BackendName;
      /** Whether a CUDA device really does the work; the native package falls back to the CPU silently. */
      gpu: boolean;
    }
  | { available: false; reason: string };

const nativePackage = "@tensorflow/tfjs-node-gpu";

/** Names a folder with a native package built on this machine (see tools/tfjs-native); it goes before the installed one. */
const ownBuild = "GAN_WORKBENCH_TFJS_NATIVE";

const loads = new Map<BackendName, Promise<LoadedTensorFlow>>();

/** Loads one backend, once. Slow the first time: the native library is hundreds of megabytes. */
export function loadTensorFlow(
  backend: BackendName,
): Promise<LoadedTensorFlow> {
  const loading = loads.get(backend) ?? load(backend);
  loads.set(backend, loading);
  return loading;
}

/** TensorFlow.js has one backend at work at a time; a session makes sure that it is its own. */
export function useBackend(tf: TensorFlow, backend: BackendName): void {
  if (tf.getBackend() === registered[backend]) return;
  // The promise is about backends that start asynchronously, which these do not.
  void tf.setBackend(registered[backend]);
}

/** The names under which the packages register themselves. */
const registered = { native: "tensorflow", cpu: "cpu" } as const;

async function load(backend: BackendName): Promise<LoadedTensorFlow> {
  try {
    const tf = libraryOf(
      backend === "native"
        ? await loadNative()
        : await import("@tensorflow/tfjs"),
    );
    // Otherwise the first operation advises on the console to install another package.
    tf.enableProdMode();
    if (backend === "native") registerNativeGradients(tf);
    useBackend(tf, backend);
    return { available: true, tf, backend, gpu: usesGpu(tf) };
  } catch (error) {
    return { available: false, reason: reasonOf(error) };
  }
}

function loadNative(): Promise<unknown> {
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
    : nativePackage;
  return import(/* @vite-ignore */ specifier);
}

/** Both packages are CommonJS and export the same library. */
function libraryOf(module: unknown): TensorFlow {
  const exported =
    isObject(module) && "default" in module ? module.default : module;
  if (isTensorFlow(exported)) return exported;
  throw new Error("It exports no TensorFlow.js.");
}

function isTensorFlow(value: unknown): value is TensorFlow {
  return isObject(value) && "valueAndGrads" in value && "engine" in value;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function usesGpu(tf: TensorFlow): boolean {
  const backend: object = tf.backend();
  return "isUsingGpuDevice" in backend && backend.isUsingGpuDevice === true;
}

function reasonOf(error: unknown): string {
  const message = errorMessage(error);
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND")
    return `${nativePackage} is not installed: its download failed or optional packages were left out.`;
  if (message.includes("native addon module"))
    return `${nativePackage} is installed without its native library; "npm rebuild ${nativePackage}" downloads it.`;
  return `${nativePackage} does not start: ${message.split("\n")[0]}`;
}
