import type { RunTab } from "../../state/navigation.svelte";

export const tabTitles: Record<RunTab, string> = {
  overview: "Overview",
  gallery: "Gallery",
  explorer: "Latent explorer",
  microscope: "Step microscope",
  settings: "Settings",
  log: "Log",
  notes: "Notes",
};
