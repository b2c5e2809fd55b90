import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { download } from "../../src/main/data/download";
import { serves, startMirror } from "./mirror";
import { loadOptions, temporaryFolder } from "./options";

const bytes = randomBytes(100_000);
const md5 = createHash("md5").update(bytes).digest("hex");
const oneRound = { rounds: 1, pauseMs: 1, mostPauseMs: 1, idleMs: 5_000 };

afterEach(() => {
  vi.unstubAllEnvs();
});

test.each(["HTTP_PROXY", "http_proxy"])(
  "a data set comes through the proxy that %s names",
  async (variable) => {
    const mirror = await startMirror(serves(bytes));
    const proxy = await startProxy(mirror.url);
    vi.stubEnv(variable, proxy.url);
    const target = join(temporaryFolder(), "digits.gz");
    const urls = ["http://digits.invalid/digits.gz"];
    await download({ urls, md5, target }, loadOptions(), oneRound);
    expect(readFileSync(target).equals(bytes)).toBe(true);
    expect(proxy.asked).toEqual(["digits.invalid:80"]);
  },
);

test.each(["HTTPS_PROXY", "https_proxy"])(
  "a data set of https goes to the proxy that %s names",
  async (variable) => {
    const mirror = await startMirror(serves(bytes));
    const proxy = await startProxy(mirror.url);
    vi.stubEnv(variable, proxy.url);
    const target = join(temporaryFolder(), "digits.gz");
    const urls = ["https://digits.invalid/digits.gz"];
    // What answers behind the proxy here speaks no TLS.
    await expect(
      download({ urls, md5, target }, loadOptions(), oneRound),
    ).rejects.toThrow();
    expect(new Set(proxy.asked)).toEqual(new Set(["digits.invalid:443"]));
  },
);

test("NO_PROXY names what is asked directly", async () => {
  const mirror = await startMirror(serves(bytes));
  const proxy = await startProxy(mirror.url);
  vi.stubEnv("HTTP_PROXY", proxy.url);
  vi.stubEnv("NO_PROXY", "127.0.0.1");
  const target = join(temporaryFolder(), "digits.gz");
  const urls = [`${mirror.url}digits.gz`];
  await download({ urls, md5, target }, loadOptions(), oneRound);
  expect(proxy.asked).toEqual([]);
});

/** Leads every tunnel to one address; `asked` is where each was meant to go. */
async function startProxy(to: string) {
  const asked: string[] = [];
  const server = createServer();
  server.on("connect", (request, socket) => {
    asked.push(request.url ?? "");
    const upstream = connect(Number(new URL(to).port), "127.0.0.1");
    socket.write("HTTP/1.1 200 OK\r\n\r\n");
    socket.pipe(upstream).pipe(socket);
    for (const end of [socket, upstream]) end.on("error", () => undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked };
}
