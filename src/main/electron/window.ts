/** The one window: where it stands, what its page may do, and the question before it closes on a training run. */
import { app, BrowserWindow, dialog, screen } from "electron";
import type { Rectangle } from "electron";
import { z } from "zod";
import type { Application } from "../host/app";
import type { PreferenceFile } from "../host/preferences";
import { Background } from "./background";
import { createIpcChannel } from "./ipc";
import { iconFile } from "./resources";
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
    // Windows and macOS take it from the program itself.
    ...(process.platform === "linux" && { icon: iconFile() }),
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
  askBeforeClosing(window, application, new Background(window, application));
  // Windows logs off or shuts down: there is no time to ask.
  window.on("session-end", () => void application.stopTraining());
  reviveAfterCrash(window);
  window.on("close", () => file.set(boundsKey, currentBounds(window)));
  void window.loadURL(pageAddress);
  return window;
}

/** To the front, from wherever it is; at the very end there is no window any more. */
export function showAgain(window: BrowserWindow): void {
  if (window.isDestroyed()) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

const answers = ["stay", "background", "stop"] as const;

/** A run that trains is ended properly before the window goes, or goes on without it. */
function askBeforeClosing(
  window: BrowserWindow,
  application: Application,
  background: Background,
): void {
  let asking = false;
  window.on("close", (event) => {
    if (application.trainingRun() === null) return;
    event.preventDefault();
    if (asking) return;
    asking = true;
    void ask()
      .then(async (answer) => {
        if (answer === "background") background.enter();
        if (answer !== "stop") return;
        await application.stopTraining();
        window.close();
      })
      .finally(() => {
        asking = false;
      });
  });

  async function ask(): Promise<(typeof answers)[number]> {
    showAgain(window);
    const { response } = await dialog.showMessageBox(window, {
      type: "question",
      message: "A run is training.",
      detail:
        "It can finish without a window: GAN Workbench then ends with it. Stopped, it keeps what it has learned, and can be resumed.",
      buttons: ["Keep Open", "Finish in the Background", "Stop and Close"],
      defaultId: 0,
      cancelId: 0,
    });
    return answers[response];
  }
}

/** The run trains on without its page; a page that crashes again at once is left alone. */
function reviveAfterCrash(window: BrowserWindow): void {
  let lastCrash = -Infinity;
  window.webContents.on("render-process-gone", (_, { reason }) => {
    if (reason === "clean-exit" || performance.now() - lastCrash < 10_000)
      return;
    lastCrash = performance.now();
    window.webContents.reload();
  });
}

/** Null where nothing was saved; where the display has gone or shrunk, moved onto the nearest one. */
function readBounds(file: PreferenceFile): Bounds | null {
  const saved = boundsSchema.safeParse(file.get(boundsKey));
  if (!saved.success) return null;
  const { workArea } = screen.getDisplayMatching(saved.data);
  return { ...saved.data, ...fitted(saved.data, workArea) };
}

function currentBounds(window: BrowserWindow): Bounds {
  return { ...window.getNormalBounds(), maximized: window.isMaximized() };
}

/** The nearest place where all of a window is on a display, made smaller where it is too large for it. */
function fitted(bounds: Rectangle, area: Rectangle): Rectangle {
  const width = Math.min(bounds.width, area.width);
  const height = Math.min(bounds.height, area.height);
  const within = (at: number, from: number, room: number) =>
    Math.min(Math.max(at, from), from + room);
  return {
    x: within(bounds.x, area.x, area.width - width),
    y: within(bounds.y, area.y, area.height - height),
    width,
    height,
  };
}
