/** The desktop's part of the window, on a faked `electron`: bounds, closing, menu, dialogs, taskbar, notifications. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { presets } from "../../src/shared/settings/presets/index";
import { commands } from "../../src/shared/contract/commands";
import type { AppEvent } from "../../src/shared/contract/events";
import type { RunRecord, RunState } from "../../src/shared/run";
import * as electron from "./fake-electron";

vi.mock("electron", () => import("./fake-electron"));

const { followActivity } = await import("../../src/main/electron/activity");
const { developmentServer, proxyPages } =
  await import("../../src/main/electron/development");
const { keepMenu } = await import("../../src/main/electron/menu");
const { closeOnQuit } = await import("../../src/main/electron/quit");
const { electronShell } = await import("../../src/main/electron/shell");
const { openWindow } = await import("../../src/main/electron/window");

type Application = Parameters<typeof openWindow>[0]["application"];

/** The application as the shell sees it, with a run that a test can begin. */
function fakeApplication() {
  const listeners = new Set<(event: AppEvent) => void>();
  const imported: string[] = [];
  const state = { training: null as string | null, stopped: 0, closed: 0 };
  const application = {
    attach: () => undefined,
    trainingRun: () => state.training,
    stopTraining: () => {
      state.stopped++;
      state.training = null;
      return Promise.resolve();
    },
    close: () => Promise.resolve(void state.closed++),
    emit: (event: AppEvent) => {
      for (const listener of listeners) listener(event);
    },
    onEvent: (listener: (event: AppEvent) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    handlers: {
      app: { recentFiles: () => ["/tmp/a.zip"] },
      runs: {
        importFile: ({ path }: { path: string }) => {
          imported.push(path);
          return Promise.reject(new Error("It is no log."));
        },
      },
    },
  } as unknown as Application;
  return { application, state, imported, listeners };
}

function memoryFile(values: Record<string, unknown> = {}) {
  return {
    values,
    get: (key: string) => values[key],
    set: (key: string, value: unknown) => void (values[key] = value),
  };
}

function open(application: Application, file = memoryFile()) {
  openWindow({ application, preload: "/preload.cjs", file });
  return electron.BrowserWindow.all.at(-1) as electron.BrowserWindow;
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

beforeEach(() => {
  electron.dialog.asked.length = 0;
  electron.dialog.response = 0;
  electron.dialog.chosen = null;
  electron.Notification.shown.length = 0;
  electron.screen.workArea = { x: 0, y: 0, width: 1920, height: 1080 };
});

describe("closing", () => {
  it("asks nothing while nothing trains", () => {
    const { application } = fakeApplication();
    const window = open(application);
    window.close();
    expect(window.isClosed).toBe(true);
    expect(electron.dialog.asked).toEqual([]);
  });

  it("asks while a run trains, once, and stays where the answer is no", async () => {
    const { application, state } = fakeApplication();
    const window = open(application);
    state.training = "run";
    window.close();
    window.close();
    await settle();
    expect(electron.dialog.asked).toHaveLength(1);
    expect([window.isClosed, state.stopped]).toEqual([false, 0]);
  });

  it("stops the run before it closes where the answer is yes", async () => {
    const { application, state } = fakeApplication();
    const window = open(application);
    state.training = "run";
    electron.dialog.response = 2;
    window.close();
    await vi.waitUntil(() => window.isClosed, 10_000);
    expect(state.stopped).toBe(1);
  });

  it("hides the window where the run shall finish, and goes with the run", async () => {
    const { application, state } = fakeApplication();
    const window = open(application);
    state.training = "run";
    electron.dialog.response = 1;
    window.close();
    await vi.waitUntil(() => !window.shown, 10_000);
    const tray = electron.Tray.all.at(-1);
    expect([window.isClosed, tray?.toolTip, state.stopped]).toEqual([
      false,
      "GAN Workbench is training",
      0,
    ]);
    application.emit({ type: "run-changed", listing: listing("training") });
    await settle();
    expect(window.isClosed).toBe(false);
    application.emit({ type: "run-changed", listing: listing("finished") });
    await vi.waitUntil(() => window.isClosed, 10_000);
    expect(tray?.destroyed).toBe(true);
  });

  it("comes back from the tray, and then stays after the run", async () => {
    const { application, state } = fakeApplication();
    const window = open(application);
    state.training = "run";
    electron.dialog.response = 1;
    window.close();
    await vi.waitUntil(() => !window.shown, 10_000);
    const tray = electron.Tray.all.at(-1);
    tray?.menu[0].click?.();
    application.emit({ type: "run-changed", listing: listing("finished") });
    await settle();
    expect([window.shown, tray?.destroyed, window.isClosed]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it.each(["will-quit", "shutdown"] as const)(
    "at %s ends the process only after the library is closed",
    async (name) => {
      const { application, state } = fakeApplication();
      electron.app.removeAllListeners("will-quit");
      electron.powerMonitor.removeAllListeners();
      electron.app.exitCode = null;
      closeOnQuit(application);
      const event = electron.preventable();
      if (name === "will-quit") electron.app.emit(name, event);
      else electron.powerMonitor.emit(name, event);
      expect(event.defaultPrevented).toBe(true);
      expect(electron.app.exitCode).toBeNull();
      await vi.waitUntil(() => electron.app.exitCode === 0, 10_000);
      expect(state.closed).toBe(1);
    },
  );

  it("stops the run where Windows ends the session", () => {
    const { application, state } = fakeApplication();
    const window = open(application);
    state.training = "run";
    window.emit("session-end", { reasons: ["shutdown"] });
    expect(state.stopped).toBe(1);
  });
});

describe("a page that crashes", () => {
  it("is loaded again, but not for ever", () => {
    const { webContents } = open(fakeApplication().application);
    for (const reason of ["clean-exit", "crashed", "crashed"] as const) {
      const details = { reason, exitCode: 1 };
      const event = electron.preventable();
      webContents.emit("render-process-gone", event, details);
    }
    expect(webContents.reloads).toBe(1);
  });
});

describe("the window's place", () => {
  it("is remembered", () => {
    const file = memoryFile();
    const { application } = fakeApplication();
    const first = open(application, file);
    first.maximized = true;
    first.close();
    const second = open(application, file);
    expect(second.options).toMatchObject(first.normalBounds);
    expect(second.maximized).toBe(true);
  });

  it("is the usual one where the remembered one was damaged in the file", () => {
    const saved = {
      x: "left",
      y: 0,
      width: 900,
      height: 600,
      maximized: false,
    };
    const file = memoryFile({ windowBounds: saved });
    const window = open(fakeApplication().application, file);
    expect(window.options).toMatchObject({ width: 1280, height: 800 });
  });

  it.each([
    ["off every display", { x: 9000, y: -50 }, { x: 1020, y: 0 }],
    ["half outside", { x: -500, y: 900 }, { x: 0, y: 480 }],
    [
      "larger than the display",
      { x: 0, y: 0, width: 4000, height: 3000 },
      { x: 0, y: 0, width: 1920, height: 1080 },
    ],
    ["on a second display", { x: 2000, y: 100 }, { x: 2000, y: 100 }],
  ])(
    "is whole on a display where the remembered one is %s",
    (where, change, expected) => {
      if (where === "on a second display")
        electron.screen.workArea = { x: 1920, y: 0, width: 1920, height: 1080 };
      const saved = { x: 0, y: 0, width: 900, height: 600, maximized: false };
      const file = memoryFile({ windowBounds: { ...saved, ...change } });
      const window = open(fakeApplication().application, file);
      expect(window.options).toMatchObject(expected);
    },
  );
});

describe("the menu", () => {
  const items = () =>
    electron.Menu.current.flatMap((menu) => menu.submenu ?? []);

  it("holds every command of the window, and tells the window of its use", async () => {
    const { application, listeners } = fakeApplication();
    const heard: AppEvent[] = [];
    listeners.add((event) => heard.push(event));
    keepMenu(application);
    await settle();
    const inMenu = commands.filter(({ menu }) => menu !== null);
    for (const { id } of inMenu)
      items()
        .find((one) => one.id === id)
        ?.click?.();
    expect(heard).toEqual(
      inMenu.map(({ id }) => ({ type: "command", command: id })),
    );
    expect(items().find((one) => one.id === "new-run")?.accelerator).toBe(
      "CmdOrCtrl+N",
    );
  });

  it("imports a recent file, and says where that fails", async () => {
    const { application, imported, listeners } = fakeApplication();
    const heard: AppEvent[] = [];
    keepMenu(application);
    await settle();
    listeners.add((event) => heard.push(event));
    items()
      .find((one) => one.label === "Import Recent")
      ?.submenu?.[0].click?.();
    await settle();
    expect(imported).toEqual(["/tmp/a.zip"]);
    expect(heard).toMatchObject([
      { type: "notice", notice: { level: "error", text: "It is no log." } },
    ]);
  });

  it("shows what the application is, and the licences of all that is in it", async () => {
    const { application } = fakeApplication();
    keepMenu(application);
    await settle();
    const help = electron.Menu.current.find(({ role }) => role === "help");
    help?.submenu?.find(({ label }) => label === "Licences")?.click?.();
    expect(electron.shell.openedPaths.at(-1)).toMatch(/LICENSE$/);
    const isMac = process.platform === "darwin";
    expect(help?.submenu?.some(({ role }) => role === "about")).toBe(!isMac);
  });

  it("follows the recent files", async () => {
    const { application } = fakeApplication();
    keepMenu(application);
    await settle();
    application.emit({ type: "recent-files", paths: ["/b", "/a"] });
    const recent = items().find((one) => one.label === "Import Recent");
    expect(recent?.submenu?.map((one) => one.label)).toEqual(["/b", "/a"]);
    expect(electron.app.recent).toEqual(["/b"]);
  });
});

describe("in development", () => {
  it("pages come from the development server, but never when packed", async () => {
    const server = createServer((request, response) => {
      response.end(`served ${request.url}`);
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    vi.stubEnv("ELECTRON_RENDERER_URL", `http://127.0.0.1:${port}/`);
    const pages = proxyPages(developmentServer() ?? "");
    const page = await pages(new Request("workbench://app/main.ts?t=1"));
    expect(await page.text()).toBe("served /main.ts?t=1");
    electron.app.isPackaged = true;
    expect(developmentServer()).toBeNull();
    electron.app.isPackaged = false;
    server.close();
  });
});

describe("dialogs", () => {
  it("give the chosen path, or null where they were cancelled", async () => {
    const choice = {
      title: "Save",
      suggestedName: "a.gif",
      extensions: ["gif"],
    };
    electron.dialog.chosen = "/tmp/a.gif";
    expect(await electronShell.chooseFile({ ...choice, kind: "save" })).toBe(
      "/tmp/a.gif",
    );
    electron.dialog.chosen = null;
    expect(
      await electronShell.chooseFile({ ...choice, kind: "open-folder" }),
    ).toBeNull();
    expect(electron.dialog.asked).toMatchObject([
      { defaultPath: "a.gif", filters: [{ extensions: ["gif"] }] },
      { properties: ["openDirectory"] },
    ]);
  });
});

describe("a run", () => {
  function follow() {
    const { application } = fakeApplication();
    const window = open(application);
    followActivity(application, window as never);
    const become = (state: RunState, reason: string | null = null) =>
      application.emit({
        type: "run-changed",
        listing: listing(state, reason),
      });
    return { application, window, become };
  }

  it("keeps the system awake only while it trains", () => {
    const { become } = follow();
    const awake = () => electron.powerSaveBlocker.active.size > 0;
    const seen = (
      ["preparing", "training", "paused", "training", "finished"] as const
    ).map((state) => {
      become(state);
      return awake();
    });
    expect(seen).toEqual([false, true, false, true, false]);
  });

  it("shows its progress in the taskbar until it ends", () => {
    const { application, window, become } = follow();
    become("training");
    application.emit({
      type: "training-progress",
      progress: {
        run: "run",
        step: 25,
        totalSteps: 100,
        stepsPerSecond: 1,
        secondsLeft: 75,
      },
    });
    become("paused");
    become("finished");
    expect(window.progress).toEqual([
      [0.25, undefined],
      [0.5, { mode: "paused" }],
      [-1, undefined],
    ]);
  });

  it.each([
    ["finished", null, "Finished after 50 steps."],
    ["diverged", "Diverged at step 50.", "Diverged at step 50."],
    ["failed", "The disk is broken.", "The disk is broken."],
  ] as const)(
    "that %s is told, and a click shows the window and the run",
    (state, reason, text) => {
      const { application, window, become } = follow();
      const heard: AppEvent[] = [];
      become("training");
      become(state, reason);
      expect(
        electron.Notification.shown.map(({ options }) => options.body),
      ).toEqual([text]);
      application.onEvent((event) => heard.push(event));
      electron.Notification.shown[0].emit("click");
      expect([window.shown, window.focused]).toEqual([true, true]);
      expect(heard).toEqual([{ type: "show-run", run: "run" }]);
    },
  );

  it("that the user stopped, watches, or only opened is not told", () => {
    const { window, become } = follow();
    become("finished");
    become("training");
    become("stopped");
    become("training");
    window.focused = true;
    become("finished");
    expect(electron.Notification.shown).toEqual([]);
  });
});

function listing(state: RunState, reason: string | null = null) {
  const record: RunRecord = {
    version: 1,
    id: "run",
    name: "Run",
    createdAt: "",
    updatedAt: "",
    state,
    reason,
    settings: presets[0].settings,
    data: null,
    environment: null,
    progress: { step: 50, totalSteps: 100, stepsPerEpoch: 10, seconds: 1 },
    summary: {},
    events: [],
    parent: null,
    verdict: null,
    trial: null,
    tried: [],
    importedFrom: null,
    clock: "wall",
    metricNames: {},
    tags: [],
    notes: "",
    starred: false,
    color: null,
    archived: false,
    example: false,
    group: null,
    sweep: null,
  };
  return { kind: "run" as const, record, samples: [], checkpoints: [] };
}
