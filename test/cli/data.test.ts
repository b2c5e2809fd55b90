import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as array from "../data/npy-bytes";
import { temporaryFolder } from "../data/options";
import { jsonLines, runHere } from "./command-line";

const levels = Array.from({ length: 20 * 16 }, (_, at) => (at * 13) % 256);

async function labelled(folder: string): Promise<string> {
  const path = join(folder, "a.npz");
  const names = Array.from({ length: 20 }, (_, i) => (i % 4 ? "cat" : "dog"));
  await array.zipOf(path, {
    "images.npy": array.bytes([20, 4, 4], levels),
    "labels.npy": array.texts(names),
  });
  return path;
}

test("data --json prints what a data set is, and nothing else", async () => {
  const folder = temporaryFolder();
  const outcome = await runHere(
    "data",
    await labelled(folder),
    "--json",
    "--library",
    folder,
  );
  expect(outcome).toMatchObject({ code: 0, error: "" });
  expect(jsonLines(outcome)).toEqual([
    {
      images: 20,
      height: 4,
      width: 4,
      channels: 1,
      classes: [
        { name: "cat", count: 15 },
        { name: "dog", count: 5 },
      ],
      min: Math.min(...levels),
      max: Math.max(...levels),
      mean: levels.reduce((sum, level) => sum + level, 0) / levels.length,
      levels: new Set(levels).size,
      heldOut: 0,
      skipped: [],
      warnings: [],
    },
  ]);
});

test("data says the same for people, with what is wrong", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "b.npy");
  const values = levels.map((level) => level % 2);
  writeFileSync(path, array.bytes([20, 4, 4], values));
  const { code, out } = await runHere("data", path, "--library", folder);
  expect(code).toBe(0);
  expect(out).toMatch(/images +20 of 4 x 4, grey\n/);
  expect(out).toMatch(/grey levels +0 to 255, mean [\d.]+; 2 of 256\n/);
  expect(out).toMatch(/held out +none\n/);
  expect(out).toMatch(/Warning: .*0 is taken as black and 1 as white\.\n/);
  expect(out).toMatch(/Warning: The images use only two of 256 grey levels/);
});

test("data that cannot be read are the caller's argument", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "c.npy");
  writeFileSync(
    path,
    array.bytes([32, 32, 3], new Array<number>(3072).fill(9)),
  );
  const { code, error } = await runHere("data", path, "--library", folder);
  expect(code).toBe(2);
  expect(error).toMatch(/which is one picture, not a set of them/);
});

test("training warns before it begins", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "d.npy");
  writeFileSync(
    path,
    array.bytes(
      [20, 4, 4],
      levels.map((level) => level % 3),
    ),
  );
  const { code, error } = await runHere(
    ...["train", "--preset", "jaketae-mlp", "--dataset", path],
    ...["--set", "batchSize=64", "--library", folder],
  );
  // Fewer images than a batch: it is refused, but the data were looked at.
  expect(code).toBe(2);
  expect(error).toMatch(
    /^Warning: Nearly all pixels lie between the grey levels 0 and 2/,
  );
});
