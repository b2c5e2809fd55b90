/** Room is made by a rule, and everything that was taken goes back as it was. */
import { copyFile, readdir, readFile, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createRoomCalls } from "../../src/main/host/room";
import { RunTable } from "../../src/main/runs/run-table";
import { runQuerySchema } from "../../src/shared/query/page";
import { checkpointFile } from "../../src/main/runs/folder/layout";
import { disk } from "../../src/main/disk/file-layer";
import type { FileLayer } from "../../src/main/disk/file-layer";
import { createStore } from "../../src/main/runs/store";
import type { Library } from "../export/library";
import { makeLibrary } from "../export/library";

let library: Library;
let run: string;
let folder: string;

beforeAll(async () => {
  library = await makeLibrary();
  run = await library.add({ name: "Long" });
  folder = library.store.folder(run);
  for (const step of [10, 20, 30])
    await copyFile(checkpointFile(folder, 40), checkpointFile(folder, step));
});
afterAll(() => library.remove());

const files = async () =>
  (await readdir(folder, { recursive: true })).toSorted();

test("a rule takes what it says, keeps the last of each, and is taken back", async () => {
  const { store } = library;
  const room = createRoomCalls(store);
  const before = await files();
  const full = await room.used({});
  const bytes = (await readFile(checkpointFile(folder, 20))).length;
  expect(full.checkpoints).toBe(4 * bytes);
  expect(full.trash).toBe(0);
  const { rows } = await new RunTable(store).query(
    runQuerySchema.parse({
      columns: ["disk"],
      filter: "disk > 1k",
      page: { from: 0, count: 1 },
    }),
  );
  expect(rows).toMatchObject([{ cells: [full.runs] }]);

  const rule = { checkpoints: 2, grids: 2 };
  const dry = await store.prune([run], rule, true);
  expect(dry).toMatchObject({ files: 5, token: null });
  expect(await files()).toEqual(before);

  const pruned = await store.prune([run], rule, false);
  expect(pruned).toMatchObject({ files: 5, bytes: dry.bytes });
  expect(await store.get(run)).toMatchObject({
    samples: [0, 40],
    checkpoints: [30, 40],
  });
  const after = await room.used({});
  expect(after.trash).toBe(pruned.bytes);
  expect(after.runs).toBe(full.runs - pruned.bytes);

  const [restored] = await store.restorePruned(pruned.token ?? "");
  expect(restored).toMatchObject({ checkpoints: [10, 20, 30, 40] });
  expect(await files()).toEqual(before);
});

test("what a crash cut off is finished at the next start, and can be put back", async () => {
  const { store } = library;
  const before = await files();
  let moves = 0;
  const dying: FileLayer = {
    ...disk,
    async rename(from, to) {
      if (to.endsWith(".safetensors") && ++moves > 1) throw new Error("dead");
      await disk.rename(from, to);
    },
  };
  const process = await createStore(store.library, { files: dying });
  const rule = { checkpoints: 1, grids: null };
  await expect(process.prune([run], rule, false)).rejects.toThrow();
  await process.close();
  expect(await store.get(run)).toMatchObject({ checkpoints: [20, 30, 40] });

  const next = await createStore(store.library);
  expect(await next.get(run)).toMatchObject({ checkpoints: [40] });
  const [set] = await next.pruned();
  expect(set).toMatchObject({ runs: [run], files: 3 });
  await next.restorePruned(set.token);
  expect(await files()).toEqual(before);
  expect(await next.pruned()).toEqual([]);
  // What was put back is not taken again.
  await next.close();
  await (await createStore(store.library)).close();
  expect(await files()).toEqual(before);
});

test("what came in its place meanwhile stays, and emptying the trash makes the room", async () => {
  const { store } = library;
  const { token } = await store.prune(
    [run],
    { checkpoints: 1, grids: null },
    false,
  );
  await copyFile(checkpointFile(folder, 40), checkpointFile(folder, 10));
  await store.restorePruned(token ?? "");
  expect(await store.get(run)).toMatchObject({ checkpoints: [10, 20, 30, 40] });
  await rm(checkpointFile(folder, 10));
  await store.prune([run], { checkpoints: 1, grids: 1 }, false);
  await store.emptyTrash();
  expect(existsSync(join(store.library, "pruned"))).toBe(false);
  expect(await store.get(run)).toMatchObject({
    samples: [40],
    checkpoints: [40],
  });
});
