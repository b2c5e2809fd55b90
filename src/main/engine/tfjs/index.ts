/** The engine on TensorFlow.js: on a CUDA GPU where there is one, else on the CPU, natively or in plain JavaScript. */
import type { Engine, EngineStatus } from "../engine";
import type { BackendName, LoadedTensorFlow } from "./load";
import { loadTensorFlow } from "./load";
import { registerNativeGradients } from "./native-gradients";
import { TfjsSession } from "./session";

type Available = Extract<LoadedTensorFlow, { available: true }>;

/** On a GPU a step is over before JavaScript has asked for the next: reading figures back less often keeps it busy. */
const stepsAtOnce = { native: 8, cpu: 1 };

/**
 * An engine on the backend asked for; without one, on the native backend where it works and in plain JavaScript
 * otherwise. Rejects with one sentence where the backend is not available.
 */
export async function createTfjsEngine(backend?: BackendName): Promise<Engine> {
  if (backend) return engineOn(await loadTensorFlow(backend));
  const native = await loadTensorFlow("native");
  return engineOn(native.available ? native : await loadTensorFlow("cpu"));
}

/** The engine where a CUDA device really does the work; otherwise why not, in one sentence. */
export async function createGpuEngine(): Promise<
  { engine: Engine } | { reason: string }
> {
  const loaded = await loadTensorFlow("native");
  if (!loaded.available) return { reason: loaded.reason };
  if (!loaded.gpu)
    return { reason: "TensorFlow found no CUDA device and uses the CPU." };
  return { engine: engineOn(loaded) };
}

export async function tfjsStatus(): Promise<EngineStatus> {
  const native = await loadTensorFlow("native");
  if (native.available) return statusOf(native, describeDevice(native));
  const plain = await loadTensorFlow("cpu");
  if (!plain.available)
    return { id: "tfjs", available: false, reason: plain.reason };
  return statusOf(plain, `${describeDevice(plain)}: ${native.reason}`);
}

function engineOn(loaded: LoadedTensorFlow): Engine {
  if (!loaded.available) throw new Error(loaded.reason);
  const { tf, backend } = loaded;
  if (backend === "native") registerNativeGradients(tf);
  return {
    id: "tfjs",
    device: describeDevice(loaded),
    createSession: (model, state) =>
      Promise.resolve(new TfjsSession(tf, model, state, stepsAtOnce[backend])),
  };
}

function statusOf({ tf }: Available, device: string): EngineStatus {
  return {
    id: "tfjs",
    available: true,
    device,
    version: tf.version["tfjs-core"],
  };
}

function describeDevice({ backend, gpu }: Available): string {
  if (gpu) return "CUDA GPU";
  return backend === "native"
    ? "CPU, because TensorFlow found no CUDA device"
    : "CPU, in plain JavaScript and slow";
}
