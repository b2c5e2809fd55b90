/**
 * The engine on TensorFlow: the training graph as a SavedModel, run by TensorFlow.js's package with TensorFlow's own
 * library, on a CUDA GPU where there is one. Settings and old runs call it `tfjs`.
 */
import { parametersOf } from "../../../shared/settings/network";
import { Programs } from "../../graph/programs";
import { networkRoles } from "../../graph/parameters";
import { DeviceRunner } from "../device-error";
import type { Engine, EngineStatus, ModelSettings } from "../engine";
import { GraphSession } from "../session";
import type { LoadedTensorFlow } from "./load";
import { loadTensorFlow } from "./load";
import { TensorFlowRunner } from "./runner";

type Available = Extract<LoadedTensorFlow, { available: true }>;

/** Set to 0, no training step is compiled by XLA: the way back where XLA fails or compiles for too long. */
const xlaSwitch = "GAN_WORKBENCH_XLA";

/** Rejects with one sentence where TensorFlow's library is not available. `xla` is whether training may be compiled. */
export async function createTensorFlowEngine(
  xla = process.env[xlaSwitch] !== "0",
): Promise<Engine> {
  const loaded = await loadTensorFlow();
  if (!loaded.available) throw new Error(loaded.reason);
  return engineOn(loaded, xla);
}

export async function tensorFlowStatus(): Promise<EngineStatus> {
  const loaded = await loadTensorFlow();
  if (!loaded.available)
    return { id: "tfjs", available: false, reason: loaded.reason };
  return {
    id: "tfjs",
    available: true,
    device: deviceOf(loaded),
    version: loaded.version,
  };
}

function engineOn(loaded: Available, xla: boolean): Engine {
  const { tf, gpu } = loaded;
  return {
    id: "tfjs",
    deviceFor: () => deviceOf(loaded),
    createSession: (model, state) => {
      const programs = new Programs(model);
      const compile = xla && (gpu || !hasConvolutions(model));
      const options = { gpu, compile };
      const runner = new TensorFlowRunner(tf, model, programs.layout, options);
      return GraphSession.open(
        model,
        programs,
        new DeviceRunner(runner, `TensorFlow's ${gpu ? "GPU" : "CPU"}`),
        state,
      );
    },
  };
}

/** On the processor XLA's convolutions are far slower than TensorFlow's own. */
function hasConvolutions(model: ModelSettings): boolean {
  return networkRoles.some((role) =>
    parametersOf(model[role]).some(({ shape }) => shape.length === 4),
  );
}

function deviceOf({ gpu }: Available): string {
  return gpu ? "CUDA GPU" : "CPU, because TensorFlow found no CUDA device";
}
