/** The one window: where it stands, what its page may do, and the question before it closes on a training run. */
import { app, BrowserWindow, dialog, screen } from "electron";
import type { Rectangle } from "electron";
import { z } from "zod";
import type { Application } from "../host/app";
import type { PreferenceFile } from "../host/preferences";
import { createIpcChannel } from "./ipc";
import { pageAddress } from "./scheme";

const boundsKey = "windowBounds";
const boundsSchema = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(400),
  height: z.int().min(300),
  maximized: z.boolean(),
});
type Bounds = z.infer<typeof boundsSchema>;

export interface WindowOptions {
  application: Application;
  preload: string;
  /** Remembers the bounds. */
  file: PreferenceFile;
}

export function openWindow(options: WindowOptions): BrowserWindow {
  const { application, preload, file } = options;
  const bounds = readBounds(file);
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    ...bounds,
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: "GAN Workbench",
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      devTools: !app.isPackaged,
    },
  });
  if (bounds?.maximized) window.maximize();
  window.once("ready-to-show", () => window.show());
  application.attach(createIpcChannel(window.webContents));
  askBeforeClosing(window, application);
  reviveAfterCrash(window);
  window.on("close", () => file.set(boundsKey, currentBounds(window)));
  void window.loadURL(pageAddress);
  return window;
}

/** A run that trains is ended properly before the window goes. */
function askBeforeClosing(
  window: BrowserWindow,
  application: Application,
): void {
  let asking = false;
  window.on("close", (event) => {
    if (application.trainingRun() === null) return;
    event.preventDefault();
    if (asking) return;
    asking = true;
    void ask()
      .then(async (stop) => {
        if (!stop) return;
        await application.stopTraining();
        window.close();
      })
      .finally(() => {
        asking = false;
      });
  });

  async function ask(): Promise<boolean> {
    const { response } = await dialog.showMessageBox(window, {
      type: "question",
      message: "A run is training.",
      detail:
        "Closing the window stops it. What it has learned so far is kept, and it can be resumed.",
      buttons: ["Keep Training", "Stop and Close"],
      defaultId: 0,
      cancelId: 0,
    });
    return response === 1;
  }
}

/** The run trains on without its page; a page that crashes again at once is left alone. */
function reviveAfterCrash(window: BrowserWindow): void {
  let lastCrash = -Infinity;
  window.webContents.on("render-process-gone", (_, { reason }) => {
    if (reason === "clean-exit" || Date.now() - lastCrash < 10_000) return;
    lastCrash = Date.now();
    window.webContents.reload();
  });
}

/** Null where nothing was saved, or the display that it was on is gone. */
function readBounds(file: PreferenceFile): Bounds | null {
  const saved = boundsSchema.safeParse(file.get(boundsKey));
  if (!saved.success) return null;
  const { workArea } = screen.getDisplayMatching(saved.data);
  return overlaps(saved.data, workArea) ? saved.data : null;
}

function currentBounds(window: BrowserWindow): Bounds {
  return { ...window.getNormalBounds(), maximized: window.isMaximized() };
}

function overlaps(a: Rectangle, b: Rectangle): boolean {
  return (
    a.x < b.x + b.width &&
    b.x < a.x + a.width &&
    a.y < b.y + b.height &&
    b.y < a.y + a.height
  );
}
