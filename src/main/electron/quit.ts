/** Quitting waits until the library is closed, so that nothing is left half written; so does the system's shutdown. */
import { app, powerMonitor } from "electron";
import type { Application } from "../host/app";

export function closeOnQuit(application: Pick<Application, "close">): void {
  let isClosing = false;
  const close = () => {
    if (isClosing) return;
    isClosing = true;
    void application.close().finally(() => app.exit());
  };
  app.on("window-all-closed", () => app.quit());
  app.on("will-quit", (event) => {
    event.preventDefault();
    close();
  });
  // Electron's types leave out the event, by which the system is asked to wait. On Windows the window hears of it
  // (`window.ts`).
  powerMonitor.on("shutdown", (event?: Electron.Event) => {
    event?.preventDefault();
    close();
  });
}
