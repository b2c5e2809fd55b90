/** Electron's security checklist, held against the real start of the desktop application on a faked `electron`. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import configuration from "../../electron-builder.config";
import * as electron from "./fake-electron";

vi.mock("electron", () => import("./fake-electron"));

let window: electron.BrowserWindow;

beforeAll(async () => {
  vi.stubEnv("GAN_WORKBENCH_HOME", await mkdtemp(join(tmpdir(), "electron-")));
  await import("../../src/main/index");
  beforeReady = {
    sandboxed: electron.app.sandboxed,
    schemes: electron.protocol.privileged.length,
  };
  electron.app.becomeReady();
  await vi.waitUntil(() => electron.BrowserWindow.all.length > 0, 50_000);
  window = electron.BrowserWindow.all[0];
});

let beforeReady: { sandboxed: boolean; schemes: number };

describe("the application", () => {
  it("names itself to Windows as its installer does, without which no notification is shown", () => {
    expect(electron.app.userModelId).toBe(configuration.appId);
  });
});

describe("every page", () => {
  it("is sandboxed before the first can be made", () => {
    expect(beforeReady.sandboxed).toBe(true);
  });

  it.each([
    "will-navigate",
    "will-redirect",
    "will-frame-navigate",
    "will-attach-webview",
  ] as const)("is refused %s", (name) => {
    const event = electron.preventable();
    window.webContents.emit(name, event);
    expect(event.defaultPrevented).toBe(true);
  });

  it.each([
    "https://example.org/",
    "http://jaketae.github.io/study/pytorch-gan/",
    "file:///etc/passwd",
    "https://jaketae.github.io.example.org/",
  ])("cannot open %s, in a window or outside", (url) => {
    expect(window.webContents.openWindow({ url })).toEqual({ action: "deny" });
    expect(electron.shell.opened).not.toContain(url);
  });

  it("opens a tutorial's own link in the system's browser", () => {
    const url = "https://jaketae.github.io/study/pytorch-gan/";
    expect(window.webContents.openWindow({ url })).toEqual({ action: "deny" });
    expect(electron.shell.opened).toContain(url);
  });

  it("gets no permission and no device", () => {
    const { handlers } = electron.session.defaultSession;
    const nobody = {} as never;
    const answers: boolean[] = [];
    for (const permission of ["media", "geolocation", "openExternal"] as const)
      handlers.request?.(
        nobody,
        permission,
        (granted) => answers.push(granted),
        nobody,
      );
    expect(answers).toEqual([false, false, false]);
    expect(handlers.check?.(nobody, "media", "", nobody)).toBe(false);
    expect(handlers.device?.(nobody)).toBe(false);
  });
});

describe("the window", () => {
  it("has an isolated, sandboxed page without Node and without webviews", () => {
    expect(window.options.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
    });
  });

  it("is served by our own scheme and not from files", () => {
    expect(beforeReady.schemes).toBe(1);
    expect(window.url).toBe("workbench://app/");
    expect([...electron.protocol.handlers.keys()]).toEqual(["workbench"]);
  });

  it.each(["workbench://app/", "workbench://app/files/none"])(
    "gets %s with a policy that runs only our own scripts",
    async (url) => {
      const policy = (await respond(url)).headers.get(
        "content-security-policy",
      );
      expect(policy).toContain("default-src 'none'; script-src 'self';");
      expect(policy).not.toContain("unsafe-eval");
    },
  );

  it("gets nothing from another host of the scheme", async () => {
    expect((await respond("workbench://elsewhere/")).status).toBe(404);
  });
});

describe("a message", () => {
  const call = (id: number, input: unknown = {}) => ({
    kind: "call",
    id,
    area: "app",
    name: "info",
    input,
  });
  const answerTo = (id: number) =>
    window.webContents.sent.find((one) => (one as { id: number }).id === id);

  it("from the window's own page is answered", async () => {
    window.webContents.receive(call(1));
    await vi.waitUntil(() => answerTo(1), 10_000);
    expect(answerTo(1)).toMatchObject({
      kind: "result",
      value: { shell: "electron" },
    });
  });

  it.each([
    ["a frame inside the page", { url: "workbench://app/" }],
    ["no frame at all", null],
  ])("from %s is not", async (_, frame) => {
    window.webContents.receive(call(2), frame);
    window.webContents.receive(call(3));
    await vi.waitUntil(() => answerTo(3), 10_000);
    expect(answerTo(2)).toBeUndefined();
  });

  it("from a page that is not ours is not", async () => {
    const frame = window.webContents.mainFrame;
    const own = frame.url;
    frame.url = "https://example.org/";
    window.webContents.receive(call(4));
    frame.url = own;
    window.webContents.receive(call(5));
    await vi.waitUntil(() => answerTo(5), 10_000);
    expect(answerTo(4)).toBeUndefined();
  });

  it("with a wrong payload is answered with what is wrong", async () => {
    window.webContents.receive({ ...call(6), name: "setPreference" });
    window.webContents.receive({ ...call(7), name: "constructor" });
    window.webContents.receive("nonsense");
    await vi.waitUntil(() => answerTo(7), 10_000);
    expect(answerTo(6)).toMatchObject({ kind: "failure" });
    expect(answerTo(7)).toMatchObject({
      kind: "failure",
      message: "There is no call app.constructor.",
    });
  });
});

async function respond(url: string): Promise<Response> {
  const handler = electron.protocol.handlers.get("workbench");
  return (await handler?.(new Request(url))) as Response;
}
