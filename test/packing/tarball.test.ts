/** The command line as npm installs it: from the tarball, in an empty folder, without Electron. */
import { execFile, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const run = promisify(execFile);
const onWindows = process.platform === "win32";
let folder: string;
let tarball: string;
let program: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tarball-"));
  await run(process.execPath, [join(root, "bin/build.mjs")]);
  await npm(["pack", "--pack-destination", folder], root);
  const [name] = await readdir(folder);
  tarball = join(folder, name);
  const empty = join(folder, "empty");
  await mkdir(empty);
  const prefix = join(folder, "global");
  // As docs/desktop.md has it: what packages would download at their installation is not needed.
  const options = ["--ignore-scripts", "--no-audit", "--prefer-offline"];
  await npm(["install", "-g", "--prefix", prefix, ...options, tarball], empty);
  program = onWindows
    ? join(prefix, "gan-workbench.cmd")
    : join(prefix, "bin/gan-workbench");
}, 600_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the command line's package", () => {
  it("is at most 20 MB of our own, without sources and without Electron", async () => {
    expect((await stat(tarball)).size).toBeLessThan(20e6);
    const modules = join(
      folder,
      onWindows ? "global/node_modules" : "global/lib/node_modules",
    );
    const own = await readdir(join(modules, "gan-workbench"));
    expect(own.sort()).toEqual([
      "LICENSE",
      "README.md",
      "bin",
      "examples",
      "node_modules",
      "out",
      "package.json",
    ]);
    const others = await readdir(join(modules, "gan-workbench/node_modules"));
    expect(others).not.toContain("electron");
  });

  it("trains", async () => {
    const options = ["--preset", "wiseodd-mlp", "--dataset", "strokes"];
    await gan(["train", ...options, "--steps", "120", "--name", "Installed"]);
    const { stdout } = await gan(["list", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject([
      { record: { name: "Installed", state: "finished" } },
    ]);
  });

  it("serves its window", async () => {
    const server = spawn(program, ["serve", "--port", "0"], {
      env: environment(),
      shell: onWindows,
    });
    try {
      const address = await addressOf(server);
      const page = await fetch(address);
      expect(page.status).toBe(200);
      expect(await page.text()).toContain("<title>GAN Workbench</title>");
    } finally {
      server.kill();
      await once(server, "exit");
    }
  });
});

async function addressOf({ stdout }: ChildProcess): Promise<string> {
  let text = "";
  for await (const chunk of stdout ?? []) {
    text += String(chunk);
    const found = /http:\/\/\S+/.exec(text);
    if (found) return found[0];
  }
  throw new Error(`It named no address: ${text}`);
}

function gan(words: string[]) {
  return run(program, words, { env: environment(), shell: onWindows });
}

function npm(words: string[], cwd: string) {
  return run("npm", words, { cwd, shell: onWindows });
}

function environment() {
  return { ...process.env, GAN_WORKBENCH_HOME: join(folder, "home") };
}
