/** Imports and exports in threads of their own, on a real library. */
import { mkdtemp, readFile, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import sharp from "sharp";
import type { ExportAsk } from "../../src/shared/contract/exports";
import { exportRequestSchema } from "../../src/shared/contract/exports";
import { Exchange } from "../../src/main/exchange/exchange";
import { createStore } from "../../src/main/runs/store";
import type { RunStore } from "../../src/main/runs/store";
import { curve, curves, finishedRun } from "../runs/library";

vi.setConfig({ testTimeout: 600_000 });

let home: string;
let exchange: Exchange;
let store: RunStore;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "gan-workbench-exchange-"));
  exchange = new Exchange({ inThreads: true });
  store = await createStore(join(home, "library"), {
    takeIn: (library, path) =>
      exchange.import({ library, path, stepColumn: null }),
  });
});
afterEach(async () => {
  await exchange.close();
  await store.close();
});

async function fileOf(name: string, content: string): Promise<string> {
  const path = join(home, name);
  await writeFile(path, content);
  return path;
}

test("a file is imported, and everyone is told of the run", async () => {
  const told: string[] = [];
  store.onChange(({ type }) => told.push(type));
  const path = await fileOf("a.csv", "step,loss\n1,0.5\n2,0.25\n");
  const listing = await store.importFile(path);
  expect(listing).toMatchObject({ record: { state: "imported" } });
  const id = listing.kind === "run" ? listing.record.id : "";
  expect(curve(await curves(store, id), "loss").values).toEqual([0.5, 0.25]);
  expect(told).toEqual(["changed"]);
});

test("a file that is refused says why, and nothing is left", async () => {
  const path = await fileOf("a.csv", "1,2\n3,4\n");
  await expect(store.importFile(path)).rejects.toThrow(
    /^a.csv begins with numbers/,
  );
  expect(await readdir(join(store.library, "runs"))).toEqual([]);
});

test("a file that takes too much memory ends its thread and nothing else", async () => {
  await exchange.close();
  // Less than the thread's own code takes.
  const small = { maxOldGenerationSizeMb: 10, maxYoungGenerationSizeMb: 2 };
  exchange = new Exchange({
    inThreads: true,
    limits: { import: small, export: small, preview: small },
  });
  const path = await fileOf("a.csv", "step,loss\n1,0.5\n");
  await expect(store.importFile(path)).rejects.toThrow(
    `${path} could not be imported: it takes more memory than an import may have.`,
  );
  expect(await store.list()).toEqual([]);
});

test("an export is written with its progress, and one that is cancelled leaves nothing", async () => {
  const id = await finishedRun(store);
  const request = exportRequestSchema.parse({ format: "zip", run: id });
  const order = {
    library: store.library,
    request,
    path: join(home, "all.zip"),
    force: false,
    asArchive: false,
  };
  let done = 0;
  const bytes = await exchange.export(order, {
    advance: (count) => void (done += count),
  });
  expect((await readFile(order.path)).length).toBe(bytes);
  expect(done).toBeGreaterThan(0);
  await expect(exchange.export(order, {})).rejects.toThrow(/exists already/);

  const cancel = new AbortController();
  const folder = join(home, "cancelled");
  const cancelled = exchange.export(
    { ...order, path: join(folder, "all.zip") },
    {
      signal: cancel.signal,
      advance: () => cancel.abort(new Error("The export was cancelled.")),
    },
  );
  await expect(cancelled).rejects.toThrow("The export was cancelled.");
  expect(await readdir(folder)).toEqual([]);
});

test("a preview is made apart from the thread that answers the windows", async () => {
  const run = await finishedRun(store);
  const { library } = store;
  const { signal } = new AbortController();
  const preview = (request: ExportAsk, most: number | null) =>
    exchange.preview(
      { library, request: exportRequestSchema.parse(request), most },
      signal,
    );
  const text = Buffer.from(await preview({ format: "csv", runs: [run] }, 12));
  expect(text.toString()).toMatch(/^[\w"/,\ufeff-]{1,12}$/);
  const { format } = await sharp(
    await preview({ format: "png", run }, null),
  ).metadata();
  expect(format).toBe("png");
  const unknown = preview(
    { format: "png", run: "20200101-000000-a-000000" },
    null,
  );
  await expect(unknown).rejects.toThrow(/20200101/);
});

test("a preview that nobody waits for any more is not made", async () => {
  const run = await finishedRun(store);
  const request = exportRequestSchema.parse({ format: "html", runs: [run] });
  const gone = AbortSignal.abort(new Error("gone"));
  const order = { library: store.library, request, most: null };
  await expect(exchange.preview(order, gone)).rejects.toThrow("gone");
});
