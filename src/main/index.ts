/** The desktop application: what is set up, in order. Everything else is in `electron/` and `host/`. */
import { join } from "node:path";
import { app } from "electron";
import ElectronStore from "electron-store";
import { followActivity } from "./electron/activity";
import { developmentServer, proxyPages } from "./electron/development";
import { keepMenu } from "./electron/menu";
import { mountScheme, registerScheme } from "./electron/scheme";
import { denyPermissions, hardenPages } from "./electron/security";
import { electronShell } from "./electron/shell";
import { showFatal } from "./electron/fatal";
import { closeOnQuit } from "./electron/quit";
import { openWindow } from "./electron/window";
import { findPages, openApplication } from "./host/open";
import { createPages } from "./host/pages";
import { findPlaces } from "./host/places";
import { preferenceOptions } from "./host/preferences";

app.setPath("userData", findPlaces().configuration);
registerScheme();
hardenPages();

if (app.requestSingleInstanceLock()) start().catch(showFatal);
else app.quit();

async function start(): Promise<void> {
  await app.whenReady();
  denyPermissions();
  const file = new ElectronStore<Record<string, unknown>>(preferenceOptions);
  const application = await openApplication({
    shell: electronShell,
    file,
    library: null,
    hasWindows: true,
  });
  const server = developmentServer();
  const pages = server ? proxyPages(server) : createPages(findPages());
  mountScheme(application, pages);
  const window = openWindow({
    application,
    file,
    preload: join(import.meta.dirname, "../preload/index.cjs"),
  });
  keepMenu(application);
  followActivity(application, window);
  closeOnQuit(application);
  app.on("second-instance", () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });
}
