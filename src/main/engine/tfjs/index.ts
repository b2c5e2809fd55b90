/** The engine on TensorFlow.js: on a CUDA GPU where there is one, else on the CPU, natively or in plain JavaScript. */
import type { Engine, EngineStatus } from "../engine";
import type { BackendName, LoadedTensorFlow } from "./load";
import { loadTensorFlow } from "./load";
import { TfjsSession } from "./session";

type Available = Extract<LoadedTensorFlow, { available: true }>;

/**
 * An engine on the backend asked for; without one, on the native backend where it works and in plain JavaScript
 * otherwise. Rejects with one sentence where the backend is not available.
 */
export async function createTfjsEngine(backend?: BackendName): Promise<Engine> {
  if (backend) return engineOn(await loadTensorFlow(backend));
  const native = await loadTensorFlow("native");
  return engineOn(native.available ? native : await loadTensorFlow("cpu"));
}

/** The engine where a CUDA device really does the work; otherwise null (`tfjsStatus` says why). */
export async function createGpuEngine(): Promise<Engine | null> {
  const loaded = await loadTensorFlow("native");
  return loaded.available && loaded.gpu ? engineOn(loaded) : null;
}

/** Plain JavaScript runs everywhere, so the sentence is about what is missed. */
export async function tfjsStatus(): Promise<EngineStatus> {
  const native = await loadTensorFlow("native");
  if (native.available) return statusOf(native, describeDevice(native));
  const plain = await loadTensorFlow("cpu");
  if (!plain.available)
    return { id: "tfjs", available: false, reason: plain.reason };
  return statusOf(plain, `${describeDevice(plain)}, because ${native.reason}`);
}

function engineOn(loaded: LoadedTensorFlow): Engine {
  if (!loaded.available) throw new Error(loaded.reason);
  const { tf, backend } = loaded;
  return {
    id: "tfjs",
    device: describeDevice(loaded),
    createSession: async (model, state) =>
      new TfjsSession(tf, backend, model, state),
  };
}

function statusOf({ tf }: Available, device: string): EngineStatus {
  return {
    id: "tfjs",
    available: true,
    device,
    version: `TensorFlow.js ${tf.version["tfjs-core"]}`,
  };
}

function describeDevice({ backend, gpu }: Available): string {
  if (gpu) return "CUDA GPU";
  return backend === "native"
    ? "CPU, because TensorFlow found no CUDA device"
    : "CPU, in plain JavaScript and slow";
}
