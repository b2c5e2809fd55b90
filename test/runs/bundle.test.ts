import {
  mkdtemp,
  readFile,
  readdir,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readRecord } from "../../src/main/runs/folder/record";
import type { RunStore } from "../../src/main/runs/store";
import { createStore } from "../../src/main/runs/store";
import {
  curves,
  finishedRun,
  recordOf,
  temporaryFolder,
  temporaryStore,
} from "./library";
import { rawZip, zipClaiming } from "./raw-zip";
import type { RawEntry } from "./raw-zip";

async function bundled(): Promise<{
  store: RunStore;
  id: string;
  path: string;
}> {
  const store = await temporaryStore();
  const id = await finishedRun(store);
  const path = join(await temporaryFolder(), "run.zip");
  await store.exportBundle(id, path);
  return { store, id, path };
}

describe("a bundle", () => {
  test("comes back in another library with every byte of its files", async () => {
    const { store, id, path } = await bundled();
    const other = await temporaryStore();
    const listing = await other.importFile(path);
    const before = await recordOf(store, id);
    expect(listing).toEqual({
      ...before,
      record: { ...before.record, importedFrom: path },
    });
    for (const folder of ["samples", "checkpoints"])
      for (const name of await readdir(join(store.folder(id), folder)))
        expect(await readFile(join(other.folder(id), folder, name))).toEqual(
          await readFile(join(store.folder(id), folder, name)),
        );
    expect(await curves(other, id)).toEqual(await curves(store, id));
    expect(await other.readCheckpoint(id, "last")).toEqual(
      await store.readCheckpoint(id, "last"),
    );
  });

  test("of a run that is there already becomes another run", async () => {
    const { store, id, path } = await bundled();
    const listing = await store.importFile(path);
    expect(listing.kind === "run" && listing.record.id).not.toBe(id);
    expect(await store.list()).toHaveLength(2);
  });

  test("of a run that is in the trash becomes another run, so that both can be had", async () => {
    const { store, id, path } = await bundled();
    await store.remove([id]);
    await store.importFile(path);
    await store.restore([id]);
    expect(await store.list()).toHaveLength(2);
  });

  test("of a run that trained is interrupted elsewhere", async () => {
    const { store, id } = await bundled();
    const { recorder } = await store.reopen(id);
    const path = join(await temporaryFolder(), "live.zip");
    await store.exportBundle(id, path);
    await recorder.close();
    const listing = await (await temporaryStore()).importFile(path);
    expect(listing).toMatchObject({
      record: {
        state: "interrupted",
        reason: "It was bundled while it trained.",
      },
    });
  });

  test("never overwrites a file unless told to", async () => {
    const { store, id, path } = await bundled();
    await writeFile(path, "mine");
    await expect(store.exportBundle(id, path)).rejects.toThrow(
      `${path} exists already; choose another name, or say that it may be replaced (--force).`,
    );
    expect(await readFile(path, "utf8")).toBe("mine");
    await store.exportBundle(id, path, { force: true });
    expect((await readFile(path)).length).toBeGreaterThan(1000);
  });

  test("does not hold what a link in the run's folder leads to", async () => {
    const { store, id } = await bundled();
    await symlink(
      import.meta.filename,
      join(store.folder(id), "samples/step-999999.png"),
    );
    const path = join(await temporaryFolder(), "linked.zip");
    await store.exportBundle(id, path);
    const listing = await (await temporaryStore()).importFile(path);
    expect(listing.kind === "run" && listing.samples).not.toContain(999999);
  });

  test("that is cancelled leaves nothing", async () => {
    const { store, id } = await bundled();
    const folder = await temporaryFolder();
    const cancel = new AbortController();
    const writing = store.exportBundle(id, join(folder, "run.zip"), {
      signal: cancel.signal,
      onProgress: () => cancel.abort(),
    });
    await expect(writing).rejects.toThrow();
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("a hostile ZIP is refused with the reason and writes nothing", () => {
  let record = "";
  beforeAll(async () => {
    const library = await mkdtemp(join(tmpdir(), "gan-workbench-runs-"));
    const store = await createStore(library);
    const id = await finishedRun(store);
    const parsed = readRecord(store.folder(id));
    record = JSON.stringify({ ...parsed, id: "x" });
    await rm(library, { recursive: true });
  });
  const good = (): RawEntry => ({ name: "x/run.json", data: record });

  test.each<[string, () => Buffer, RegExp]>([
    [
      "a name with ..",
      () => rawZip([good(), { name: "x/../../evil", data: "!" }]),
      /invalid relative path/,
    ],
    [
      "an absolute name",
      () => rawZip([good(), { name: "/etc/evil", data: "!" }]),
      /absolute path/,
    ],
    [
      "a drive",
      () => rawZip([good(), { name: "C:/evil", data: "!" }]),
      /absolute path/,
    ],
    [
      "a backslash",
      () => rawZip([good(), { name: "x\\..\\..\\evil", data: "!" }]),
      /invalid characters/,
    ],
    [
      "a link",
      () =>
        rawZip([
          good(),
          {
            name: "x/samples/step-000001.png",
            data: "/etc/passwd",
            mode: 0o120777,
          },
        ]),
      /is a link/,
    ],
    [
      "a folder that is a link",
      () =>
        rawZip([good(), { name: "x/samples/", data: "/tmp", mode: 0o120777 }]),
      /is a link/,
    ],
    [
      "a file that no run has",
      () => rawZip([good(), { name: "x/run.exe", data: "!" }]),
      /"x\/run.exe" is not a file of a run/,
    ],
    [
      "a hidden file",
      () => rawZip([good(), { name: "x/.bashrc", data: "!" }]),
      /is not a file of a run/,
    ],
    [
      "a lock",
      () => rawZip([good(), { name: "x/lock", data: "!" }]),
      /is not a file of a run/,
    ],
    [
      "a deeper folder",
      () =>
        rawZip([good(), { name: "x/samples/a/step-000001.png", data: "!" }]),
      /is not a file of a run/,
    ],
    ["the same file twice", () => rawZip([good(), good()]), /is in it twice/],
    [
      "two runs",
      () => rawZip([good(), { name: "y/samples/step-000001.png", data: "!" }]),
      /more than one run/,
    ],
    [
      "a size that is not true",
      () =>
        rawZip([
          good(),
          {
            name: "x/samples/step-000001.png",
            data: "x".repeat(9999),
            claimedSize: 10,
          },
        ]),
      /too many bytes/,
    ],
    [
      "a checksum that is not true",
      () =>
        rawZip([
          good(),
          { name: "x/samples/step-000001.png", data: "abc", claimedCrc: 1 },
        ]),
      /is damaged/,
    ],
    [
      "a bomb",
      () =>
        rawZip([
          good(),
          { name: "x/events.out.tfevents.1.x", data: new Uint8Array(120e6) },
        ]),
      /would grow to 120 MB/,
    ],
    [
      "a claim of 100 TB",
      () =>
        rawZip([
          good(),
          {
            name: "x/events.out.tfevents.1.x",
            data: "!",
            store: true,
            claimedSize: 0xfffffffe,
          },
        ]),
      /was not imported/,
    ],
    [
      "a million entries",
      () => zipClaiming(1_000_000),
      /it has 1000000 entries/,
    ],
    [
      "no record",
      () => rawZip([{ name: "x/samples/step-000001.png", data: "!" }]),
      /holds no run.json/,
    ],
    [
      "a record that is none",
      () => rawZip([{ name: "x/run.json", data: "[]" }]),
      /is not the record of a run/,
    ],
    [
      "a record of 40 MB",
      () => rawZip([{ ...good(), claimedSize: 40e6 }]),
      /its run.json is too large/,
    ],
    [
      "a record with a path for an id",
      () =>
        rawZip([
          {
            name: "x/run.json",
            data: record.replace('"id":"x"', '"id":"../y"'),
          },
        ]),
      /run.json is damaged: id/,
    ],
    [
      "half a file",
      () => rawZip([good()]).subarray(0, -30),
      /was not imported/,
    ],
  ])("%s", async (_, make, reason) => {
    const folder = await temporaryFolder();
    const path = join(folder, "run.zip");
    await writeFile(path, make());
    const store = await createStore(join(folder, "library"));
    await expect(store.importFile(path)).rejects.toThrow(reason);
    expect(await readdir(join(folder, "library/runs"))).toEqual([]);
    expect((await readdir(folder)).sort()).toEqual(["library", "run.zip"]);
  });

  test("while a good one made the same way is taken", async () => {
    const path = join(await temporaryFolder(), "run.zip");
    await writeFile(path, rawZip([good()]));
    const listing = await (await temporaryStore()).importFile(path);
    expect(listing).toMatchObject({ record: { id: "x" } });
  });
});

test.each(["CON", "nul.x", "x."])(
  "a bundle whose run is called %s gets an id for every system",
  async (name) => {
    const { path } = await renamed(name);
    const listing = await (await temporaryStore()).importFile(path);
    if (listing.kind === "damaged") throw new Error(listing.reason);
    expect(listing.record.id).not.toBe(name);
  },
);

test("a bundle whose run differs from another only in its letters' case becomes another run", async () => {
  const { store, id } = await bundled();
  const { path } = await renamed(id.toUpperCase());
  const listing = await store.importFile(path);
  if (listing.kind === "damaged") throw new Error(listing.reason);
  expect(listing.record.id.toLowerCase()).not.toBe(id);
});

/** A bundle of a run with an id that no run of ours gets. */
async function renamed(id: string): Promise<{ path: string }> {
  const { store, id: own } = await bundled();
  const record = { ...readRecord(store.folder(own)), id, name: "a\nb" };
  const path = join(await temporaryFolder(), "renamed.zip");
  await writeFile(
    path,
    rawZip([{ name: `${id}/run.json`, data: JSON.stringify(record) }]),
  );
  return { path };
}
