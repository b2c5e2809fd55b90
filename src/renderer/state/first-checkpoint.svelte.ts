/** For a page that asks the networks of a checkpoint: a run that trains and has kept none yet saves one, and says so. */
import type { Application } from "./application.svelte";
import type { ReadableRun } from "./runs.svelte";

/** Asks once. Belongs to the component that calls it. */
export function saveFirstCheckpoint(
  { control }: Application,
  listing: () => ReadableRun,
): void {
  let asked = false;
  $effect(() => {
    const { checkpoints, record } = listing();
    if (asked || checkpoints.length > 0 || record.state !== "training") return;
    asked = true;
    void control.saveCheckpoint(record.id);
  });
}
