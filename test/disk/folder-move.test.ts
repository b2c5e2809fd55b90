/** A folder is moved to another disk: killed at any moment nothing is lost, and the next process ends what was begun. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import {
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { disk } from "../../src/main/disk/file-layer";
import type { FileLayer } from "../../src/main/disk/file-layer";
import { FolderMove } from "../../src/main/disk/move/folder-move";
import { Random } from "../../src/shared/random";
import { temporaryFolder } from "../runs/library";

async function makeFolder(files: Record<string, Buffer>): Promise<string> {
  const folder = join(await temporaryFolder(), "library");
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  return folder;
}

function moveOf(from: string, to: string, files: FileLayer = disk) {
  return new FolderMove({
    files,
    from,
    to,
    folders: ["runs", "trash"],
    cache: "cache",
  });
}

const quiet = () => ({
  signal: new AbortController().signal,
  onProgress: () => undefined,
});

async function contentOf(folder: string): Promise<Record<string, string>> {
  const content: Record<string, string> = {};
  if (!existsSync(folder)) return content;
  for (const name of await readdir(folder, { recursive: true })) {
    const path = join(folder, name);
    if ((await stat(path)).isFile())
      content[name] = createHash("sha256")
        .update(await readFile(path))
        .digest("hex");
  }
  return content;
}

const some = {
  "runs/a/run.json": Buffer.from("a"),
  "runs/a/checkpoints/step-000010.safetensors": Buffer.alloc(300_000, 7),
  "trash/b/run.json": Buffer.from("b"),
};

test("a folder is copied whole, its cache is left, and what is not ours stays", async () => {
  const from = await makeFolder({
    ...some,
    "cache/a.metrics": Buffer.from("again"),
    "holiday.jpg": Buffer.from("mine"),
  });
  const to = join(await temporaryFolder(), "new", "library");
  const move = moveOf(from, to);
  await move.open();
  await move.begin();
  await move.copy(quiet());
  await move.switchOver();
  expect(await move.removeOld()).toBe(0);
  await move.close();
  expect(Object.keys(await contentOf(to)).sort()).toEqual(
    Object.keys(some).sort(),
  );
  expect(Object.keys(await contentOf(from))).toEqual(["holiday.jpg"]);
});

test("what changes while it is copied is copied again, what goes is gone, and what comes last stays where it is", async () => {
  const from = await makeFolder(some);
  const to = join(await temporaryFolder(), "library");
  const move = moveOf(from, to);
  await move.open();
  await move.begin();
  await move.copy(quiet());
  await writeFile(join(from, "runs/a/run.json"), "A");
  await rm(join(from, "trash/b"), { recursive: true });
  await move.copy(quiet());
  await symlink("/tmp", join(from, "runs/elsewhere"));
  await writeFile(join(from, "runs/a/late.png"), "late");
  await move.switchOver();
  expect(await move.removeOld()).toBe(2);
  await move.close();
  expect(await readFile(join(to, "runs/a/run.json"), "utf8")).toBe("A");
  expect(existsSync(join(to, "trash/b/run.json"))).toBe(false);
  expect(await readdir(join(from, "runs/a"))).toEqual(["late.png"]);
});

test("a disk that gives back something else than was written is found out, and nothing is removed", async () => {
  const from = await makeFolder(some);
  const to = join(await temporaryFolder(), "library");
  const before = await contentOf(from);
  const lying: FileLayer = {
    ...disk,
    async open(path, mode) {
      const file = await disk.open(path, mode);
      if (!path.includes("safetensors")) return file;
      return {
        write: (bytes) => file.write(bytes.map((byte) => byte ^ 1)),
        truncate: (length) => file.truncate(length),
        sync: () => file.sync(),
        close: () => file.close(),
      };
    },
  };
  const move = moveOf(from, to, lying);
  await move.open();
  await move.begin();
  await expect(move.copy(quiet())).rejects.toThrow(
    /does not hold what was written there/,
  );
  await move.close();
  expect(await contentOf(from)).toMatchObject(before);
});

test("given up, the copy goes and the old folder is as it was", async () => {
  const from = await makeFolder(some);
  const before = await contentOf(from);
  const to = join(await temporaryFolder(), "library");
  const move = moveOf(from, to);
  await move.open();
  await move.begin();
  await move.copy(quiet());
  await move.giveUp();
  await move.close();
  expect(existsSync(to)).toBe(false);
  expect(await contentOf(from)).toEqual(before);
});

test.each([
  [
    "within itself",
    (from: string) => join(from, "runs", "new"),
    /lies in what is to be moved/,
  ],
  ["around it", (from: string) => dirname(from), /holds what is to be moved/],
  ["to itself", (from: string) => from, /lies in what is to be moved/],
])("it is not moved %s", async (_, toOf, why) => {
  const from = await makeFolder(some);
  await expect(moveOf(from, toOf(from)).begin()).rejects.toThrow(why);
  expect(existsSync(join(from, "move.json"))).toBe(false);
});

test("it is not moved where something is already", async () => {
  const from = await makeFolder(some);
  const to = await makeFolder({ "photo.jpg": Buffer.from("mine") });
  await expect(moveOf(from, to).begin()).rejects.toThrow(/is not empty/);
  expect(await readdir(to)).toEqual(["photo.jpg"]);
});

/** Runs a mover and kills it after so many milliseconds of its work, or lets it end; gives what it said. */
async function moveAndKill(from: string, to: string, afterMs: number | null) {
  const script = join(import.meta.dirname, "move-folder.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, from, to]);
  let said = "";
  child.stderr.on("data", (text: Buffer) => (said += text.toString()));
  child.stdout.on("data", (text: Buffer) => {
    if (said === "" && afterMs !== null)
      setTimeout(() => child.kill("SIGKILL"), afterMs);
    said += text.toString();
  });
  await new Promise((resolve) => child.on("close", resolve));
  return said;
}

test.each([1, 2])(
  "killed again and again, the folder is whole in one place or the other, and is moved in the end (seed %i)",
  async (seed) => {
    const random = Random.fromSeed(seed, "folder move");
    const files = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [
        `runs/run-${index % 12}/samples/step-${String(index).padStart(6, "0")}.png`,
        Buffer.alloc(1 + random.below(20_000), index),
      ]),
    );
    const from = await makeFolder(files);
    const whole = await contentOf(from);
    const to = join(await temporaryFolder(), "library");
    const kills = 10;
    for (let turn = 0; turn <= kills; turn++) {
      const said = await moveAndKill(
        from,
        to,
        turn < kills ? random.below(60) : null,
      );
      expect(said).not.toContain("Error");
      const both = { ...(await contentOf(to)), ...(await contentOf(from)) };
      expect(both).toMatchObject(whole);
      if (said.includes("moved")) break;
    }
    expect(existsSync(from)).toBe(false);
    expect(await contentOf(to)).toEqual(whole);
  },
  240_000,
);
