/**
 * Browser mode: the window's pages and files over HTTP, the contract over a WebSocket. Loopback only unless told
 * otherwise; every request passes `access.ts` first.
 */
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { channelPath, keyPrefix, sessionPath } from "../../shared/browser-mode";
import type { Application } from "../host/app";
import { createPages, plain } from "../host/pages";
import { createAccess } from "./access";
import type { Access, Head } from "./access";
import { sendResponse, toRequest } from "./adapter";
import { createSocketChannel, largestMessage } from "./channel";
import { Connections } from "./connections";

/** In milliseconds. What comes after the headers is limited in `connections.ts`: an upload may take hours. */
const timeLimits = {
  headersTimeout: 10_000,
  requestTimeout: 0,
  connectionsCheckingInterval: 2000,
  keepAliveTimeout: 10_000,
  // Notices a window whose machine is gone.
  keepAlive: true,
  keepAliveInitialDelay: 60_000,
};

export interface ServerOptions {
  application: Pick<Application, "attach" | "respond">;
  /** The built window. */
  pages: string;
  /** 0 lets the system choose. */
  port: number;
  /** `127.0.0.1` unless the user asks for more. */
  host: string;
  /** Names beside the loopback's and plain addresses by which browsers may reach it. */
  hostNames?: readonly string[];
}

export interface Server {
  /** With the key in its fragment, which browsers never send. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Rejects where the port is taken or the address is not this machine's. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { application, port, host } = options;
  const access = createAccess(options.hostNames);
  const pages = createPages(options.pages);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: largestMessage,
    perMessageDeflate: false,
  });

  const connections = new Connections();
  const server = createServer(timeLimits, (message, target) => {
    // A failure of ours has been answered in words; here the connection broke.
    answer(message, target).catch(() => target.destroy());
  });
  server.on("connection", (socket) => connections.add(socket));
  server.on("upgrade", (message, socket: Duplex, head) => {
    // A browser may be gone before its refusal is written.
    socket.on("error", () => undefined);
    const status = upgradeStatus(message, access);
    if (status !== null) {
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
      message.socket.destroySoon();
      return;
    }
    connections.keep(message.socket);
    sockets.handleUpgrade(message, socket, head, (webSocket) => {
      application.attach(createSocketChannel(webSocket));
    });
  });

  async function answer(
    message: IncomingMessage,
    target: ServerResponse,
  ): Promise<void> {
    const abort = new AbortController();
    const { socket } = message;
    const head = headOf(message);
    const isKnown = access.refusal(head) === null && access.hasSession(head);
    if (isKnown) connections.trust(socket);
    const done = connections.begin(socket);
    target.on("close", () => {
      abort.abort();
      done();
    });
    if (isKnown && !message.complete)
      message.once("close", connections.awaitBody(socket));
    await sendResponse(await respond(message, abort.signal), target);
  }

  async function respond(
    message: IncomingMessage,
    signal: AbortSignal,
  ): Promise<Response> {
    const head = headOf(message);
    const refusal = access.refusal(head);
    if (refusal !== null) return plain(403, refusal);
    const isPath = message.url?.startsWith("/") === true;
    const request = isPath ? toRequest(message, signal) : null;
    if (request === null) return plain(400, "This request is not valid.");
    const path = (message.url ?? "/").split("?")[0];
    if (path === sessionPath) return session(message, access);
    if (!path.startsWith("/files/")) return pages(request);
    if (!access.hasSession(head))
      return plain(401, "Open the address that the application printed.");
    return application.respond(request);
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const bound = server.address() as AddressInfo;
  return {
    port: bound.port,
    url: `http://${urlHost(host)}:${bound.port}/${keyPrefix}${access.token}`,
    async close() {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** GET asks whether there is a session; POST opens one for the key in its body. */
async function session(
  message: IncomingMessage,
  access: Access,
): Promise<Response> {
  if (message.method !== "POST") {
    return access.hasSession(headOf(message))
      ? new Response(null, { status: 204 })
      : plain(401, "There is no session.");
  }
  const cookie = access.openSession(await readShort(message));
  return cookie === null
    ? plain(401, "The key is not the one that the application printed.")
    : new Response(null, { status: 204, headers: { "set-cookie": cookie } });
}

/** At most 200 characters; nothing where more comes. */
async function readShort(message: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of message) {
    text += String(chunk);
    if (text.length > 200) return "";
  }
  return text;
}

/** The status line that refuses an upgrade, or null. A browser always names its origin here. */
function upgradeStatus(
  message: IncomingMessage,
  access: Access,
): string | null {
  // As a request that changes something: then the origin may not be missing.
  const head = { ...headOf(message), method: "POST" };
  if (message.url !== channelPath) return "404 Not Found";
  if (access.refusal(head) !== null) return "403 Forbidden";
  return access.hasSession(head) ? null : "401 Unauthorized";
}

function headOf({ method, headersDistinct }: IncomingMessage): Head {
  return { method: method ?? "", headers: headersDistinct };
}

function urlHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}
