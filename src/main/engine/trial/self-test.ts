/**
 * Whether an engine computes here what the processor does: three steps of small networks on both, and the time of some
 * more. To be run in a process of its own, because a driver may end it.
 */
import { errorMessage } from "../../../shared/errors";
import { Random } from "../../../shared/random";
import { noImprovements } from "../../../shared/settings/improvements";
import * as l from "../../../shared/settings/presets/layers";
import type { EngineId } from "../../../shared/settings/settings";
import { initialState } from "../../graph/parameters";
import { findAdapter } from "../webgpu/adapter";
import type {
  EngineCheck,
  EngineStatus,
  ModelSettings,
  ModelState,
  TrainingSession,
} from "../engine";
import { createEngine, engineStatus } from "../index";
import { randomSteps } from "./random-steps";

/** Steps that are compared, and how far they may differ: rounding of other orders of summation stays well below. */
const comparedSteps = 3;
const tolerance = 1e-4;
const timedMs = 300;
const batch = 16;
/** Set to 1, an adapter that computes on the processor is taken too: for tests. */
const softwareSwitch = "GAN_WORKBENCH_SOFTWARE_GPU";

/** Resolves with a verdict, also where there is no such engine; only a crash says nothing. */
export async function selfTest(id: EngineId): Promise<EngineCheck> {
  const status = await engineStatus(id);
  if (!status.available) return failed(status.reason);
  try {
    return await tryOut(status);
  } catch (error) {
    return failed(sentenceOf(id, error));
  }
}

async function tryOut(status: Available): Promise<EngineCheck> {
  const model = smallModel();
  const state = initialState(model, Random.fromSeed(1, "self-test weights"));
  const own = await open(status.id, model, state);
  const { name, version, refusal } = await deviceOf(status);
  if (refusal) {
    await own.dispose();
    return failed(refusal);
  }
  const result = await train(own, model);
  const reference =
    status.id === "onnx"
      ? result
      : await train(await open("onnx", model, state), model);
  const difference = stateDistance(result.state, reference.state);
  if (!(difference <= tolerance))
    return failed(
      `${name} computes something else than the processor (${difference.toExponential(1)} apart after ${comparedSteps} steps); update its driver.`,
    );
  return {
    passed: true,
    device: name,
    version,
    msPerStep: result.msPerStep,
    processorMsPerStep: reference.msPerStep,
    difference,
  };
}

function failed(reason: string): EngineCheck {
  return { passed: false, reason };
}

type Available = Extract<EngineStatus, { available: true }>;

/** What it computed on: of WebGPU only the loaded driver tells. */
async function deviceOf({ id, device, version }: Available): Promise<{
  name: string;
  version: string;
  refusal: string | null;
}> {
  if (id !== "webgpu") return { name: device, version, refusal: null };
  const { name, driver, isSoftware } = await findAdapter();
  const refused = isSoftware && process.env[softwareSwitch] !== "1";
  return {
    name,
    version: driver ? `${version}, driver ${driver}` : version,
    refusal: refused
      ? `The only WebGPU adapter here, ${name}, computes on the processor, which the CPU engine does faster; install the driver of your graphics card.`
      : null,
  };
}

function sentenceOf(id: EngineId, error: unknown): string {
  const text = errorMessage(error);
  return id === "webgpu" && /adapter/i.test(text)
    ? "No GPU was found that WebGPU can use; install the driver of your graphics card."
    : `It cannot train here: ${text.split("\n")[0]}`;
}

async function open(
  id: EngineId,
  model: ModelSettings,
  state: ModelState,
): Promise<TrainingSession> {
  const engine = await createEngine(id);
  const options = { id, threads: null, spinning: false };
  return engine.createSession(model, state, options);
}

async function train(
  session: TrainingSession,
  model: ModelSettings,
): Promise<{ state: ModelState; msPerStep: number }> {
  try {
    const steps = randomSteps(model, batch, comparedSteps);
    await session.train(steps);
    const state = await session.readState();
    let calls = 0;
    const begin = performance.now();
    for (; calls < 2 || performance.now() - begin < timedMs; calls++)
      await session.train(steps);
    const ms = performance.now() - begin;
    return { state, msPerStep: ms / (calls * comparedSteps) };
  } finally {
    await session.dispose();
  }
}

/** The largest difference of any value. */
export function stateDistance(a: ModelState, b: ModelState): number {
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
    generator: l.network(
      "net",
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
    discriminator: l.network(
      "net",
      [1, 8, 8],
      [l.conv(8, 4, 2, 1, true), l.leakyRelu, l.flatten, l.dense(1), l.sigmoid],
    ),
    objective: l.classicObjective,
    optimizers: l.both(l.adam(1e-3)),
    improvements: noImprovements,
  };
}
