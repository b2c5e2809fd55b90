/**
 * The window's two ways to the application, both ends of each real: its own `openConnection` over a WebSocket to a
 * listening server, and through the preload and Electron's IPC on a faked `electron`.
 */
import { tmpdir } from "node:os";
import { vi } from "vitest";
import * as electron from "../electron/fake-electron";
import { WebSocket } from "ws";
import type { Application } from "../../src/main/host/app";
import type { AppConnection } from "../../src/renderer/connection";
import { openConnection } from "../../src/renderer/connection";
import { bridgeName } from "../../src/shared/bridge";
import { startServer } from "../../src/main/server/server";

/** Node's own, whatever stands in for it later. */
const nodeFetch = globalThis.fetch;

export interface Opened {
  connection: AppConnection;
  /** As the window fetches its files. */
  fetch(path: string, options?: RequestInit): Promise<Response>;
  /** Breaks the connection without ending the application, where that can happen. */
  interrupt?(): void;
  close(): Promise<void>;
}

export interface Transport {
  name: string;
  open(application: Application): Promise<Opened>;
}

function headersOf({ headers }: RequestInit): Record<string, string> {
  return Object.fromEntries(new Headers(headers));
}

export const webSocket: Transport = {
  name: "a WebSocket",
  async open(application) {
    const server = await startServer({
      application,
      pages: tmpdir(),
      port: 0,
      host: "127.0.0.1",
    });
    const page = new URL(server.url);
    let cookie = "";
    const sockets: WebSocket[] = [];
    /** A browser's fetch: it knows its origin and keeps the cookie. */
    const browserFetch = async (path: string, options: RequestInit = {}) => {
      const answer = await nodeFetch(new URL(path, page.origin), {
        ...options,
        headers: { ...headersOf(options), origin: page.origin, cookie },
      });
      cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? cookie;
      return answer;
    };
    const replaceState = vi.fn();
    vi.stubGlobal("window", {});
    vi.stubGlobal("location", page);
    vi.stubGlobal("history", { replaceState });
    vi.stubGlobal("fetch", browserFetch);
    vi.stubGlobal(
      "WebSocket",
      class extends WebSocket {
        constructor(address: URL) {
          super(address, { headers: { origin: page.origin, cookie } });
          // A browser's socket closes and says no more.
          this.on("error", () => undefined);
          sockets.push(this);
        }
      },
    );
    const connection = await openConnection().finally(() =>
      vi.stubGlobal("fetch", nodeFetch),
    );
    return {
      connection,
      fetch: browserFetch,
      interrupt: () => sockets.at(-1)?.terminate(),
      close: () => server.close(),
    };
  },
};

/** Needs `vi.mock("electron", ...)` in the test that uses it. */
export const electronIpc: Transport = {
  name: "Electron's IPC",
  async open(application) {
    const { createIpcChannel } = await import("../../src/main/electron/ipc");
    const { pageAddress } = await import("../../src/main/electron/scheme");
    await import("../../src/preload/index");
    const contents = new electron.FakeContents();
    contents.mainFrame = { url: pageAddress };
    electron.ipcRenderer.page = contents;
    application.attach(createIpcChannel(contents as never));
    const bridge = electron.contextBridge.worlds.get(bridgeName);
    vi.stubGlobal("window", { [bridgeName]: bridge });
    return {
      connection: await openConnection(),
      fetch: (path, options) =>
        application.respond(new Request(new URL(path, pageAddress), options)),
      close: () => {
        contents.emit("destroyed");
        return Promise.resolve();
      },
    };
  },
};
