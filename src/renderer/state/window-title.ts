/** What the window, its tab and the taskbar are called: how far the run is that trains, and what is looked at. */
import type { Application } from "./application.svelte";

export function windowTitle({
  activity,
  navigation,
  runs,
}: Application): string {
  const { route } = navigation;
  const shown =
    route.view === "run" ? runs.find(route.run)?.record.name : undefined;
  const active = runs.active?.record;
  const { step, totalSteps } =
    (active && activity.progress(active.id)) ?? active?.progress ?? {};
  const share =
    step !== undefined && totalSteps
      ? `${Math.floor((100 * step) / totalSteps)} %`
      : undefined;
  return [share, shown, "GAN Workbench"].filter(Boolean).join(" · ");
}
