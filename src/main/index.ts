/** The desktop application: what is set up, in order. Everything else is in `electron/` and `host/`. */
import "./no-telemetry";
import { join } from "node:path";
import { app } from "electron";
import ElectronStore from "electron-store";
import { showAbout } from "./electron/about";
import { followActivity } from "./electron/activity";
import { developmentServer, proxyPages } from "./electron/development";
import { Documents, ownWords } from "./electron/documents";
import { chooseGraphics, followGraphics } from "./electron/graphics";
import { keepMenu } from "./electron/menu";
import { mountScheme, registerScheme } from "./electron/scheme";
import { denyPermissions, hardenPages } from "./electron/security";
import { electronShell } from "./electron/shell";
import { showFatal } from "./electron/fatal";
import { closeOnQuit } from "./electron/quit";
import { openWindow, showAgain } from "./electron/window";
import { findPages, openApplication } from "./host/open";
import { createPages } from "./host/pages";
import { findPlaces } from "./host/places";
import { preferenceOptions } from "./host/preferences";

app.setPath("userData", findPlaces().configuration);
// Windows shows no notification of a program without it; electron-builder gives the shortcuts the same.
app.setAppUserModelId("gan-workbench.desktop");
registerScheme();
hardenPages();

if (app.requestSingleInstanceLock()) start().catch(showFatal);
else app.quit();

async function start(): Promise<void> {
  const documents = new Documents(ownWords(process.argv), process.cwd());
  const file = new ElectronStore<Record<string, unknown>>(preferenceOptions);
  chooseGraphics(file);
  await app.whenReady();
  denyPermissions();
  showAbout();
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
  followGraphics(application, file);
  closeOnQuit(application);
  window.webContents.once("did-finish-load", () => {
    documents.openIn(application);
  });
  app.on("second-instance", (_, words, folder) => {
    documents.takeNamed(words.slice(1), folder);
    showAgain(window);
  });
  app.on("activate", () => showAgain(window));
}
