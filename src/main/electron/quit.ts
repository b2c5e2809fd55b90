/** Quitting waits until the library is closed, so that nothing is left half written. */
import { app } from "electron";
import type { Application } from "../host/app";

export function closeOnQuit(application: Pick<Application, "close">): void {
  app.on("window-all-closed", () => app.quit());
  app.once("will-quit", (event) => {
    event.preventDefault();
    void application.close().finally(() => app.exit());
  });
}
