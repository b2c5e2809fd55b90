/**
 * The first start: Electron's download through mirrors and proxies, what is said where it fails, and the environment
 * that Electron gets. The mirror serves a small program in its binary's place.
 */
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { zipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { evaluate } from "./node";

const installed = resolve(import.meta.dirname, "../../node_modules/electron");
/** Prints what it was given, as the window's environment. */
const program = '#!/bin/sh\necho "as node: ${ELECTRON_RUN_AS_NODE-unset}"\n';
let folder: string;
let servers: Server[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "electron-"));
  await mkdir(join(folder, "electron"));
  for (const name of ["package.json", "install.js", "checksums.json"])
    await copyFile(join(installed, name), join(folder, "electron", name));
});

afterEach(async () => {
  for (const server of servers) server.close().closeAllConnections();
  servers = [];
  await rm(folder, { recursive: true, force: true });
});

const obstacle = (env: Record<string, string>) =>
  evaluate(
    "electron.mjs",
    `m.findObstacle(${JSON.stringify(join(folder, "electron"))})`,
    {
      NODE_PATH: resolve(installed, ".."),
      electron_config_cache: join(folder, "cache"),
      electron_use_remote_checksums: "1",
      ...env,
    },
  );

describe.runIf(process.platform === "linux")("Electron's binary", () => {
  it("comes from a mirror, with progress, and is not fetched twice", async () => {
    const asked: string[] = [];
    const mirror = await serve(await mirrorOf(asked));
    const { value, printed } = await obstacle({ ELECTRON_MIRROR: mirror });
    expect([value, printed]).toEqual([
      null,
      expect.stringMatching(/Downloading Electron.*\n {2}\d+ of \d+ MB/),
    ]);
    const before = asked.length;
    expect(await obstacle({ ELECTRON_MIRROR: mirror })).toMatchObject({
      value: null,
      printed: "",
    });
    expect(asked).toHaveLength(before);
  });

  it.each(["HTTP_PROXY", "http_proxy", "npm_config_proxy"])(
    "comes through the proxy that %s names",
    async (variable) => {
      const asked: string[] = [];
      const answer = await mirrorOf(asked);
      const mirror = await listen(createServer(answer));
      const proxy = createServer(answer);
      // A proxy tunnels; the mirror's name leads nowhere else.
      proxy.on("connect", (_, socket) => {
        const { port } = mirror.address() as AddressInfo;
        const upstream = connect(port, "127.0.0.1");
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        socket.pipe(upstream).pipe(socket);
      });
      await listen(proxy);
      const { value } = await obstacle({
        ELECTRON_MIRROR: "http://mirror.invalid/",
        [variable]: urlOf(proxy),
      });
      expect(value).toBeNull();
      expect(asked.length).toBeGreaterThan(0);
    },
  );

  it.each(["HTTPS_PROXY", "https_proxy", "npm_config_https_proxy"])(
    "is asked of the proxy that %s names, where its source is https",
    async (variable) => {
      const tunnels: string[] = [];
      const proxy = createServer();
      proxy.on("connect", ({ url }, socket) => {
        tunnels.push(url ?? "");
        socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      });
      await listen(proxy);
      const { value } = await obstacle({
        ELECTRON_MIRROR: "https://mirror.invalid/",
        [variable]: urlOf(proxy),
      });
      expect(value).toMatch(/^Electron's binary could not be downloaded: /);
      expect(tunnels[0]).toBe("mirror.invalid:443");
    },
  );

  it.each([
    ["refuses", 404, "Response code 404"],
    ["breaks", 200, "checksum"],
  ])(
    "says the cause where a mirror %s, and the ways out",
    async (_, code, cause) => {
      const mirror = await serve((_request, response) => {
        response.writeHead(code).end("nonsense");
      });
      const { value } = await obstacle({ ELECTRON_MIRROR: mirror });
      expect(value).toMatch(/^Electron's binary could not be downloaded: /);
      expect(String(value).toLowerCase()).toContain(cause.toLowerCase());
      expect(value).toContain("HTTPS_PROXY");
      expect(value).toContain("ELECTRON_MIRROR");
    },
  );

  it("says that nothing listens where a mirror is down", async () => {
    const { value } = await obstacle({
      ELECTRON_MIRROR: "http://127.0.0.1:9/",
    });
    expect(value).toMatch(/ECONNREFUSED|bad port/);
  });

  it("is started without an inherited ELECTRON_RUN_AS_NODE", async () => {
    const electron = join(folder, "electron");
    await writeFile(join(electron, "path.txt"), "electron");
    await mkdir(join(electron, "dist"));
    await writeFile(join(electron, "dist/electron"), program);
    await chmod(join(electron, "dist/electron"), 0o755);
    const { printed } = await evaluate(
      "electron.mjs",
      `m.runElectron("/", ${JSON.stringify(electron)})`,
      { ELECTRON_RUN_AS_NODE: "1" },
    );
    expect(printed).toContain("as node: unset");
  });
});

describe.runIf(process.platform === "linux")("Ubuntu's AppArmor", () => {
  const advice = async (setting: string, mode: number, user = 1000) => {
    await writeFile(join(folder, "setting"), setting);
    const helper = join(folder, "chrome-sandbox");
    await writeFile(helper, "");
    await chmod(helper, mode);
    const options = { setting: join(folder, "setting"), user };
    const { value } = await evaluate(
      "sandbox.mjs",
      `m.sandboxObstacle(${JSON.stringify(helper)}, ${JSON.stringify(options)})`,
    );
    return value;
  };

  it("is named with the two commands that let the sandbox start", async () => {
    const text = await advice("1\n", 0o755);
    const helper = join(folder, "chrome-sandbox");
    expect(text).toContain(`sudo chown root:root "${helper}"`);
    expect(text).toContain(`sudo chmod 4755 "${helper}"`);
  });

  it("is no obstacle where it allows namespaces, or for root", async () => {
    expect(await advice("0\n", 0o755)).toBeNull();
    expect(await advice("1\n", 0o755, 0)).toBeNull();
  });

  it("is no obstacle where the helper is root's and set-user-ID", async () => {
    const isOurs = (await stat(folder)).uid === 0;
    const text = await advice("1\n", 0o4755);
    expect(text === null).toBe(isOurs);
  });
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** What github.com has for this version, on this machine. */
async function mirrorOf(asked: string[]): Promise<Answer> {
  const { version } = JSON.parse(
    await readFile(join(installed, "package.json"), "utf8"),
  ) as { version: string };
  const name = `electron-v${version}-${process.platform}-${process.arch}.zip`;
  const zip = zipSync({
    electron: [Buffer.from(program), { os: 3, attrs: 0o755 << 16 }],
    version: Buffer.from(version),
  });
  const sum = createHash("sha256").update(zip).digest("hex");
  return ({ url }, response) => {
    asked.push(url ?? "");
    if (url?.endsWith(name)) response.end(zip);
    else if (url?.endsWith("SHASUMS256.txt")) response.end(`${sum} *${name}\n`);
    else response.writeHead(404).end();
  };
}

async function serve(answer: Answer): Promise<string> {
  const server = createServer(answer);
  await listen(server);
  return urlOf(server);
}

async function listen(server: Server): Promise<Server> {
  servers.push(server.listen(0, "127.0.0.1"));
  await once(server, "listening");
  return server;
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
