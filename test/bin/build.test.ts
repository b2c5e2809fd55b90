/** Building only what changed, on a small application of the same shape. */
import {
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { evaluate } from "./node";

const files = {
  "package.json": '{ "name": "small", "type": "module" }',
  "package-lock.json": "{}",
  "electron.vite.config.ts": `export default {
    main: { build: { rollupOptions: { input: "src/main/index.ts" } } },
    preload: { build: { rollupOptions: { input: "src/preload/index.ts" } } },
    renderer: { root: "src/renderer", build: { rollupOptions: { input: "src/renderer/index.html" } } },
  };`,
  "src/shared/name.ts": 'export const name = "one";',
  "src/main/index.ts":
    'import { name } from "../shared/name"; console.log("main", name);',
  "src/preload/index.ts": 'console.log("preload");',
  "src/renderer/index.html": '<script type="module" src="./main.ts"></script>',
  "src/renderer/main.ts": 'document.title = "page";',
};
let root: string;

const build = async () =>
  (await evaluate("build.mjs", `m.build(${JSON.stringify(root)})`)).value;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "build-"));
  const modules = resolve(import.meta.dirname, "../../node_modules");
  await symlink(modules, join(root, "node_modules"), "junction");
  for (const [name, text] of Object.entries(files)) await write(name, text);
});
afterAll(() => rm(root, { recursive: true, force: true }));

it("builds all at first, nothing without a change, and then only what a change reaches", async () => {
  expect(await build()).toEqual(["main", "preload", "renderer"]);
  expect(await build()).toEqual([]);

  await write("src/renderer/main.ts", 'document.title = "other";');
  expect(await build()).toEqual(["renderer"]);

  await write("src/main/more.ts", "export {};");
  expect(await build()).toEqual(["main"]);

  await write("src/shared/name.ts", 'export const name = "two";');
  expect(await build()).toEqual(["main", "preload", "renderer"]);
  expect(await readFile(join(root, "out/main/index.js"), "utf8")).toContain(
    "two",
  );
});

it("goes by what files hold, not by their times", async () => {
  await utimes(join(root, "src/main/index.ts"), new Date(), new Date());
  expect(await build()).toEqual([]);
});

it("builds again what a failed build left", async () => {
  const name = "src/main/index.ts";
  await write(name, "import './missing';");
  await expect(build()).rejects.toThrow("missing");
  await write(name, files[name]);
  expect(await build()).toEqual(["main"]);
});

async function write(name: string, text: string): Promise<void> {
  const path = join(root, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
