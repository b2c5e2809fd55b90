import { spawnSync } from "node:child_process";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { findPython, pythonEnvironment } from "../python";
import { noSharedData, sharedData } from "../shared-data";
import {
  curve,
  curves,
  recordOf,
  temporaryFolder,
  temporaryStore,
} from "./library";

/** Imports a file with the given text; gives the store and the new run's id. */
async function imported(name: string, text: string | Uint8Array) {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, text);
  const store = await temporaryStore();
  const listing = await store.importFile(path);
  if (listing.kind === "damaged") throw new Error(listing.reason);
  return { store, id: listing.record.id, path };
}

describe("a CSV", () => {
  test("gives a curve for each column of numbers, over its step column", async () => {
    const { store, id, path } = await imported(
      "my run.csv",
      "step,name,d_loss,g_loss,note\n10,a,0.5,1,\n20,b,nan,2,\n30,c,-inf,,\n",
    );
    const groups = await curves(store, id);
    expect(curve(groups, "d_loss")).toEqual({
      steps: [10, 20, 30],
      values: [0.5, NaN, -Infinity],
    });
    expect(curve(groups, "g_loss")).toEqual({
      steps: [10, 20],
      values: [1, 2],
    });
    expect(groups.flatMap(({ tags }) => tags)).toEqual(["d_loss", "g_loss"]);
    const { record } = await recordOf(store, id);
    expect(record).toMatchObject({
      state: "imported",
      name: "my run.csv",
      importedFrom: path,
      progress: { step: 30 },
    });
  });

  test("as TensorBoard saves it takes its curve's name from the file", async () => {
    const { store, id } = await imported(
      "D_Loss.csv",
      "Wall time,Step,Value\n1587241408.5,3,0.25\n1587241409.5,4,0.125\n",
    );
    const groups = await curves(store, id);
    expect(curve(groups, "D_Loss")).toEqual({
      steps: [3, 4],
      values: [0.25, 0.125],
    });
    expect([...groups[0].times]).toEqual([1587241408.5, 1587241409.5]);
  });

  test.each([
    ["semicolons", "epoch;loss\n1;2\n2;3\n"],
    ["tabs", "epoch\tloss\n1\t2\n2\t3\n"],
    [
      "Windows line ends and a byte order mark",
      "\uFEFFepoch,loss\r\n1,2\r\n2,3\r\n",
    ],
    ["quotes", '"epoch","loss"\n"1","2"\n"2","3"\n'],
  ])("may use %s", async (_, text) => {
    const { store, id } = await imported("log.csv", text);
    expect(curve(await curves(store, id), "loss")).toEqual({
      steps: [1, 2],
      values: [2, 3],
    });
  });

  test("without a step column counts its lines", async () => {
    const { store, id } = await imported("log.csv", "loss\n5\n6\n");
    expect(curve(await curves(store, id), "loss").steps).toEqual([1, 2]);
  });

  test("says how many lines it left out", async () => {
    const { store, id } = await imported("log.csv", "step,loss\n1,2\n2\n3,4\n");
    expect((await recordOf(store, id)).record.events).toMatchObject([
      {
        type: "warning",
        text: "1 of 3 lines do not have 2 cells and were left out.",
      },
    ]);
  });
});

describe("a StyleGAN stats.jsonl", () => {
  const line = (tick: number, kimg: number, score: string) =>
    `{"Progress/tick": {"num": 1, "mean": ${tick}, "std": 0}, "Progress/kimg": {"num": 1, "mean": ${kimg}, "std": 0}, "Loss/scores/real": {"num": 64, "mean": ${score}, "std": 0.5}, "timestamp": ${1.6e9 + tick}}`;

  test("gives the mean of each figure over thousands of images, with the time", async () => {
    const { store, id } = await imported(
      "stats.jsonl",
      [line(0, 0, "0.5"), line(1, 4, "NaN"), line(2, 8, "0.25"), ""].join("\n"),
    );
    const groups = await curves(store, id);
    expect(curve(groups, "Loss/scores/real")).toEqual({
      steps: [0, 4, 8],
      values: [0.5, NaN, 0.25],
    });
    expect([...groups[0].times]).toEqual([1.6e9, 1.6e9 + 1, 1.6e9 + 2]);
  });

  test("whose last line is still being written gives the others", async () => {
    const { store, id } = await imported(
      "stats.jsonl",
      `${line(0, 0, "0.5")}\n${line(1, 4, "0.75").slice(0, 40)}`,
    );
    expect(curve(await curves(store, id), "Loss/scores/real").steps).toEqual([
      0,
    ]);
    const { events } = (await recordOf(store, id)).record;
    expect(events.map(({ text }) => text)).toEqual([
      "The last line is half-written and was left out.",
      "Of 3 metrics with num, mean and std the mean is taken; the others were left out.",
    ]);
  });
});

test("a line of JSON whose own figure is called mean keeps its step", async () => {
  const { store, id } = await imported(
    "means.jsonl",
    '{"step": 5, "mean": 0.5}\n{"step": 6, "mean": 0.25}\n',
  );
  expect(curve(await curves(store, id), "mean")).toEqual({
    steps: [5, 6],
    values: [0.5, 0.25],
  });
});

test("lines of JSON may each hold other figures, the later of two with one name", async () => {
  const { store, id } = await imported(
    "mixed.jsonl",
    '{"step": 1, "a": 1}\n{"step": 2, "b": 2}\n{"step": 3, "a": 3, "c/d": 4, "c": {"d": 5}}\n',
  );
  const groups = await curves(store, id);
  expect(curve(groups, "a")).toEqual({ steps: [1, 3], values: [1, 3] });
  expect(curve(groups, "b")).toEqual({ steps: [2], values: [2] });
  expect(curve(groups, "c/d")).toEqual({ steps: [3], values: [5] });
});

describe("a TensorBoard log", () => {
  const folder = sharedData("tensorboard");

  test.skipIf(folder === null).each([
    { network: "gan", values: 62_800 },
    { network: "dcgan", values: 62_800 },
    { network: "wgan", values: 12_800 },
  ])(
    `that another program wrote while it trained a $network${folder ? "" : ` (${noSharedData})`}`,
    async ({ network, values }) => {
      if (folder === null) return;
      const store = await temporaryStore();
      const names = await readdir(folder);
      const name = names.find((one) => one.endsWith(`.${network}`)) ?? "";
      const listing = await store.importFile(join(folder, name));
      if (listing.kind === "damaged") throw new Error(listing.reason);
      const { id, progress, summary } = listing.record;
      const groups = await curves(store, id);
      const rows = groups.map(({ tags, steps }) => tags.length * steps.length);
      expect(rows.reduce((sum, count) => sum + count, 0)).toBe(values);
      expect(Object.keys(summary).sort()).toEqual(["D_Loss", "G_Loss"]);
      expect(progress.step).toBe(curve(groups, "D_Loss").steps.at(-1));
      const kept = await readFile(join(store.folder(id), name));
      expect(kept.equals(await readFile(join(folder, name)))).toBe(true);
    },
  );

  test.skipIf(folder === null)(
    `that three programs wrote into one folder is read whole${folder ? "" : ` (${noSharedData})`}`,
    async () => {
      if (folder === null) return;
      const store = await temporaryStore();
      const listing = await store.importFile(folder);
      if (listing.kind === "damaged") throw new Error(listing.reason);
      const groups = await curves(store, listing.record.id);
      const rows = Object.fromEntries(
        groups.flatMap(({ tags, steps }) =>
          tags.map((tag) => [tag, steps.length]),
        ),
      );
      expect(rows).toEqual({
        D_Loss: 31_400,
        G_Loss: 31_400,
        "D_Loss (wgan)": 6_400,
        "G_Loss (wgan)": 6_400,
        "D_Loss (gan)": 31_400,
        "G_Loss (gan)": 31_400,
      });
    },
  );

  const python = findPython(["torch", "tensorboard", "PIL"]);

  test.skipIf(!python.available)(
    `of PyTorch's writer gives its scalars and its images (${python.available ? "torch.utils.tensorboard" : python.reason})`,
    async () => {
      if (!python.available) return;
      const log = await temporaryFolder();
      const script = `
import sys, torch
from torch.utils.tensorboard import SummaryWriter
writer = SummaryWriter(sys.argv[1])
for step in range(0, 40, 10):
    writer.add_scalar("loss", step / 10, step)
    writer.add_image("fake", torch.full((1, 6, 7), step / 100), step)
    if step < 20:
        writer.add_image("other", torch.zeros(3, 4, 4), step)
    writer.add_histogram("weights", torch.ones(5), step)
writer.close()`;
      const { status, stderr } = spawnSync(python.path, ["-c", script, log], {
        encoding: "utf8",
        env: pythonEnvironment(),
      });
      expect(status, stderr).toBe(0);
      const store = await temporaryStore();
      const listing = await store.importFile(log);
      if (listing.kind === "damaged") throw new Error(listing.reason);
      const { record, samples } = listing;
      expect(samples).toEqual([0, 10, 20, 30]);
      expect(curve(await curves(store, record.id), "loss")).toEqual({
        steps: [0, 10, 20, 30],
        values: [0, 1, 2, 3],
      });
      expect(record.events.map(({ text }) => text)).toEqual([
        'The gallery shows the images of "fake"; those of "other" stay in the log.',
        '1 tag is neither scalars nor images (histograms, texts, graphs) and not shown: "weights".',
      ]);
      const picture = sharp(store.samplePath(record.id, 30));
      const { data, info } = await picture
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect([info.width, info.height]).toEqual([7, 6]);
      expect(data[0]).toBe(Math.floor(0.3 * 255));
    },
  );
});

test.each([
  ["nothing.csv", "", "is empty"],
  ["numbers.csv", "1,2\n3,4\n", "must name the columns"],
  ["header.csv", "step,loss\n", "has no rows"],
  ["words.csv", "step,word\n1,a\n", "no column of numbers"],
  ["stats.jsonl", "{not json\n{neither\n", "no line of JSON"],
  ["picture.png", "\x89PNG\r\n", "cannot be imported"],
  ["events.out.tfevents.1.x", "not a log at all", "neither scalars nor images"],
])(
  "%s is refused with the reason, and no run is made",
  async (name, text, reason) => {
    const path = join(await temporaryFolder(), name);
    await writeFile(path, text);
    const store = await temporaryStore();
    await expect(store.importFile(path)).rejects.toThrow(reason);
    expect(await store.list()).toEqual([]);
    expect(await readdir(join(store.library, "runs"))).toEqual([]);
  },
);

test("a folder without a log, and a path without a file, are refused", async () => {
  const store = await temporaryStore();
  const folder = await temporaryFolder();
  await mkdir(join(folder, "empty"));
  await expect(store.importFile(join(folder, "empty"))).rejects.toThrow(
    "holds no TensorBoard event file",
  );
  await expect(store.importFile(join(folder, "absent"))).rejects.toThrow(
    /^There is no file /,
  );
});
