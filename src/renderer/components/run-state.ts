/** How the states of a run are called. */
import type { RunState } from "../../shared/run";

const words: Record<RunState, string> = {
  preparing: "Preparing",
  training: "Training",
  paused: "Paused",
  finished: "Finished",
  stopped: "Stopped",
  interrupted: "Interrupted",
  diverged: "Diverged",
  failed: "Failed",
  imported: "Imported",
};

export function describeState(state: RunState): string {
  return words[state];
}

/** What the colour and shape of a state say. */
export function toneOf(state: RunState): "good" | "bad" | "idle" {
  switch (state) {
    case "preparing":
    case "training":
      return "good";
    case "diverged":
    case "failed":
    case "interrupted":
      return "bad";
    case "paused":
    case "finished":
    case "stopped":
    case "imported":
      return "idle";
    default:
      return state satisfies never;
  }
}
