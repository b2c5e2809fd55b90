/** The parts of the window that its first picture does without; each is loaded when it is first shown, or before. */

export const views = {
  train: () => import("./views/train/TrainView.svelte"),
  history: () => import("./views/history/HistoryView.svelte"),
  compare: () => import("./views/compare/CompareView.svelte"),
  guide: () => import("./views/guide/GuideView.svelte"),
  settings: () => import("./views/settings/SettingsView.svelte"),
  export: () => import("./views/export/ExportDialog.svelte"),
  explorer: () => import("./views/explorer/ExplorerView.svelte"),
  microscope: () => import("./views/microscope/MicroscopeView.svelte"),
  steer: () => import("./views/steer/SteerDialog.svelte"),
  quality: () => import("./views/quality/QualityView.svelte"),
  notes: () => import("./views/run/NotesPage.svelte"),
};

/** So that none has to be waited for later. Whatever fails is tried again, and told, when it is shown. */
export async function loadAllViews(): Promise<void> {
  await Promise.allSettled(Object.values(views).map((load) => load()));
}
