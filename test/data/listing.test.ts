import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describePath } from "../../src/main/data/listing";
import { loadOptions, temporaryFolder } from "./options";

const arrays = join(import.meta.dirname, "../fixtures/arrays");
const pictures = join(import.meta.dirname, "../fixtures/images/decode");

test("an array is listed with its images and classes", async () => {
  const path = join(arrays, "keras.npz");
  expect(await describePath(path, loadOptions())).toEqual({
    source: path,
    title: "keras.npz",
    summary: "Images of your own, in 3 classes.",
    state: "ready",
    reason: null,
    count: 3,
    classes: ["0", "1", "2"],
  });
});

test("a folder is looked through each time", async () => {
  const folder = temporaryFolder();
  const copy = (name: string) => {
    mkdirSync(join(folder, "cats"), { recursive: true });
    copyFileSync(join(pictures, "grey.png"), join(folder, "cats", name));
  };
  copy("a.png");
  expect((await describePath(folder, loadOptions())).count).toBe(1);
  copy("b.png");
  expect((await describePath(folder, loadOptions())).count).toBe(2);
});

test("what cannot be read is listed as broken with the reason", async () => {
  const path = join(temporaryFolder(), "a.npy");
  writeFileSync(path, "text");
  const listing = await describePath(path, loadOptions());
  expect(listing).toMatchObject({ title: "a.npy", state: "broken" });
  expect(listing.reason).toMatch(/is not a NumPy array/);
});

test("a file that changed is looked into again, and one that is gone is broken", async () => {
  const path = join(temporaryFolder(), "a.npz");
  copyFileSync(join(arrays, "unclear.npz"), path);
  expect((await describePath(path, loadOptions())).state).toBe("broken");
  copyFileSync(join(arrays, "keras.npz"), path);
  expect((await describePath(path, loadOptions())).state).toBe("ready");
  rmSync(path);
  expect((await describePath(path, loadOptions())).reason).toMatch(
    /cannot be opened/,
  );
});
