/** A chart of runs that differ in their seeds: one median a configuration, with every seed behind it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runHere } from "../cli/command-line";
import type { Library } from "./library";
import { makeLibrary, smallSettings } from "./library";

let library: Library;
const runs: string[] = [];

beforeAll(async () => {
  library = await makeLibrary();
  for (const batchSize of [16, 8])
    for (const seed of [0, 1, 2])
      runs.push(
        await library.add({
          name: `batch ${batchSize} · seed ${seed}`,
          settings: {
            ...smallSettings,
            seed,
            schedule: { ...smallSettings.schedule, batchSize },
          },
        }),
      );
});
afterAll(() => library.remove());

async function chart(name: string, ...options: string[]): Promise<string> {
  const out = join(library.folder, name);
  const { error } = await runHere(
    ...["export", ...runs, "--format", "svg", "--out", out],
    ...["--tags", "loss/generator", ...options],
    ...["--library", library.store.library],
  );
  expect(error).toBe("");
  return readFile(out, "utf8");
}

const widths = (svg: string, width: string) =>
  svg.split(`stroke-width="${width}"`).length - 1;

test("seeds are one line, with each of them thin behind it", async () => {
  const svg = await chart("together.svg");
  for (const batch of [16, 8])
    expect(svg).toContain(`batch ${batch}, median of 3 seeds: G loss`);
  expect(svg).toContain("batch 16 · batch 8");
  expect(svg).not.toContain("seed 1");
  expect(widths(svg, "0.75")).toBe(6);
});

test("or each a line of its own, in the color of its configuration", async () => {
  const svg = await chart("apart.svg", "--no-group-seeds");
  for (const seed of [0, 1, 2])
    expect(svg).toContain(`batch 8 · seed ${seed}: G loss`);
  expect(svg).not.toContain("median");
  expect(widths(svg, "0.75")).toBe(0);
});
