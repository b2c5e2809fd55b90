/**
 * The desktop package of this Linux, made with a stand-in for Electron: what is inside, how large it is, and that its
 * main process trains. What no stand-in can show: Electron itself, and the installers.
 */
import { execFile } from "node:child_process";
import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { extractAll } from "@electron/asar";
import { FuseV1Options, getCurrentFuseWire } from "@electron/fuses";
import { transformWithOxc } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { presets } from "../../src/shared/settings/presets/index";
import { makeStandIn } from "./stand-in";

const root = resolve(import.meta.dirname, "../..");
const run = promisify(execFile);
let folder: string;
let resources: string;
let application: string;
let files: string[];
/** What who packs is told. */
let said: string;

describe.runIf(process.platform === "linux")("the package for Linux", () => {
  beforeAll(pack, 600_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("takes at most 130 MB beside Electron", async () => {
    expect(await sizeOf(resources)).toBeLessThan(130e6);
  });

  it("carries examples of at most 3 MB", async () => {
    const examples = join(resources, "app.asar.unpacked/examples");
    expect(await list(examples)).toHaveLength(3);
    expect(await sizeOf(examples)).toBeLessThan(3e6);
  });

  it("is made with a word on signing, and on what its users can check instead", () => {
    expect(said).toContain("Linux packages are not signed; SHA256SUMS");
  });

  it("holds the application, its licences and its icon", async () => {
    expect(files).toEqual(
      expect.arrayContaining([
        "package.json",
        "out/main/index.js",
        "out/main/cli.js",
        "out/preload/index.cjs",
        "out/renderer/index.html",
        `node_modules/onnxruntime-node/bin/napi-v6/linux/${process.arch}/onnxruntime_binding.node`,
      ]),
    );
    const licences = await readFile(join(resources, "LICENSES.txt"), "utf8");
    for (const name of ["sharp 0", "onnxruntime-node 1", "svelte 5", "zod 4"])
      expect(licences).toContain(name);
    await stat(join(resources, "icon.png"));
  });

  it.each([
    ["another system's libraries", /napi-v6\/(darwin|win32)\//],
    ["another processor's libraries", otherProcessor()],
    ["source maps or declarations", /\.(map|d\.[cm]?ts)$/],
    ["sources, tests or development tools", /^(src|test|tools|bench|docs)\//],
    ["TensorFlow's library", /libtensorflow|tfjs_binding\.node/],
    ["what only a build reads", /\.built-from$|licenses\.json$/],
    ["packages that are bundled", /node_modules\/(zod|svelte|commander)\//],
  ])("holds no %s", (_, pattern) => {
    expect(files.filter((name) => pattern.test(name))).toEqual([]);
  });

  it("keeps native libraries outside of the archive", async () => {
    const outside = await list(`${resources}/app.asar.unpacked`);
    const native = /\.(node|so(\.[\d.]+)?)$/;
    expect(outside.filter((name) => native.test(name)).sort()).toEqual(
      files.filter((name) => native.test(name)).sort(),
    );
  });

  it("cannot be run as Node, debugged, or given other code", async () => {
    const wire = await getCurrentFuseWire(join(resources, "../gan-workbench"));
    // A fuse is the character 0 or 1.
    const states = (options: FuseV1Options[]) =>
      options.map((option) => String.fromCharCode(wire[option] ?? 0)).join("");
    const { RunAsNode, EnableNodeOptionsEnvironmentVariable } = FuseV1Options;
    const off = [
      RunAsNode,
      EnableNodeOptionsEnvironmentVariable,
      FuseV1Options.EnableNodeCliInspectArguments,
      FuseV1Options.GrantFileProtocolExtraPrivileges,
    ];
    const on = [
      FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
      FuseV1Options.OnlyLoadAppFromAsar,
    ];
    expect([states(off), states(on)]).toEqual(["0000", "11"]);
  });

  it("opens its window, trains 120 steps and shows a sample", async () => {
    const { stdout } = await run(
      process.execPath,
      [join(application, "drive.mjs"), JSON.stringify(settings())],
      { env: { ...process.env, GAN_WORKBENCH_HOME: join(folder, "home") } },
    );
    const seen = z
      .object({ tensorFlow: z.string() })
      .loose()
      .parse(JSON.parse(stdout));
    expect(seen).toMatchObject({
      url: "workbench://app/",
      page: 200,
      ended: { state: "finished", reason: null, step: 120 },
      sample: 200,
      type: "image/png",
      signature: [...Buffer.from("PNG")],
    });
    // Its JavaScript is all there; only the library is not.
    expect(seen.tensorFlow).toContain("native addon module");
  });
});

function settings() {
  const { settings } = presets[0];
  return {
    ...settings,
    data: { ...settings.data, source: "strokes" },
    schedule: { ...settings.schedule, length: { unit: "steps", count: 120 } },
  };
}

async function pack() {
  folder = await mkdtemp(join(tmpdir(), "packing-"));
  await makeStandIn(join(folder, "electron"));
  const require = createRequire(import.meta.url);
  const tsx = require.resolve("tsx/cli");
  const { stdout } = await run(
    process.execPath,
    [
      tsx,
      join(root, "tools/pack/dist.ts"),
      ...["--linux", "dir", `--${process.arch}`],
      `-c.electronDist=${join(folder, "electron")}`,
      `-c.directories.output=${join(folder, "dist")}`,
    ],
    { cwd: root },
  );
  said = stdout;
  const [unpacked] = await readdir(join(folder, "dist")).then((names) =>
    names.filter((name) => name.endsWith("unpacked")),
  );
  resources = join(folder, "dist", unpacked, "resources");
  application = join(folder, "application");
  extractAll(join(resources, "app.asar"), application);
  files = await list(application);
  await fakeElectron();
}

/** Beside the application's own packages, where plain Node finds it. */
async function fakeElectron() {
  const target = join(application, "node_modules/electron");
  await mkdir(target, { recursive: true });
  const source = join(root, "test/electron/fake-electron.ts");
  const { code } = await transformWithOxc(
    await readFile(source, "utf8"),
    source,
  );
  await writeFile(join(target, "index.js"), code);
  await writeFile(
    join(target, "package.json"),
    JSON.stringify({ name: "electron", type: "module", main: "index.js" }),
  );
  await copyFile(
    join(import.meta.dirname, "drive.mjs"),
    join(application, "drive.mjs"),
  );
}

function otherProcessor(): RegExp {
  const other = process.arch === "x64" ? "arm64" : "x64";
  return new RegExp(`napi-v6/linux/${other}/|@img/[^/]*-${other}/`);
}

async function list(at: string): Promise<string[]> {
  const entries = await readdir(at, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(at.length + 1));
}

async function sizeOf(at: string): Promise<number> {
  const sizes = await Promise.all(
    (await list(at)).map(async (name) => (await stat(join(at, name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
