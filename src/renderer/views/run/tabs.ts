import type { RunTab } from "../../state/navigation.svelte";

export const tabTitles: Record<RunTab, string> = {
  overview: "Overview",
  gallery: "Gallery",
  quality: "Quality",
  explorer: "Latent explorer",
  microscope: "Step microscope",
  settings: "Setup",
  log: "Log",
  notes: "Notes",
};
