/** `export` and `compare` as people type them. */
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askedFormats } from "../../src/shared/contract/export-formats";
import { jsonLines, runHere } from "../cli/command-line";
import type { Library } from "./library";
import { makeLibrary, smallSettings } from "./library";

let library: Library;
let place: string[];
const usual = process.env.GAN_WORKBENCH_HOME;

beforeAll(async () => {
  library = await makeLibrary();
  process.env.GAN_WORKBENCH_HOME = join(library.folder, "home");
  place = ["--library", library.store.library];
  await library.add({ name: "one" });
  await library.add({ name: "two", settings: { ...smallSettings, seed: 9 } });
  const { schedule } = smallSettings;
  const other = { ...smallSettings, schedule: { ...schedule, batchSize: 8 } };
  await library.add({ name: "three", settings: other });
});
afterAll(async () => {
  if (usual === undefined) delete process.env.GAN_WORKBENCH_HOME;
  else process.env.GAN_WORKBENCH_HOME = usual;
  await library.remove();
});

test("every format can be exported", async () => {
  for (const format of askedFormats) {
    const out = join(library.folder, `cli-${format}`);
    const isOfSeveral = /^(comparison|matrix)/.test(format);
    const runs = isOfSeveral ? ["one", "three"] : ["one"];
    const { code, error } = await runHere(
      ...["export", ...runs, "--format", format, "--out", out, ...place],
    );
    expect(error).toBe("");
    expect(code).toBe(0);
    expect((await stat(out)).size).toBeGreaterThan(0);
  }
});

test("what exists is kept, unless --force is said", async () => {
  const out = join(library.folder, "kept.csv");
  const ask = ["export", "one", "--format", "csv", "--out", out, ...place];
  expect((await runHere(...ask)).code).toBe(0);
  const again = await runHere(...ask);
  expect(again.code).toBe(2);
  expect(again.error).toContain("exists already");
  expect((await runHere(...ask, "--force")).code).toBe(0);
});

test("options shape the picture, and --json tells where it is", async () => {
  const out = join(library.folder, "shaped.png");
  const outcome = await runHere(
    ...["export", "one", "--format", "png", "--step", "20", "--scale", "3"],
    ...["--tiles", "0,1", "--per-row", "2", "--padding", "0"],
    ...["--out", out, "--json", ...place],
  );
  expect(jsonLines(outcome)).toMatchObject([
    { type: "exported", format: "png", path: out },
  ]);
  const bytes = await readFile(out);
  expect(bytes.readUInt32BE(16)).toBe(2 * 8 * 3);
  expect(bytes.readUInt32BE(20)).toBe(8 * 3);
});

test("what makes no sense is refused in a sentence, before anything is written", async () => {
  const out = join(library.folder, "never");
  const at = ["--out", out, ...place];
  const cases = [
    [["one", "--format", "jpeg"], /jpeg/],
    [["nobody", "--format", "png"], /There is no run nobody/],
    [
      ["one", "--format", "png", "--scale", "99"],
      /^--scale must be at most 16\.$/m,
    ],
    [["one", "--format", "png", "--step", "soon"], /step/],
  ] as const;
  for (const [args, sentence] of cases) {
    const { code, error } = await runHere("export", ...args, ...at);
    expect(code).toBe(2);
    expect(error).toMatch(sentence);
  }
  await expect(stat(out)).rejects.toThrow(/ENOENT/);
});

test("what stands in for what was asked is said", async () => {
  const out = join(library.folder, "near.png");
  const { code, error } = await runHere(
    ...["export", "one", "--format", "png", "--out", out, ...place],
    ...["--step", "3", "--tiles", "0,999"],
  );
  expect(code).toBe(0);
  expect(error).toMatch(
    /^Step 3 was not saved as a grid; the nearest, step \d+, is used instead\.\nThe grid has tiles 0 to \d+; left out: 999\.\n$/,
  );
});

test("a place where no file can be is refused in a sentence", async () => {
  const file = join(library.folder, "no-folder");
  await writeFile(file, "");
  const below = join(file, "grid.png");
  for (const args of [
    ["export", "one", "--format", "png", "--out", below],
    ["bundle", "one", below],
  ]) {
    const { code, error } = await runHere(...args, ...place);
    expect(code).toBe(2);
    expect(error).toContain("a file is in the way where a folder should be");
  }
});

test("compare takes runs that differ only in their seed as one configuration", async () => {
  const { code, out } = await runHere(
    ...["compare", "one", "three", "two", "--baseline", "three", ...place],
  );
  expect(code).toBe(0);
  expect(out).toMatch(/Batch size\s+16\s+8/);
  expect(out).toMatch(/Seed\s+0, 9\s+0/);
  expect(out).not.toContain("learning rate");
  expect(out).toMatch(/G loss\s+one\s+2\s/);
  expect(out).toContain("MINUS three");
  expect(out).toContain("One seed says nothing about others");
});

test("compare refuses a ninth configuration", async () => {
  const many = Array.from({ length: 9 }, (_, index) => ({
    name: `many ${index}`,
    settings: {
      ...smallSettings,
      schedule: { ...smallSettings.schedule, batchSize: index + 20 },
    },
  }));
  for (const plan of many) await library.add(plan);
  const names = many.map(({ name }) => name);
  const { code, error } = await runHere("compare", ...names, ...place);
  expect(code).toBe(2);
  expect(error).toContain("At most 8 configurations stand side by side");
});

test("compare writes JSON and an HTML report", async () => {
  const outcome = await runHere("compare", "one", "two", "--json", ...place);
  expect(jsonLines(outcome)).toMatchObject([
    {
      runs: [{ name: "one" }, { name: "two" }],
      settings: [{ path: "seed", values: ["0", "9"] }],
      configurations: [{ name: "one", seeds: [0, 9] }],
    },
  ]);
  const html = join(library.folder, "comparison.html");
  await runHere("compare", "one", "two", "--html", html, ...place);
  expect(await readFile(html, "utf8")).toContain("<!doctype html>");
});
