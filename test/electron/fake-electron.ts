/**
 * Stands in for Electron where its binary is not needed to see what the shell asks of it: keeps what it was told, and
 * lets a test play the part of the system. Only what the shell uses; `faithful.test.ts` holds it to Electron's types.
 */
import { EventEmitter } from "node:events";
import type * as Electron from "electron";

type Event = Pick<Electron.Event, "defaultPrevented" | "preventDefault">;

/** What happens to each class in the tests, with what its listeners are told. */
export interface Events {
  App: {
    "child-process-gone": [event: Event, details: Electron.Details];
    "open-file": [event: Event, path: string];
    "web-contents-created": [event: Event, contents: unknown];
    "will-quit": [event: Event];
  };
  BrowserWindow: {
    close: [event: Event];
    closed: [];
    hide: [];
    "session-end": [event: Pick<Electron.WindowSessionEndEvent, "reasons">];
    show: [];
  };
  Notification: { click: [] };
  PowerMonitor: { shutdown: [event?: Event] };
  Tray: { click: [] };
  WebContents: {
    destroyed: [];
    "render-process-gone": [
      event: Event,
      details: Electron.RenderProcessGoneDetails,
    ];
    "will-attach-webview": [event: Event];
    "will-frame-navigate": [event: Event];
    "will-navigate": [event: Event, url: string];
    "will-redirect": [event: Event, url: string];
  };
}

class FakeEmitter<
  Told extends Record<keyof Told, unknown[]>,
> extends EventEmitter {
  override emit<Name extends keyof Told & string>(
    event: Name,
    ...values: Told[Name]
  ): boolean {
    return super.emit(event, ...values);
  }
}

class FakeApp extends FakeEmitter<Events["App"]> {
  isPackaged = false;
  sandboxed = false;
  isPrimary = true;
  exitCode: number | null = null;
  quits = 0;
  readonly paths = new Map<string, string>();
  becomeReady: () => void = () => undefined;
  private readonly ready = new Promise<void>((resolve) => {
    this.becomeReady = resolve;
  });

  userModelId = "";
  about: Record<string, unknown> = {};
  accelerated = true;

  enableSandbox() {
    this.sandboxed = true;
  }
  setAppUserModelId(id: string) {
    this.userModelId = id;
  }
  setAboutPanelOptions(options: Record<string, unknown>) {
    this.about = options;
  }
  disableHardwareAcceleration() {
    this.accelerated = false;
  }
  requestSingleInstanceLock() {
    return this.isPrimary;
  }
  whenReady() {
    return this.ready;
  }
  setPath(name: string, path: string) {
    this.paths.set(name, path);
  }
  getPath(name: string) {
    return this.paths.get(name) ?? "";
  }
  getVersion() {
    return "0.0.0";
  }
  readonly recent: string[] = [];
  addRecentDocument(path: string) {
    this.recent.push(path);
  }
  quit() {
    this.quits++;
  }
  exit(code = 0) {
    this.exitCode = code;
  }
}

export class FakeContents extends FakeEmitter<Events["WebContents"]> {
  readonly ipc = new EventEmitter();
  readonly sent: unknown[] = [];
  mainFrame = { url: "" };
  openWindow: (details: { url: string }) => { action: string } = () => ({
    action: "allow",
  });
  reloads = 0;
  reload() {
    this.reloads++;
  }
  isDestroyed() {
    return false;
  }
  send(name: string, message: unknown) {
    this.sent.push(message);
    // IPC copies what it carries.
    ipcRenderer.emit(name, {}, structuredClone(message));
  }
  setWindowOpenHandler(handler: FakeContents["openWindow"]) {
    this.openWindow = handler;
  }
  /** What the page sends, from its main frame or another. */
  receive(message: unknown, senderFrame: unknown = this.mainFrame) {
    this.ipc.emit("message", { sender: this, senderFrame }, message);
  }
}

export class BrowserWindow extends FakeEmitter<Events["BrowserWindow"]> {
  static readonly all: BrowserWindow[] = [];
  static getAllWindows() {
    return BrowserWindow.all;
  }
  readonly webContents = new FakeContents();
  readonly progress: [number, unknown][] = [];
  url = "";
  shown = false;
  focused = false;
  maximized = false;
  minimized = false;
  isClosed = false;
  normalBounds = { x: 10, y: 20, width: 1000, height: 700 };

  constructor(readonly options: Record<string, unknown>) {
    super();
    BrowserWindow.all.push(this);
    app.emit("web-contents-created", preventable(), this.webContents);
  }
  loadURL(url: string) {
    this.url = url;
    this.webContents.mainFrame = { url };
    return Promise.resolve();
  }
  show() {
    this.shown = true;
    this.emit("show");
  }
  focus() {
    this.focused = true;
  }
  hide() {
    this.shown = false;
    this.emit("hide");
  }
  isDestroyed() {
    return this.isClosed;
  }
  isFocused() {
    return this.focused;
  }
  isMinimized() {
    return this.minimized;
  }
  restore() {
    this.minimized = false;
  }
  maximize() {
    this.maximized = true;
  }
  isMaximized() {
    return this.maximized;
  }
  getNormalBounds() {
    return this.normalBounds;
  }
  setProgressBar(fraction: number, options?: unknown) {
    this.progress.push([fraction, options]);
  }
  close() {
    const event = preventable();
    this.emit("close", event);
    if (event.defaultPrevented) return;
    this.isClosed = true;
    this.emit("closed");
  }
}

export const app = new FakeApp();

export const protocol = {
  privileged: [] as unknown[],
  handlers: new Map<string, (request: Request) => unknown>(),
  registerSchemesAsPrivileged(schemes: unknown[]) {
    this.privileged.push(...schemes);
  },
  handle(scheme: string, handler: (request: Request) => unknown) {
    this.handlers.set(scheme, handler);
  },
};

interface PermissionHandlers {
  request: Parameters<Electron.Session["setPermissionRequestHandler"]>[0];
  check: Parameters<Electron.Session["setPermissionCheckHandler"]>[0];
  device: Parameters<Electron.Session["setDevicePermissionHandler"]>[0];
}

export const session = {
  defaultSession: {
    handlers: {
      request: null as PermissionHandlers["request"],
      check: null as PermissionHandlers["check"],
      device: null as PermissionHandlers["device"],
    },
    setPermissionRequestHandler(handler: PermissionHandlers["request"]) {
      this.handlers.request = handler;
    },
    setPermissionCheckHandler(handler: PermissionHandlers["check"]) {
      this.handlers.check = handler;
    },
    setDevicePermissionHandler(handler: PermissionHandlers["device"]) {
      this.handlers.device = handler;
    },
  },
};

export const shell = {
  opened: [] as string[],
  openedPaths: [] as string[],
  openPath(path: string) {
    this.openedPaths.push(path);
    return Promise.resolve("");
  },
  revealed: [] as string[],
  openExternal(url: string) {
    this.opened.push(url);
    return Promise.resolve();
  },
  showItemInFolder(path: string) {
    this.revealed.push(path);
  },
};

/** What the user will answer, and what was asked. */
export const dialog = {
  asked: [] as object[],
  response: 0,
  chosen: null as string | null,
  errors: [] as string[],
  showMessageBox(_window: unknown, options: Electron.MessageBoxOptions) {
    this.asked.push(options);
    return Promise.resolve({ response: this.response });
  },
  showOpenDialog(_window: unknown, options: Electron.OpenDialogOptions) {
    this.asked.push(options);
    const filePaths = this.chosen === null ? [] : [this.chosen];
    return Promise.resolve({ canceled: this.chosen === null, filePaths });
  },
  showSaveDialog(_window: unknown, options: Electron.SaveDialogOptions) {
    this.asked.push(options);
    const canceled = this.chosen === null;
    return Promise.resolve({ canceled, filePath: this.chosen ?? "" });
  },
  showErrorBox(_title: string, text: string) {
    this.errors.push(text);
  },
};

type Entry = Electron.MenuItemConstructorOptions;

export interface MenuItem extends Pick<
  Entry,
  "accelerator" | "id" | "label" | "role"
> {
  submenu?: MenuItem[];
  click?: () => void;
}

/** A menu is what it was made from; Electron's is an object of its own. */
export const Menu = {
  current: [] as MenuItem[],
  buildFromTemplate(template: MenuItem[]): object {
    return template;
  },
  setApplicationMenu(menu: object | null) {
    this.current = menu as MenuItem[];
  },
};

export class Notification extends FakeEmitter<Events["Notification"]> {
  static readonly shown: Notification[] = [];
  static isSupported() {
    return true;
  }
  constructor(readonly options: { title: string; body: string }) {
    super();
  }
  show() {
    Notification.shown.push(this);
  }
}

export class Tray extends FakeEmitter<Events["Tray"]> {
  static readonly all: Tray[] = [];
  destroyed = false;
  toolTip = "";
  menu: MenuItem[] = [];
  constructor(readonly image: unknown) {
    super();
    Tray.all.push(this);
  }
  setToolTip(text: string) {
    this.toolTip = text;
  }
  setContextMenu(menu: unknown) {
    this.menu = menu as MenuItem[];
  }
  destroy() {
    this.destroyed = true;
  }
}

export const nativeImage = {
  createFromPath: (path: string) => ({
    resize: (size: Electron.ResizeOptions): object => ({ path, ...size }),
  }),
};

class FakePowerMonitor extends FakeEmitter<Events["PowerMonitor"]> {}
export const powerMonitor = new FakePowerMonitor();

export const powerSaveBlocker = {
  active: new Map<number, string>(),
  start(type: "prevent-app-suspension") {
    this.active.set(7, type);
    return 7;
  },
  stop(id: number) {
    this.active.delete(id);
  },
};

export const screen = {
  workArea: { x: 0, y: 0, width: 1920, height: 1080 },
  /** The place that it was last asked for. */
  asked: null as Electron.Rectangle | null,
  getDisplayMatching(bounds: Electron.Rectangle) {
    this.asked = bounds;
    return { workArea: this.workArea };
  },
};

/** The page's side; `page` is the contents that it belongs to. */
class FakeIpcRenderer extends EventEmitter {
  page: FakeContents | null = null;
  send(name: string, message: unknown) {
    const copy: unknown = structuredClone(message);
    queueMicrotask(() => {
      this.page?.ipc.emit(name, { senderFrame: this.page.mainFrame }, copy);
    });
  }
}

export const ipcRenderer = new FakeIpcRenderer();

export const contextBridge = {
  worlds: new Map<string, unknown>(),
  exposeInMainWorld(name: string, value: unknown) {
    this.worlds.set(name, value);
  },
};

export const webUtils = {
  getPathForFile: ({ name }: File) => `/dropped/${name}`,
};

export const ipcMain = new EventEmitter();

/** An event that its listener may refuse. */
export function preventable() {
  return {
    defaultPrevented: false,
    preventDefault() {
      this.defaultPrevented = true;
    },
  };
}

export default { app, ipcMain, shell };

/** Its processes end at once: what is tried in one did not pass. */
export const utilityProcess = {
  started: [] as [string, string[], Electron.ForkOptions][],
  sent: [] as unknown[],
  fork(file: string, words: string[], options: Electron.ForkOptions) {
    this.started.push([file, words, options]);
    const child = Object.assign(new EventEmitter(), {
      postMessage: (message: unknown): void => void this.sent.push(message),
      kill: (): boolean => true,
    });
    setImmediate(() => child.emit("exit", 1));
    return child;
  },
};
