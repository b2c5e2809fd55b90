/** A real server process with few descriptors, and more strangers than it has room for. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { WebSocket } from "ws";

const descriptors = 200;
const flood = 400;
const steps = 300;

interface Line {
  url?: string;
  run?: string;
  state?: string;
  notice?: string;
}

let home: string;
let address: URL;
let run: string;
const told: Line[] = [];
let end: () => void = () => undefined;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "gan-workbench-flood-"));
  const script = join(import.meta.dirname, "serve-apart.ts");
  const command = `ulimit -n ${descriptors}; exec "$0" --import tsx "$@"`;
  const server = spawn(
    "bash",
    ["-c", command, process.execPath, script, home, String(steps)],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  end = () => void server.kill("SIGKILL");
  let text = "";
  server.stdout.on("data", (part: Buffer) => {
    text += part.toString();
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) told.push(JSON.parse(line) as Line);
  });
  await vi.waitFor(
    () => expect(told.some(({ url }) => url)).toBe(true),
    60_000,
  );
  const line = told.find(({ url }) => url);
  address = new URL(line?.url ?? "");
  run = line?.run ?? "";
}, 90_000);

afterAll(async () => {
  end();
  await rm(home, { recursive: true, force: true });
});

const origin = () => address.origin;

/** Answers with the status, the body and the cookie; a connection of its own, as a fresh browser has. */
function ask(
  path: string,
  headers: Record<string, string | string[]> = {},
  body?: string,
): Promise<{ status: number; text: string; cookie: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      new URL(path, origin()),
      { method: body === undefined ? "GET" : "POST", headers, agent: false },
      (answer) => {
        let text = "";
        answer.on("data", (part) => (text += String(part)));
        answer.on("end", () => {
          const [set = ""] = answer.headers["set-cookie"] ?? [];
          const [cookie] = set.split(";");
          resolve({ status: answer.statusCode ?? 0, text, cookie });
        });
        answer.on("error", reject);
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

async function openSession(): Promise<string> {
  const key = address.hash.slice("#key=".length);
  const answer = await ask("/session", { origin: origin() }, key);
  expect(answer.status).toBe(204);
  return answer.cookie;
}

/** Connects, and sends one byte of a request. */
function stranger(): Socket {
  const socket = connect(Number(address.port), "127.0.0.1", () => {
    socket.write("P");
  });
  socket.on("error", () => undefined);
  return socket;
}

/** The channel of a window. */
async function openChannel(): Promise<WebSocket> {
  const channel = new WebSocket(`ws://${address.host}/channel`, {
    headers: { origin: origin(), cookie: await openSession() },
  });
  await new Promise((resolve, reject) => {
    channel.once("open", resolve).once("error", reject);
  });
  return channel;
}

test("more strangers than descriptors stop neither the owner nor the run", async () => {
  const strangers: Socket[] = [];
  const window = await openChannel();
  for (let turn = 0; turn < 4; turn++) {
    while (strangers.length < ((turn + 1) * flood) / 4)
      strangers.push(stranger());
    await setTimeout(200);
    const page = await ask("/");
    expect(page).toMatchObject({ status: 200, text: "<h1>Window</h1>" });
    const cookie = await openSession();
    const curves = `/files/runs/${run}/metrics?after=0`;
    expect((await ask(curves, { cookie })).status).toBe(200);
    expect((await ask(curves)).status).toBe(401);
  }
  expect(window.readyState).toBe(WebSocket.OPEN);
  window.terminate();
  const open = strangers.filter((socket) => !socket.destroyed);
  expect(open.length).toBeLessThanOrEqual(100);
  await vi.waitFor(() => expect(told.at(-1)?.state).toBe("finished"), {
    timeout: 120_000,
    interval: 200,
  });
  expect(told.filter(({ notice }) => notice)).toEqual([]);
  for (const socket of strangers) socket.destroy();
}, 180_000);

test("a stranger who sends half a request, or none, is let go", async () => {
  const silent = connect(Number(address.port), "127.0.0.1");
  const half = stranger();
  silent.on("error", () => undefined);
  silent.resume();
  half.resume();
  await vi.waitFor(
    () => expect([silent.destroyed, half.destroyed]).toEqual([true, true]),
    { timeout: 30_000, interval: 200 },
  );
}, 40_000);

test("a refused upgrade does not hold its connection", async () => {
  const socket = connect({
    port: Number(address.port),
    host: "127.0.0.1",
    allowHalfOpen: true,
  });
  socket.on("error", () => undefined);
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.write(
    `GET /channel HTTP/1.1\r\nHost: ${address.host}\r\nOrigin: ${origin()}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
  );
  socket.resume();
  socket.once("end", () => {
    // Never answers the end with one of its own.
    void setTimeout(500).then(() => socket.write("x"));
    void setTimeout(1000).then(() => socket.write("x"));
  });
  await closed;
}, 10_000);

test("a link in a run that leads out of the library is not there", async () => {
  const cookie = await openSession();
  const path = `/files/runs/${run}/samples/999999.png`;
  const answer = await ask(path, { cookie });
  expect(answer.status).toBe(404);
  expect(answer.text).not.toContain("root:");
});

test.each(["host", "origin", "cookie", "sec-fetch-site"])(
  "a request with two headers %s is refused",
  async (name) => {
    const one = name === "host" ? address.host : "same-origin";
    const text = `GET / HTTP/1.1\r\nHost: ${address.host}\r\n${name === "host" ? "" : `${name}: ${one}\r\n`}${name}: ${one}\r\nConnection: close\r\n\r\n`;
    const socket = connect(Number(address.port), "127.0.0.1", () =>
      socket.write(text),
    );
    let answer = "";
    for await (const part of socket) answer += String(part);
    expect(answer).toMatch(/^HTTP\/1\.1 40[03] /);
  },
);
