/**
 * The deb, the rpm and the AppImage of this Linux, made with a stand-in for Electron and read by the systems' own tools.
 * electron-builder fetches fpm and AppImage's tools from GitHub; here they are this machine's: `fpm` in the path (a Ruby
 * gem), `rpmbuild`, `mksquashfs` and `desktop-file-validate` (Debian: rpm, squashfs-tools, desktop-file-utils), with a
 * stand-in for AppImage's runtime. What a machine lacks is skipped, and named.
 */
import { execFile, spawnSync } from "node:child_process";
import {
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
} from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeStandIn } from "./stand-in";

const root = resolve(import.meta.dirname, "../..");
const run = promisify(execFile);
const name = "gan-workbench-0.1.0-linux";
const isHere = (program: string) => spawnSync("which", [program]).status === 0;

const makers = {
  deb: ["fpm", "dpkg-deb"],
  rpm: ["fpm", "rpmbuild", "rpm"],
  AppImage: ["mksquashfs", "unsquashfs", "desktop-file-validate"],
};
const missing = (target: keyof typeof makers) =>
  process.platform === "linux"
    ? makers[target].filter((program) => !isHere(program))
    : ["Linux"];
const lacks = (target: keyof typeof makers) => {
  const lacking = missing(target);
  return lacking.length > 0 ? ` (needs ${lacking.join(", ")})` : "";
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "installers-"));
  const targets = (Object.keys(makers) as (keyof typeof makers)[]).filter(
    (target) => missing(target).length === 0,
  );
  if (targets.length === 0) return;
  await makeStandIn(join(folder, "electron"));
  await makeAppImageTools(join(folder, "appimage"));
  const tsx = createRequire(import.meta.url).resolve("tsx/cli");
  await run(
    process.execPath,
    [
      tsx,
      join(root, "tools/pack/dist.ts"),
      ...["--linux", ...targets, "--x64"],
      `-c.electronDist=${join(folder, "electron")}`,
      `-c.directories.output=${join(folder, "dist")}`,
      // Not as small as for users, in a tenth of the time.
      ...["-c.deb.compression=gz", "-c.rpm.compression=gzip"],
    ],
    {
      cwd: root,
      env: {
        ...process.env,
        USE_SYSTEM_FPM: "true",
        APPIMAGE_TOOLS_PATH: join(folder, "appimage"),
        GAN_WORKBENCH_HOMEPAGE: "https://packager.example",
        GAN_WORKBENCH_MAINTAINER: "A Packager <packager@packager.example>",
      },
    },
  );
}, 600_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("installers", () => {
  it.skipIf(missing("deb").length > 0)(
    `a deb carries the program, its desktop entry, its icons and who packed it${lacks("deb")}`,
    async () => {
      const deb = join(folder, "dist", `${name}-amd64.deb`);
      const { stdout: fields } = await run("dpkg-deb", ["--info", deb]);
      expect(fields).toMatch(/Package: gan-workbench\n/);
      expect(fields).toMatch(/Section: science\n/);
      expect(fields).toMatch(/Maintainer: A Packager <packager@/);
      expect(fields).toMatch(/Homepage: https:\/\/packager\.example\n/);
      const { stdout: files } = await run("dpkg-deb", ["--contents", deb]);
      expectFiles(files);
      await run("dpkg-deb", ["--extract", deb, join(folder, "deb")]);
      await checkDesktopFile(join(folder, "deb"));
    },
  );

  it.skipIf(missing("rpm").length > 0)(
    `an rpm carries the same${lacks("rpm")}`,
    async () => {
      const rpm = join(folder, "dist", `${name}-x86_64.rpm`);
      const { stdout: fields } = await run("rpm", ["-qpi", rpm]);
      expect(fields).toMatch(/Name\s*: gan-workbench\n/);
      expect(fields).toMatch(/License\s*: MIT\n/);
      expect(fields).toMatch(/URL\s*: https:\/\/packager\.example\n/);
      const { stdout: files } = await run("rpm", ["-qpl", rpm]);
      expectFiles(files);
    },
  );

  it.skipIf(missing("AppImage").length > 0)(
    `an AppImage carries the same behind its runtime${lacks("AppImage")}`,
    async () => {
      const image = join(folder, "dist", `${name}-x86_64.AppImage`);
      const bytes = await readFile(image);
      const offset = bytes.indexOf("hsqs", 64, "latin1");
      const words = ["-o", String(offset), "-ls", image];
      const { stdout: files } = await run("unsquashfs", words);
      expect(files).toMatch(/\/AppRun\n/);
      expect(files).toMatch(/\/gan-workbench\.desktop\n/);
      expect(files).toMatch(/\/resources\/app\.asar\n/);
    },
  );
});

function expectFiles(files: string): void {
  for (const path of [
    "/opt/GAN Workbench/gan-workbench",
    "/opt/GAN Workbench/resources/app.asar",
    "/opt/GAN Workbench/resources/LICENSES.txt",
    "/usr/share/applications/gan-workbench.desktop",
    "/usr/share/icons/hicolor/512x512/apps/gan-workbench.png",
    "/usr/share/mime/packages/gan-workbench.xml",
  ])
    expect(files).toContain(path);
}

async function checkDesktopFile(extracted: string): Promise<void> {
  const path = join(extracted, "usr/share/applications/gan-workbench.desktop");
  const text = await readFile(path, "utf8");
  expect(text).toMatch(/^Categories=Science;/m);
  expect(text).toMatch(/^MimeType=application\/x-gan-workbench-run;/m);
  if (isHere("desktop-file-validate"))
    await run("desktop-file-validate", [path]);
}

/** In the layout of electron-builder's own archive; any ELF program does for the runtime, which is only copied. */
async function makeAppImageTools(target: string): Promise<void> {
  const tools = join(target, "linux-x64");
  await mkdir(tools, { recursive: true });
  await mkdir(join(target, "lib/x64"), { recursive: true });
  for (const tool of ["mksquashfs", "desktop-file-validate"])
    await symlink(`/usr/bin/${tool}`, join(tools, tool));
  await copyFile(process.execPath, join(target, "runtime-x64"));
}
