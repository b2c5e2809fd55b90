/** How long a step of given networks takes on an engine. To be run in a process of its own. */
import { Random } from "../../../shared/random";
import type {
  EngineId,
  EngineSettings,
} from "../../../shared/settings/settings";
import { initialState } from "../../graph/parameters";
import type { ModelSettings, StepBatch, TrainingSession } from "../engine";
import { createEngine } from "../index";
import { randomSteps } from "./random-steps";

/** Time of the calls that count, in milliseconds, and how many there are at least. */
const measuredMs = 1500;
const fewestCalls = 3;
/** How long a call may take, which holds up a pause as long. */
const callMs = 250;

export interface MeasureOrder {
  engine: EngineId;
  model: ModelSettings;
  /** Samples a step. */
  batch: number;
  options: EngineSettings;
}

/**
 * Compiles, and gives as many steps as training makes in a call, or as many as take a moment where one step takes longer.
 */
async function warmUp(
  session: TrainingSession,
  { model, batch }: MeasureOrder,
): Promise<StepBatch> {
  const { generatorEvery } = model.objective;
  const few = randomSteps(model, batch, generatorEvery);
  await session.train(few);
  const begin = performance.now();
  await session.train(few);
  const calls = Math.ceil(callMs / (performance.now() - begin));
  const count = Math.min(session.preferredSteps(batch), calls * generatorEvery);
  const steps = randomSteps(model, batch, count);
  await session.train(steps);
  return steps;
}

/** Milliseconds a step: the median of calls as long as training makes them, after one that compiles. */
export async function measure(order: MeasureOrder): Promise<number> {
  const { model, options } = order;
  const engine = await createEngine(order.engine);
  const state = initialState(model, Random.fromSeed(1, "trial weights"));
  const session = await engine.createSession(model, state, options);
  try {
    const steps = await warmUp(session, order);
    const times: number[] = [];
    const begin = performance.now();
    while (
      times.length < fewestCalls ||
      performance.now() - begin < measuredMs
    ) {
      const before = performance.now();
      await session.train(steps);
      times.push((performance.now() - before) / steps.steps);
    }
    times.sort((a, b) => a - b);
    return times[Math.floor(times.length / 2)];
  } finally {
    await session.dispose();
  }
}
