/** Browser mode's door, knocked on over real sockets. */
import { mkdtemp, mkdir, writeFile } from "node:fs/promises";
import { request } from "node:http";
import type { OutgoingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import type { Channel } from "../../src/shared/rpc";
import { createAccess } from "../../src/main/server/access";
import { startServer } from "../../src/main/server/server";
import type { Server } from "../../src/main/server/server";

let server: Server;
let key: string;
const attached: Channel[] = [];

beforeAll(async () => {
  const pages = join(await mkdtemp(join(tmpdir(), "pages-")), "renderer");
  await mkdir(join(pages, "assets"), { recursive: true });
  await writeFile(join(pages, "index.html"), "<h1>Window</h1>");
  await writeFile(join(pages, "assets/app-1a2b.js"), "0");
  await writeFile(join(pages, "..", "outside.txt"), "secret");
  server = await startServer({
    pages,
    port: 0,
    host: "127.0.0.1",
    application: {
      attach: (channel) => void attached.push(channel),
      respond: async (request) =>
        new Response(`${request.method} ${await request.text()}`),
    },
  });
  key = new URL(server.url).hash.slice("#key=".length);
});

afterAll(() => server.close());

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** Unlike fetch, lets a test write any header. */
function ask(
  path: string,
  headers: OutgoingHttpHeaders = {},
  method = "GET",
  body = "",
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: "127.0.0.1", port: server.port, path, method, headers },
      (answer) => {
        let text = "";
        answer.on("data", (chunk) => (text += String(chunk)));
        answer.on("end", () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            text,
          }),
        );
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

const origin = () => `http://127.0.0.1:${server.port}`;

async function cookie(): Promise<string> {
  const answer = await ask("/session", { origin: origin() }, "POST", key);
  return String(answer.headers["set-cookie"]).split(";")[0];
}

describe("a page", () => {
  it("is served with a policy that runs nothing but our own scripts", async () => {
    const { status, headers, text } = await ask("/");
    expect([status, text]).toEqual([200, "<h1>Window</h1>"]);
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain("unsafe-eval");
    expect(headers["x-content-type-options"]).toBe("nosniff");
  });

  it("with a hash in its name is kept for good, index.html is not", async () => {
    const asset = await ask("/assets/app-1a2b.js");
    const index = await ask("/");
    expect(asset.headers["cache-control"]).toContain("immutable");
    expect(index.headers["cache-control"]).toBe("no-cache");
  });

  it.each([
    "/../outside.txt",
    "/%2e%2e/outside.txt",
    "/..%2foutside.txt",
    "/assets/..%5c..%5coutside.txt",
    "/%00",
    "/%zz",
    "//etc/passwd",
  ])("outside the built window is not found: %s", async (path) => {
    expect((await ask(path)).status).toBe(404);
  });
});

describe("a request", () => {
  it.each(["evil.example", "127.0.0.1.evil.example:80", "localhost@evil"])(
    "to the host %j is refused",
    async (host) => {
      expect((await ask("/", { host })).status).toBe(403);
    },
  );

  it.each(["localhost:9000", "127.0.0.1:1", "[::1]:80", "LOCALHOST"])(
    "to the host %s is answered, as through an SSH tunnel",
    async (host) => {
      expect((await ask("/", { host })).status).toBe(200);
    },
  );

  it.each([
    "http://evil.example",
    "null",
    "https://127.0.0.1",
    "http://localhost",
  ])("from the origin %s is refused", async (from) => {
    expect((await ask("/", { origin: from })).status).toBe(403);
  });

  it("from another site's image or form is refused", async () => {
    const answer = await ask("/", { "sec-fetch-site": "cross-site" });
    expect(answer.status).toBe(403);
  });

  it("that changes something needs an origin", async () => {
    const session = await cookie();
    const upload = "/files/uploads/abcdefgh/a.csv";
    const without = await ask(upload, { cookie: session }, "POST", "1");
    const own = { cookie: session, origin: origin() };
    const withOne = await ask(upload, own, "POST", "1");
    expect([without.status, withOne.status]).toEqual([403, 200]);
    expect(withOne.text).toBe("POST 1");
  });
});

describe("the key", () => {
  it("opens a session in a cookie that scripts and other sites cannot use", async () => {
    const answer = await ask("/session", { origin: origin() }, "POST", key);
    expect(answer.status).toBe(204);
    const header = String(answer.headers["set-cookie"]);
    expect(header).toMatch(/; HttpOnly; SameSite=Strict$/);
    expect(header).not.toContain(key);
  });

  it.each(["", "wrong", "x".repeat(32), "x".repeat(10_000)])(
    "is refused where it is wrong",
    async (wrong) => {
      const answer = await ask("/session", { origin: origin() }, "POST", wrong);
      expect(answer.status).toBe(401);
      expect(answer.headers["set-cookie"]).toBeUndefined();
    },
  );

  it("is new at each start and too long to be guessed", () => {
    expect(createAccess().token).toHaveLength(32);
    expect(createAccess().token).not.toBe(createAccess().token);
  });

  it("that does not end is not waited for", async () => {
    const headers = { origin: origin(), "transfer-encoding": "chunked" };
    const place = { host: "127.0.0.1", port: server.port, path: "/session" };
    const sent = request({ ...place, method: "POST", headers });
    sent.write("x".repeat(300));
    await new Promise((resolve) => {
      sent.on("response", resolve).on("error", resolve);
    });
    sent.destroy();
  });

  it("is not taken from the address or a header of a file", async () => {
    const answer = await ask(`/files/x?key=${key}`, {
      authorization: `Bearer ${key}`,
    });
    expect(answer.status).toBe(401);
  });

  it("gives files to its session only", async () => {
    const session = await cookie();
    const without = await ask("/files/x");
    const forged = await ask("/files/x", { cookie: session.slice(0, -1) });
    const own = await ask("/files/x", { cookie: `other=1; ${session}` });
    expect([without.status, forged.status, own.status]).toEqual([
      401, 401, 200,
    ]);
  });
});

describe("the WebSocket", () => {
  function open(
    headers: Record<string, string>,
    path = "/channel",
  ): Promise<{ socket: WebSocket | null; status: number }> {
    const url = `ws://127.0.0.1:${server.port}${path}`;
    const socket = new WebSocket(url, { headers });
    return new Promise((resolve) => {
      socket.on("open", () => resolve({ socket, status: 101 }));
      socket.on("unexpected-response", (_, answer) => {
        resolve({ socket: null, status: answer.statusCode ?? 0 });
      });
      socket.on("error", () => undefined);
    });
  }

  const closing = (socket: WebSocket | null) =>
    new Promise<number>((resolve) => socket?.on("close", resolve));

  it("opens with the session and our origin only", async () => {
    const session = await cookie();
    const own = { cookie: session, origin: origin() };
    const attempts: Record<string, string>[] = [
      own,
      { origin: origin() },
      { cookie: session },
      { ...own, origin: "http://evil.example" },
      { ...own, host: "evil.example" },
    ];
    const statuses = attempts.map(
      async (headers) => (await open(headers)).status,
    );
    expect(await Promise.all(statuses)).toEqual([101, 401, 403, 403, 403]);
    expect((await open(own, "/elsewhere")).status).toBe(404);
  });

  it.each([
    ["larger than any of ours", "x".repeat(5 * 2 ** 20), 1009],
    ["that is not JSON", "{", 1003],
    ["in binary", Buffer.from("{}"), 1003],
  ])("is closed by a message %s", async (_, message, code) => {
    const headers = { cookie: await cookie(), origin: origin() };
    const { socket } = await open(headers);
    const closed = closing(socket);
    socket?.send(message);
    expect(await closed).toBe(code);
  });

  it("is congested while its reader stands still, and is cut off in the end", async () => {
    const headers = { cookie: await cookie(), origin: origin() };
    const { socket } = await open(headers);
    const channel = attached.at(-1);
    socket?.pause();
    const message = "x".repeat(2 ** 20);
    for (let i = 0; i < 16; i++) channel?.send(message);
    expect(channel?.congested).toBe(true);
    const closed = new Promise((resolve) =>
      channel?.onClose(() => resolve("closed")),
    );
    for (let i = 0; i < 64; i++) channel?.send(message);
    socket?.resume();
    expect(await closed).toBe("closed");
  });
});
