/** The engine alone: the same inputs again and again, nothing drawn, nothing recorded. */
import { createEngine } from "../src/main/engine";
import type { StepBatch, TrainingSession } from "../src/main/engine/engine";
import { initialState } from "../src/main/graph/parameters";
import { volume } from "../src/shared/layers";
import { Random } from "../src/shared/random";
import type { TrainingSettings } from "../src/shared/settings/settings";
import { stepInputs } from "../src/shared/step";
import { setEngineVariables } from "../src/main/thread";
import { clockTime } from "./turns";
import type { Runner } from "./turns";

/** In milliseconds; what is usual is a quarter of it. */
const longestCall = 1000;

interface Options {
  /** In milliseconds. */
  now?(): number;
}

export async function createBareEngine(
  settings: TrainingSettings,
  { now = clockTime }: Options = {},
): Promise<Runner & { close(): Promise<void> }> {
  setEngineVariables();
  const engine = await createEngine(settings.engine.id);
  const state = initialState(settings, Random.fromSeed(1, "weights"));
  const session = await engine.createSession(settings, state, settings.engine);
  const batch = prepare(
    settings,
    engine.id === "webgpu"
      ? await stepsOfCall(settings, session)
      : session.preferredSteps(settings.schedule.batchSize),
  );
  return {
    name: `${engine.id} engine`,
    async block(steps) {
      const calls = Math.max(1, Math.round(steps / batch.steps));
      const start = now();
      for (let call = 0; call < calls; call++) await session.train(batch);
      return (now() - start) / (calls * batch.steps);
    },
    close: () => session.dispose(),
  };
}

/** As many as training takes in a call, but fewer where that lasts too long: on a GPU in software. */
async function stepsOfCall(
  settings: TrainingSettings,
  session: TrainingSession,
): Promise<number> {
  const preferred = session.preferredSteps(settings.schedule.batchSize);
  const few = prepare(settings, settings.objective.generatorEvery);
  await session.train(few);
  const start = performance.now();
  await session.train(few);
  const calls = Math.ceil(longestCall / (performance.now() - start));
  return Math.min(preferred, calls * few.steps);
}

function prepare(settings: TrainingSettings, steps: number): StepBatch {
  const random = Random.fromSeed(2, "bench");
  const batch = settings.schedule.batchSize;
  const inputs = stepInputs(settings).map((input) => {
    const data = new Float32Array(steps * batch * volume(input.shape));
    if (input.kind === "noise") random.fillNormal(data);
    else if (input.kind === "mask") random.fillMask(data, input.rate);
    else
      for (let i = 0; i < data.length; i++) data[i] = random.uniform() * 2 - 1;
    return [input.name, data] as const;
  });
  const { generator, discriminator } = settings.optimizers;
  const every = settings.objective.generatorEvery;
  return {
    steps,
    batch,
    inputs: new Map(inputs),
    generatorUpdates: Array.from({ length: steps }, (_, i) => i % every === 0),
    learningRates: {
      generator: generator.learningRate,
      discriminator: discriminator.learningRate,
    },
  };
}
