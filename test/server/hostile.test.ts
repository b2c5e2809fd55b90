/** What no browser sends: the server answers or hangs up, and goes on. */
import { mkdtemp, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { startServer } from "../../src/main/server/server";
import type { Server } from "../../src/main/server/server";

let server: Server;

beforeAll(async () => {
  const pages = await mkdtemp(join(tmpdir(), "pages-"));
  await writeFile(join(pages, "index.html"), "<h1>Window</h1>");
  server = await startServer({
    pages,
    port: 0,
    host: "127.0.0.1",
    application: {
      attach: () => undefined,
      respond: () => Promise.resolve(new Response("file")),
    },
  });
});
afterAll(() => server.close());

afterEach(async () => {
  const page = await fetch(`http://127.0.0.1:${server.port}/`);
  expect(await page.text()).toBe("<h1>Window</h1>");
});

/** The first line of the answer to these bytes; empty where the server hung up. */
function send(text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(server.port, "127.0.0.1", () => socket.write(text));
    socket.on("data", (data) => {
      answer += data.toString("latin1");
      socket.destroy();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(answer.split("\r\n")[0]));
  });
}

const own = () =>
  `Host: 127.0.0.1:${server.port}\r\nOrigin: http://127.0.0.1:${server.port}\r\n`;

it.each([
  ["an address that is none", "GET // HTTP/1.1", /^HTTP\/1\.1 400 /],
  ["a foreign address", "GET http://[ HTTP/1.1", /^HTTP\/1\.1 400 /],
  ["a method of proxies", "TRACE / HTTP/1.1", /^HTTP\/1\.1 400 /],
  ["a method of file shares", "PROPFIND / HTTP/1.1", /^HTTP\/1\.1 405 /],
  ["a tunnel", "CONNECT a.example:443 HTTP/1.1", /^$/],
  ["no HTTP", "\u0016\u0003\u0001", /^HTTP\/1\.1 400 /],
])("%s", async (_, line, answer) => {
  expect(await send(`${line}\r\n${own()}\r\n`)).toMatch(answer);
});

it("headers without end", async () => {
  expect(await send(`GET / HTTP/1.1\r\nX: ${"x".repeat(100_000)}`)).toMatch(
    /^HTTP\/1\.1 431 /,
  );
});

it("a refused upgrade whose sender is gone", async () => {
  for (let turn = 0; turn < 20; turn++)
    await new Promise<void>((resolve) => {
      const socket = connect(server.port, "127.0.0.1", () => {
        socket.write(
          `GET /channel HTTP/1.1\r\n${own()}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
          () => socket.resetAndDestroy(),
        );
      });
      socket.on("error", () => undefined);
      socket.on("close", () => resolve());
    });
});

it("many requests at once on one connection, without a warning of ours", async () => {
  const warnings: string[] = [];
  const note = ({ message }: Error) => void warnings.push(message);
  process.on("warning", note);
  const key = server.url.split("#key=")[1];
  const origin = `http://127.0.0.1:${server.port}`;
  const session = await fetch(`${origin}/session`, {
    method: "POST",
    headers: { origin },
    body: key,
  });
  const [cookie] = (session.headers.get("set-cookie") ?? "").split(";");
  const one = `GET /session HTTP/1.1\r\n${own()}Cookie: ${cookie}\r\n\r\n`;
  expect(await send(one.repeat(50))).toMatch(/^HTTP\/1\.1 204 /);
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", note);
  expect(warnings).toEqual([]);
});
