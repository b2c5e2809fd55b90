/**
 * One run from its first step to its last, as a stream of events. Reads no files and writes none, starts no threads:
 * the worker, the tests and the benchmark consume the same events.
 */
import { initialState } from "../graph/parameters";
import type { TrainingEvent } from "./events";
import { TrainingLoop } from "./loop";
import type { TrainingJob } from "./loop";
import { createSchedule } from "./schedule";
import { weightStream } from "./streams";

/**
 * Trains until the schedule ends, somebody stops it, or a figure is not a number any more. Ends with exactly one of
 * `finished`, `stopped` and `diverged`. Throws ScheduleError, NetworkError, and what the engine throws.
 * Whoever leaves the loop early ends the run: the session is disposed of either way.
 */
export async function* train(job: TrainingJob): AsyncGenerator<TrainingEvent> {
  const { settings, images, engine, from } = job;
  const schedule = createSchedule(settings, images.count);
  const state =
    from?.state ?? initialState(settings, weightStream(settings.seed));
  const session = await engine.createSession(settings, state, settings.engine);
  try {
    yield* new TrainingLoop(job, schedule, session).run();
  } finally {
    await session.dispose();
  }
}
