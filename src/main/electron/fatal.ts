/** The end of a start that failed: one sentence in a native box, because there is no window to show it in. */
import { app, dialog } from "electron";

export function showFatal(error: unknown): void {
  dialog.showErrorBox(
    "GAN Workbench cannot start.",
    error instanceof Error ? error.message : String(error),
  );
  app.exit(1);
}
