/** The end of a start that failed: one sentence in a native box, because there is no window to show it in. */
import { app, dialog } from "electron";
import { errorMessage } from "../../shared/errors";

export function showFatal(error: unknown): void {
  dialog.showErrorBox("GAN Workbench cannot start.", errorMessage(error));
  app.exit(1);
}
