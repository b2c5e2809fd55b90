/** What the desktop hands over, and what is left of a crash, on a faked `electron`. */
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { AppEvent } from "../../src/shared/contract/events";
import * as electron from "./fake-electron";

vi.mock("electron", () => import("./fake-electron"));

const { Documents, ownWords } =
  await import("../../src/main/electron/documents");
const { chooseGraphics, followGraphics } =
  await import("../../src/main/electron/graphics");
const { showAgain } = await import("../../src/main/electron/window");

let folder: string;
let bundle: string;
let heard: AppEvent[];
let imported: string[];
let listeners: ((event: AppEvent) => void)[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "manners-"));
  bundle = join(folder, "a.ganrun");
  await writeFile(bundle, "");
  heard = [];
  imported = [];
  listeners = [];
  electron.app.removeAllListeners();
});

const application = {
  emit: (event: AppEvent) => {
    heard.push(event);
    for (const listener of listeners) listener(event);
  },
  onEvent: (listener: (event: AppEvent) => void) => {
    listeners.push(listener);
    return () => undefined;
  },
  handlers: {
    runs: {
      importFile: ({ path }: { path: string }) => {
        imported.push(path);
        return path === bundle
          ? Promise.resolve({ kind: "run", record: { id: "new" } })
          : Promise.reject(new Error("It is no run."));
      },
    },
  },
} as unknown as ConstructorParameters<typeof Documents> extends never
  ? never
  : Parameters<InstanceType<typeof Documents>["openIn"]>[0];

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

function memoryFile(values: Record<string, unknown> = {}) {
  return {
    values,
    get: (key: string) => values[key],
    set: (key: string, value: unknown) => void (values[key] = value),
  };
}

describe("a file", () => {
  it("named on the command line is imported once there is a window, and shown", async () => {
    const noNames = ["x".repeat(5000), "a\0b", "a.ganrun/b"];
    const words = ["--flag", ...noNames, "a.ganrun", "missing.ganrun"];
    const documents = new Documents(words, folder);
    await settle();
    expect(imported).toEqual([]);
    documents.openIn(application);
    await settle();
    expect(imported).toEqual([bundle]);
    expect(heard).toEqual([{ type: "show-run", run: "new" }]);
  });

  it("opened on macOS, before or after the start, is imported too", async () => {
    const documents = new Documents([], folder);
    const event = electron.preventable();
    electron.app.emit("open-file", event, bundle);
    documents.openIn(application);
    electron.app.emit("open-file", electron.preventable(), bundle);
    await settle();
    expect(event.defaultPrevented).toBe(true);
    expect(imported).toEqual([bundle, bundle]);
  });

  it("of a second instance is found from where that was started", async () => {
    const documents = new Documents([], "/");
    documents.openIn(application);
    documents.takeNamed(["a.ganrun"], folder);
    await settle();
    expect(imported).toEqual([bundle]);
  });

  it("that is no run is answered with a sentence", async () => {
    const other = join(folder, "b.ganrun");
    await writeFile(other, "");
    new Documents([other], folder).openIn(application);
    await settle();
    expect(heard).toMatchObject([
      { type: "notice", notice: { level: "error", text: "It is no run." } },
    ]);
  });

  it("is not the program, nor the folder that Electron was started with", () => {
    expect(ownWords(["electron", ".", "a.ganrun"])).toEqual(["a.ganrun"]);
    electron.app.isPackaged = true;
    expect(ownWords(["gan-workbench", "a.ganrun"])).toEqual(["a.ganrun"]);
    electron.app.isPackaged = false;
  });
});

describe("the window", () => {
  it("comes to the front from the taskbar, and is left alone where it is gone", () => {
    const window = new electron.BrowserWindow({});
    window.minimized = true;
    showAgain(window as never);
    expect([window.minimized, window.shown, window.focused]).toEqual([
      false,
      true,
      true,
    ]);
    window.close();
    window.shown = false;
    showAgain(window as never);
    expect(window.shown).toBe(false);
  });
});

describe("the graphics process", () => {
  type Death = electron.Events["App"]["child-process-gone"][1];
  const die = (reason: Death["reason"], type: Death["type"] = "GPU") =>
    electron.app.emit("child-process-gone", electron.preventable(), {
      type,
      reason,
      exitCode: 1,
    });

  it("that dies twice is told of, and not used at the next start of this version", () => {
    const file = memoryFile();
    followGraphics(application, file);
    die("crashed");
    die("clean-exit");
    die("crashed", "Utility");
    expect(heard).toEqual([]);
    die("crashed");
    expect(heard).toMatchObject([{ notice: { level: "warning" } }]);
    chooseGraphics(file);
    expect(electron.app.accelerated).toBe(false);
  });

  it("is tried again by another version", () => {
    electron.app.accelerated = true;
    chooseGraphics(memoryFile({ graphicsFailedIn: "0.0.1-other" }));
    expect(electron.app.accelerated).toBe(true);
  });
});
