/** Going on from another run's checkpoint with changed settings: what is kept, and what begins anew. */
import { addDerived, initialState } from "../graph/parameters";
import type { ModelState } from "../engine/engine";
import type { TrainingSettings } from "../../shared/settings/settings";
import type { Checkpoint, Position } from "./events";
import { createStreams, saveStreams, weightStream } from "./streams";

/** Settings that a checkpoint's weights do not fit, in one sentence. */
export class ForkError extends Error {
  override name = "ForkError";
}

/**
 * The parent's checkpoint as the fork's beginning. Both networks must have the parent's tensors. A changed optimiser
 * begins with an empty memory; a changed seed with streams of its own; changed data or batches with a new epoch. The
 * learning rates are the fork's own. Throws ForkError.
 */
export function forkCheckpoint(
  checkpoint: Checkpoint,
  parent: TrainingSettings,
  settings: TrainingSettings,
): Checkpoint {
  return {
    state: forkState(checkpoint.state, parent, settings),
    position: forkPosition(checkpoint.position, parent, settings),
  };
}

/**
 * The run's own checkpoint under changed settings. As a fork, but a learning rate that was changed while it trained
 * stays unless the settings now name another. Throws ForkError.
 */
export function changedCheckpoint(
  checkpoint: Checkpoint,
  saved: TrainingSettings,
  settings: TrainingSettings,
): Checkpoint {
  const { state, position } = forkCheckpoint(checkpoint, saved, settings);
  const rate = (role: "generator" | "discriminator") => {
    const now = settings.optimizers[role].learningRate;
    return now === saved.optimizers[role].learningRate
      ? checkpoint.position.learningRates[role]
      : now;
  };
  const learningRates = {
    generator: rate("generator"),
    discriminator: rate("discriminator"),
  };
  return { state, position: { ...position, learningRates } };
}

function forkState(
  saved: ModelState,
  parent: TrainingSettings,
  settings: TrainingSettings,
): ModelState {
  const fresh = initialState(settings, weightStream(settings.seed));
  const state: ModelState = new Map();
  for (const [name, tensor] of fresh) {
    const from = saved.get(name);
    const fits = from?.shape.join() === tensor.shape.join();
    const [first, role] = name.split(".");
    if (first === "optimizer") {
      const changed = !sameMemory(parent, settings, role);
      state.set(name, from && !changed ? from : tensor);
    } else if (first === "average" || first === "spectral") {
      if (from && fits) state.set(name, from);
    } else if (from && fits) state.set(name, from);
    else
      throw new ForkError(
        `The checkpoint has no tensor ${name} of ${tensor.shape.join(" x ")}: training continues with the same networks, so change them in a new run.`,
      );
  }
  addDerived(settings, state, weightStream(settings.seed));
  return state;
}

/** Whether what one network's optimiser remembers keeps its meaning; its learning rate may differ. */
function sameMemory(
  parent: TrainingSettings,
  settings: TrainingSettings,
  role: string,
): boolean {
  if (role !== "generator" && role !== "discriminator") return false;
  const memory = ({ optimizers }: TrainingSettings) =>
    JSON.stringify({ ...optimizers[role], learningRate: null });
  return memory(parent) === memory(settings);
}

function forkPosition(
  position: Position,
  parent: TrainingSettings,
  settings: TrainingSettings,
): Position {
  const { generator, discriminator } = settings.optimizers;
  const streams =
    parent.seed === settings.seed
      ? position.random
      : saveStreams(createStreams(settings.seed));
  const sameEpoch =
    parent.seed === settings.seed &&
    JSON.stringify(parent.data) === JSON.stringify(settings.data) &&
    parent.schedule.batchSize === settings.schedule.batchSize &&
    parent.schedule.order === settings.schedule.order &&
    parent.schedule.lastBatch === settings.schedule.lastBatch;
  return {
    ...position,
    random: streams,
    stepInEpoch: sameEpoch ? position.stepInEpoch : 0,
    learningRates: {
      generator: generator.learningRate,
      discriminator: discriminator.learningRate,
    },
  };
}
