/**
 * Keeps the native library's tensor numbers from running out. It counts its tensors in an int32 and frees none with a
 * negative number, which a small network would reach after some four million steps. A fresh instance of the addon
 * counts from zero again; TensorFlow.js moves each tensor over when it is next used.
 */
import { createRequire } from "node:module";
import type { Tensor, TensorFlow } from "./load";

const wornAt = 2 ** 30;

/** What is used of the native backend, which has no types that could be imported where it is not installed. */
interface NativeBackend {
  tensorMap: { get(dataId: object): { id: number } };
  binding: unknown;
  constructor: new (binding: unknown, packageName: string) => never;
}

/** Renews the native backend where the newest tensor's number is past `limit`. Gives whether it did. */
export function renewWornBackend(
  tf: TensorFlow,
  newest: Tensor,
  limit = wornAt,
): boolean {
  const backend: unknown = tf.backend();
  if (!isNative(backend)) return false;
  if (backend.tensorMap.get(newest.dataId).id < limit) return false;
  const binding = freshBinding();
  const Backend = backend.constructor;
  tf.removeBackend("tensorflow");
  tf.registerBackend(
    "tensorflow",
    () => new Backend(binding, "@tensorflow/tfjs-node-gpu"),
    3,
  );
  void tf.setBackend("tensorflow");
  return true;
}

/** Requiring the addon again, past the cache, makes a new instance of it. */
function freshBinding(): unknown {
  const require = createRequire(import.meta.url);
  const path = Object.keys(require.cache).find((name) =>
    name.endsWith("tfjs_binding.node"),
  );
  if (!path) throw new Error("TensorFlow's native library is not loaded.");
  Reflect.deleteProperty(require.cache, path);
  const binding: unknown = require(path);
  return binding;
}

function isNative(backend: unknown): backend is NativeBackend {
  return (
    typeof backend === "object" && backend !== null && "tensorMap" in backend
  );
}
