/** For a page that asks the networks of a checkpoint: a run that trains and has kept none yet saves one, and says so. */
import type { Application } from "./application.svelte";
import type { ReadableRun } from "./runs.svelte";

/** Asks once. Belongs to the component that calls it. */
export function saveFirstCheckpoint(
  { activity, control }: Application,
  listing: () => ReadableRun,
): void {
  let asked = false;
  $effect(() => {
    const { checkpoints, record } = listing();
    if (asked || checkpoints.length > 0 || record.state !== "training") return;
    // Untrained networks are not what somebody asks for.
    const step = activity.progress(record.id)?.step ?? record.progress.step;
    if (step === 0) return;
    asked = true;
    void control.saveCheckpoint(record.id);
  });
}
