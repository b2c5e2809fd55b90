/**
 * The fake promises nothing that Electron lacks: what each of its parts has is Electron's, with Electron's signatures, or
 * named here as a test's own. Types decide, which `npm run check` reads; running this shows nothing.
 */
import type { EventEmitter } from "node:events";
import type * as Electron from "electron";
import { describe, expectTypeOf, it } from "vitest";
import * as fake from "./fake-electron";

/** `Controls` is what a test sets or reads. */
type Promised<Fake, Controls extends keyof Fake = never> = Omit<
  Fake,
  Controls | keyof EventEmitter
>;

/** The events of which Electron's class does not tell, or tells something else. */
type Unheard<Class, Told> = {
  [Name in keyof Told]: Class extends {
    on(
      event: Name,
      listener: (...values: Extract<Told[Name], unknown[]>) => void,
    ): unknown;
  }
    ? never
    : Name;
}[keyof Told];

describe("the fake", () => {
  it("has what Electron's has", () => {
    expectTypeOf<Electron.App>().toExtend<
      Promised<
        typeof fake.app,
        | "about"
        | "accelerated"
        | "becomeReady"
        | "exitCode"
        | "isPrimary"
        | "paths"
        | "quits"
        | "recent"
        | "sandboxed"
        | "userModelId"
      >
    >();
    expectTypeOf<Electron.WebContents>().toExtend<
      Promised<fake.FakeContents, "openWindow" | "receive" | "reloads" | "sent">
    >();
    expectTypeOf<Electron.BrowserWindow>().toExtend<
      Promised<
        fake.BrowserWindow,
        | "focused"
        | "isClosed"
        | "maximized"
        | "minimized"
        | "normalBounds"
        | "options"
        | "progress"
        | "shown"
        | "url"
        // Above.
        | "webContents"
      >
    >();
    expectTypeOf<Electron.Notification>().toExtend<
      Promised<fake.Notification, "options">
    >();
    expectTypeOf<typeof Electron.Notification>().toExtend<
      Pick<typeof fake.Notification, "isSupported">
    >();
    expectTypeOf<Electron.Tray>().toExtend<
      Promised<fake.Tray, "destroyed" | "image" | "menu" | "toolTip">
    >();
    expectTypeOf<typeof Electron.Menu>().toExtend<
      Promised<typeof fake.Menu, "current">
    >();
    expectTypeOf<Electron.Protocol>().toExtend<
      Promised<typeof fake.protocol, "handlers" | "privileged">
    >();
    expectTypeOf<Electron.Session>().toExtend<
      Promised<typeof fake.session.defaultSession, "handlers">
    >();
    expectTypeOf<Electron.Shell>().toExtend<
      Promised<typeof fake.shell, "opened" | "openedPaths" | "revealed">
    >();
    expectTypeOf<Electron.Dialog>().toExtend<
      Promised<typeof fake.dialog, "asked" | "chosen" | "errors" | "response">
    >();
    expectTypeOf<Electron.PowerSaveBlocker>().toExtend<
      Promised<typeof fake.powerSaveBlocker, "active">
    >();
    expectTypeOf<Electron.Screen>().toExtend<
      Promised<typeof fake.screen, "asked" | "workArea">
    >();
    expectTypeOf<Electron.ContextBridge>().toExtend<
      Promised<typeof fake.contextBridge, "worlds">
    >();
    expectTypeOf<Electron.IpcRenderer>().toExtend<
      Promised<typeof fake.ipcRenderer, "page">
    >();
    expectTypeOf<Electron.WebUtils>().toExtend<
      Promised<typeof fake.webUtils>
    >();
    expectTypeOf<typeof Electron.nativeImage>().toExtend<
      Promised<typeof fake.nativeImage>
    >();
    expectTypeOf<typeof Electron.utilityProcess>().toExtend<
      Promised<typeof fake.utilityProcess, "sent" | "started">
    >();
  });

  it("tells what Electron's tells", () => {
    expectTypeOf<
      | Unheard<Electron.App, fake.Events["App"]>
      | Unheard<Electron.BrowserWindow, fake.Events["BrowserWindow"]>
      | Unheard<Electron.Notification, fake.Events["Notification"]>
      | Unheard<Electron.PowerMonitor, fake.Events["PowerMonitor"]>
      | Unheard<Electron.Tray, fake.Events["Tray"]>
      | Unheard<Electron.WebContents, fake.Events["WebContents"]>
    >().toBeNever();
  });

  it("would be found out", () => {
    expectTypeOf<Electron.App>().not.toExtend<{ teleport(): void }>();
    expectTypeOf<Electron.App>().not.toExtend<{ getVersion(): number }>();
    expectTypeOf<
      Unheard<Electron.App, { "before-dinner": [] }>
    >().toEqualTypeOf<"before-dinner">();
    expectTypeOf<
      Unheard<
        Electron.App,
        {
          "open-file": [
            event: fake.Events["App"]["will-quit"][0],
            path: number,
          ];
        }
      >
    >().toEqualTypeOf<"open-file">();
    // @ts-expect-error Electron's has no such event.
    fake.app.emit("before-dinner");
  });
});
