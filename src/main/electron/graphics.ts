/**
 * The graphics process. Chromium starts it again when it dies; where it dies again, the next start of this version draws
 * without it. Training is not touched: the window is all that it draws.
 */
import { app } from "electron";
import type { Application } from "../host/app";
import type { PreferenceFile } from "../host/preferences";

/** The version whose graphics failed: a newer one tries again. */
const key = "graphicsFailedIn";

/** Before the application is ready. */
export function chooseGraphics(file: PreferenceFile): void {
  if (file.get(key) === app.getVersion()) app.disableHardwareAcceleration();
}

export function followGraphics(
  application: Pick<Application, "emit">,
  file: PreferenceFile,
): void {
  let deaths = 0;
  app.on("child-process-gone", (_, { type, reason }) => {
    if (type !== "GPU" || reason === "clean-exit") return;
    deaths++;
    if (deaths < 2) return;
    file.set(key, app.getVersion());
    application.emit({
      type: "notice",
      notice: {
        level: "warning",
        text: `The window's graphics process ended ${deaths} times (${reason}).`,
        advice: "Training continues. The next start draws without it.",
        run: null,
      },
    });
  });
}
