/** The host's side of the studio thread. A crashed thread fails what was under way and is replaced at the next call. */
import type { Worker } from "node:worker_threads";
import type { ModelState } from "../engine/engine";
import { withAverage } from "../graph/parameters";
import type { Exploration, Viewpoint } from "../../shared/contract/explore";
import { connect } from "../../shared/rpc";
import type { Client } from "../../shared/rpc";
import type { TrainingSettings } from "../../shared/settings/settings";
import type { Drawn, Look } from "./explorer";
import { studioContract } from "./messages";
import { createThread } from "../thread";
import { ThreadChannel } from "../thread/channel";

interface Model {
  settings: TrainingSettings;
  state: ModelState;
}

type StudioCalls = Client<typeof studioContract>["studio"];

export interface Studio {
  /** Draws with a model that `load` gives where the thread does not hold it yet. */
  draw(
    model: string,
    load: () => Promise<Model>,
    look: Look & Pick<Viewpoint, "weights">,
    exploration: Exploration,
  ): Promise<Drawn>;
  /** Each rejects with one sentence. */
  readonly calls: StudioCalls;
  close(): Promise<void>;
}

/** The thread starts at the first call. */
export function createStudio(
  thread: () => Promise<Worker> = () => createThread("studio"),
): Studio {
  const channel = new ThreadChannel(
    thread,
    ({ message }) => `The studio crashed: ${message}. Try again.`,
  );
  const calls = connect(studioContract, channel).client.studio;

  return {
    calls,
    async draw(model, load, look, exploration) {
      if (!(await calls.holds({ model }))) {
        const { settings, state: saved } = await load();
        const state = look.weights === "average" ? withAverage(saved) : saved;
        await calls.load({ model, settings, state });
      }
      return calls.draw({ model, look, exploration });
    },
    close: () => channel.close(),
  };
}
