/** Starts a run and shows it, or puts it in the queue where another is under way. */
import type { TrainingSettings } from "../../shared/settings/settings";
import type { Application } from "./application.svelte";

export async function startRun(
  application: Application,
  wanted: { name: string; settings: TrainingSettings },
): Promise<void> {
  const { client, notices } = application;
  const name = wanted.name.trim() || null;
  const order = { type: "new", settings: wanted.settings, name } as const;
  const queued = await notices.guard(client.queue.add({ order }));
  if (queued) application.showQueued(queued);
}
