/**
 * Whether WebGPU computes here what the processor does: three steps of small networks on both, and the time of some more.
 * To be run in a process of its own, because a driver may end it.
 */
import { initialState } from "../../graph/parameters";
import { Random } from "../../../shared/random";
import type { Network } from "../../../shared/settings/network";
import { volume } from "../../../shared/settings/network";
import * as l from "../../../shared/settings/presets/layers";
import type { EngineSettings } from "../../../shared/settings/settings";
import { stepInputs } from "../../../shared/step";
import type {
  Engine,
  EngineCheck,
  ModelSettings,
  ModelState,
  StepBatch,
} from "../engine";
import { createOnnxEngine } from "../onnx";
import { loadRuntime } from "../onnx/load";
import { findAdapter } from "./adapter";
import { openWebgpu } from "./index";

/** Steps that are compared, and how far they may differ: rounding of other orders of summation stays well below. */
const comparedSteps = 3;
const tolerance = 1e-4;
const timedSteps = 5;
const batch = 16;
/** Set to 1, an adapter that computes on the processor is taken too: for tests. */
const softwareSwitch = "GAN_WORKBENCH_SOFTWARE_GPU";

/** Resolves with a verdict, also where there is no adapter; only a crash says nothing. */
export async function testWebgpu(): Promise<EngineCheck> {
  const { version } = await loadRuntime();
  const model = smallModel();
  const state = initialState(model, Random.fromSeed(1, "self-test weights"));
  try {
    const own = await trainWith(await openWebgpu("GPU"), model, state);
    const adapter = await findAdapter();
    if (adapter.isSoftware && process.env[softwareSwitch] !== "1")
      return failed(
        `The only WebGPU adapter here, ${adapter.name}, computes on the processor, which onnx does faster; install the driver of your graphics card.`,
      );
    const reference = await trainWith(await createOnnxEngine(), model, state);
    const difference = distance(own.state, reference.state);
    if (!(difference <= tolerance))
      return failed(
        `${adapter.name} computes something else than the processor (${difference.toExponential(1)} apart after ${comparedSteps} steps); update its driver.`,
      );
    return {
      passed: true,
      device: adapter.name,
      version: `onnxruntime-node ${version}, WebGPU${adapter.driver ? `, driver ${adapter.driver}` : ""}`,
      msPerStep: own.msPerStep,
      processorMsPerStep: reference.msPerStep,
      difference,
    };
  } catch (error) {
    return failed(sentenceOf(error));
  }
}

function failed(reason: string): EngineCheck {
  return { passed: false, reason };
}

function sentenceOf(error: unknown): string {
  const text = String(error instanceof Error ? error.message : error);
  return /adapter/i.test(text)
    ? "No GPU was found that WebGPU can use; install the driver of your graphics card."
    : `WebGPU cannot train here: ${text.split("\n")[0]}`;
}

async function trainWith(
  engine: Engine,
  model: ModelSettings,
  start: ModelState,
): Promise<{ state: ModelState; msPerStep: number }> {
  const options: EngineSettings = {
    id: "auto",
    threads: null,
    spinning: false,
  };
  const session = await engine.createSession(model, start, options);
  try {
    await session.train(steps(model, comparedSteps));
    const state = await session.readState();
    const timed = steps(model, timedSteps);
    await session.train(timed);
    const begun = performance.now();
    await session.train(timed);
    return { state, msPerStep: (performance.now() - begun) / timedSteps };
  } finally {
    await session.dispose();
  }
}

function steps(model: ModelSettings, count: number): StepBatch {
  const random = Random.fromSeed(2, "self-test inputs");
  const inputs = stepInputs(model).map(({ name, shape }) => {
    const values = new Float32Array(count * batch * volume(shape));
    random.fillNormal(values);
    return [name, values] as const;
  });
  return {
    steps: count,
    batch,
    inputs: new Map(inputs),
    generatorUpdates: Array.from({ length: count }, () => true),
    learningRates: { generator: 1e-3, discriminator: 1e-3 },
  };
}

/** The largest difference of any value. */
function distance(a: ModelState, b: ModelState): number {
  let most = 0;
  for (const [name, { data }] of a) {
    const other = b.get(name)?.data;
    data.forEach((value, i) => {
      const apart = Math.abs(value - (other?.[i] ?? NaN));
      if (!(apart <= most)) most = apart;
    });
  }
  return most;
}

/** Dense and convolutional layers, batch normalisation and both kinds of activation. */
function smallModel(): ModelSettings {
  return {
    generator: network(
      [16],
      [
        l.dense(128),
        l.reshape([8, 4, 4]),
        l.batchNorm(),
        l.relu,
        l.convTranspose(1, 4, 2, 1, true),
        l.tanh,
      ],
    ),
    discriminator: network(
      [1, 8, 8],
      [l.conv(8, 4, 2, 1, true), l.leakyRelu, l.flatten, l.dense(1), l.sigmoid],
    ),
    objective: l.classicObjective,
    optimizers: l.both(l.adam(1e-3)),
  };
}

function network(
  input: Network["input"],
  layers: readonly l.Unnamed[],
): Network {
  return {
    input,
    layers: l.sequential("net", layers),
    initializers: l.pytorchDefaults,
  };
}
