/** The fake may promise nothing that Electron lacks: each of its members is declared in `electron.d.ts`, or a test's own. */
import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { declares } from "./declared";
import * as electron from "./fake-electron";

/** What a test sets or reads, and Electron does not have. */
const controls: Record<string, string[]> = {
  App: [
    "sandboxed",
    "isPrimary",
    "exitCode",
    "quits",
    "paths",
    "becomeReady",
    "ready",
    "userModelId",
    "about",
    "accelerated",
    "recent",
  ],
  WebContents: ["sent", "openWindow", "reloads", "receive"],
  BrowserWindow: [
    "progress",
    "url",
    "shown",
    "focused",
    "maximized",
    "minimized",
    "isClosed",
    "normalBounds",
    "options",
  ],
  Notification: ["options"],
  Tray: ["destroyed", "toolTip", "menu", "image"],
  PowerMonitor: [],
  Protocol: ["privileged", "handlers"],
  Session: ["handlers"],
  Shell: ["opened", "openedPaths", "revealed"],
  Dialog: ["asked", "response", "chosen", "errors"],
  PowerSaveBlocker: ["active"],
  Screen: ["workArea"],
  ContextBridge: ["worlds"],
  IpcRenderer: ["page"],
  WebUtils: [],
};

const window = new electron.BrowserWindow({});
const fakes: Record<string, object> = {
  App: electron.app,
  WebContents: window.webContents,
  BrowserWindow: window,
  Notification: new electron.Notification({ title: "", body: "" }),
  Tray: new electron.Tray(null),
  PowerMonitor: electron.powerMonitor,
  Protocol: electron.protocol,
  Session: electron.session.defaultSession,
  Shell: electron.shell,
  Dialog: electron.dialog,
  PowerSaveBlocker: electron.powerSaveBlocker,
  Screen: electron.screen,
  ContextBridge: electron.contextBridge,
  IpcRenderer: electron.ipcRenderer,
  WebUtils: electron.webUtils,
};

describe("the fake", () => {
  it.each(Object.entries(fakes))(
    "%s has only what Electron's has",
    (name, fake) => {
      const invented = membersOf(fake).filter(
        (member) => !controls[name].includes(member) && !declares(name, member),
      );
      expect(invented).toEqual([]);
    },
  );

  it("emits no event that Electron has not", () => {
    expect(() => electron.app.emit("before-dinner")).toThrow("no event");
    expect(() => window.webContents.emit("closed-eyes")).toThrow("no event");
  });

  it("would be found out", () => {
    expect(declares("App", "teleport")).toBe(false);
    expect(declares("BrowserWindow", "getNormalBounds")).toBe(true);
  });
});

function membersOf(fake: object): string[] {
  const names = new Set(Object.keys(fake));
  let at = Object.getPrototypeOf(fake) as object | null;
  for (
    ;
    at && at !== Object.prototype && at !== EventEmitter.prototype;
    at = Object.getPrototypeOf(at) as object | null
  )
    for (const name of Object.getOwnPropertyNames(at)) names.add(name);
  const inherited = [...Object.keys(new EventEmitter()), "constructor", "emit"];
  return [...names].filter(
    (name) => !inherited.includes(name) && !name.startsWith("_"),
  );
}
