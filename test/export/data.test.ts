/** Data exports as other programs read them, and archives with their manifest. */
import { columnOf } from "../../src/shared/curves/column";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { csvLines, formatFigure } from "../../src/main/export/metrics-table";
import { saveExport } from "../../src/main/export/save";
import { exportRequestSchema } from "../../src/shared/contract/exports";
import type { ExportAsk } from "../../src/shared/contract/exports";
import { metricsWith } from "../../src/shared/metrics";
import { jaketaeMlp } from "../../src/shared/settings/presets/jaketae-mlp";
import { findPython } from "../python";
import type { Library } from "./library";
import { figureAt, makeLibrary } from "./library";
import { runPython } from "./peer";

const python = findPython(["tensorboard", "safetensors", "numpy"]);

let library: Library;
let run: string;
let other: string;
let count = 0;

beforeAll(async () => {
  library = await makeLibrary();
  run = await library.add({ name: `<b>"A", run` });
  other = await library.add({ name: "=cmd()", steps: 20 });
});
afterAll(() => library.remove());

async function save(ask: ExportAsk, archive = false): Promise<string> {
  const request = exportRequestSchema.parse(ask);
  const path = join(library.folder, `out-${count++}`);
  await saveExport(request, path, library.job(), {
    force: false,
    asArchive: archive,
  });
  return path;
}

describe.skipIf(!python.available)(
  `with Python's readers${python.available ? "" : ` (skipped: ${python.reason})`}`,
  () => {
    const path = python.available ? python.path : "";
    const read = async (kind: string, file: string): Promise<unknown> =>
      JSON.parse(await runPython(path, "read_data.py", [kind, file]));

    test("a CSV has one row a step and every metric to the last bit", async () => {
      const file = await save({ format: "csv", runs: [run] });
      const rows = z
        .array(z.record(z.string(), z.string()))
        .parse(await read("csv", file));
      expect(rows).toHaveLength(40);
      expect(rows[6].step).toBe("7");
      expect(rows[6].epoch).toBe("0.7");
      metricsWith(jaketaeMlp.settings).forEach((metric, index) => {
        expect(Math.fround(Number(rows[6][metric]))).toBe(figureAt(index, 7));
      });
    });

    test("a CSV of several runs names each by its id", async () => {
      const file = await save({ format: "csv", runs: [run, other] });
      const rows = z
        .array(z.record(z.string(), z.string()))
        .parse(await read("csv", file));
      expect(rows.filter((row) => row.run === run)).toHaveLength(40);
      expect(rows.filter((row) => row.run === other)).toHaveLength(20);
    });

    test("TensorBoard reads the event file: the tutorial's tags, steps from 0, and the grids", async () => {
      const folder = await save({ format: "tensorboard", run });
      const rows = z.record(z.string(), z.array(z.array(z.number())));
      const { scalars, images } = z
        .object({ scalars: rows, images: rows })
        .parse(await read("tensorboard", folder));
      expect(scalars.G_Loss).toHaveLength(40);
      expect(scalars.G_Loss[9]).toEqual([9, figureAt(3, 10)]);
      expect(scalars.D_Loss[0]).toEqual([0, figureAt(0, 1)]);
      expect(scalars["score/real"]).toHaveLength(40);
      // Six tiles of 8 pixels in rows of three, padding 2.
      expect(images).toEqual({
        samples: [0, 9, 19, 29, 39].map((step) => [step, 32, 22]),
      });
    });

    test("safetensors has PyTorch's names, and no optimiser", async () => {
      const file = await save({ format: "safetensors", run });
      const { metadata, shapes } = z
        .object({
          metadata: z.record(z.string(), z.string()),
          shapes: z.record(z.string(), z.array(z.int())),
        })
        .parse(await read("safetensors", file));
      expect(shapes).toEqual({
        "generator.0.weight": [16, 4],
        "generator.0.bias": [16],
        "generator.2.weight": [64, 16],
        "generator.2.bias": [64],
        "discriminator.0.weight": [16, 64],
        "discriminator.0.bias": [16],
        "discriminator.2.weight": [1, 16],
        "discriminator.2.bias": [1],
      });
      expect(metadata.step).toBe("40");
    });
  },
);

test("figures are as short as gives the same number back", () => {
  for (const value of [0.1, 1 / 3, 1e-9, 123456.7, -2.5e20, 0])
    expect(Math.fround(Number(formatFigure(Math.fround(value))))).toBe(
      Math.fround(value),
    );
  expect(formatFigure(Math.fround(0.1))).toBe("0.1");
  expect(formatFigure(NaN)).toBe("NaN");
  expect(formatFigure(null)).toBe("");
});

test("a heading with a comma or a quote stays one cell of the CSV", () => {
  const group = {
    tags: ['loss, "own"'],
    steps: Float64Array.of(1),
    times: Float64Array.of(0),
    values: [Float32Array.of(0.5)],
  };
  const lines = csvLines([
    { id: "a", stepsPerEpoch: 1, clock: "wall", groups: [group] },
  ]);
  expect([...lines]).toEqual([
    'step,epoch,time,"loss, ""own"""\r\n',
    "1,1,1970-01-01T00:00:00.000Z,0.5\r\n",
  ]);
});

test("cells that a spreadsheet would run are text, and times that are no clock are said to be none", () => {
  const group = {
    tags: ["=1+1", "+x", "-y", "@z", "\tt", "-1"],
    steps: Float64Array.of(1),
    times: Float64Array.of(1e300),
    values: [-1, Infinity, -Infinity, NaN, 1e39, -0.5].map((value) =>
      columnOf([value]),
    ),
  };
  const run = { id: "a", stepsPerEpoch: 0, groups: [group] };
  expect([...csvLines([{ ...run, clock: "wall" }])]).toEqual([
    "step,epoch,time,'=1+1,'+x,'-y,'@z,'\tt,-1\r\n",
    "1,,clock unknown,-1,Infinity,-Infinity,NaN,1e+39,-0.5\r\n",
  ]);
  const elapsed = { ...group, tags: ["a"], times: Float64Array.of(2.5) };
  expect([
    ...csvLines([{ ...run, clock: "elapsed", groups: [elapsed] }]),
  ]).toEqual(["step,epoch,time,seconds,a\r\n", "1,,clock unknown,2.5,-1\r\n"]);
});

test("JSON holds the record and every figure", async () => {
  const text = await readFile(await save({ format: "json", runs: [run] }));
  const parsed = z
    .object({
      runs: z.array(
        z.object({
          record: z.object({ id: z.string(), name: z.string() }),
          metrics: z.array(
            z.object({
              tags: z.array(z.string()),
              steps: z.array(z.number()),
              values: z.array(z.array(z.number())),
            }),
          ),
        }),
      ),
    })
    .parse(JSON.parse(text.toString()));
  const [{ record, metrics }] = parsed.runs;
  expect(record).toEqual({ id: run, name: `<b>"A", run` });
  const group = metrics.find(({ tags }) => tags.includes("score/real"));
  const column = group?.tags.indexOf("score/real") ?? -1;
  expect(Math.fround(group?.values[column][2] ?? NaN)).toBe(figureAt(4, 3));
});

test("a chart is well-formed and without scripts, whatever the name", async () => {
  const file = await save({
    format: "svg",
    runs: [run, other],
    smoothing: 0.6,
    commonScale: true,
  });
  const text = await readFile(file, "utf8");
  expect(text).toContain("&lt;b&gt;&quot;A&quot;, run");
  expect(text).not.toContain("<b>");
  expect(text).toContain("D in balance");
});

test("a bundle brings the run with its checkpoints to another library", async () => {
  const file = await save({ format: "bundle", run });
  const elsewhere = await makeLibrary();
  const listing = await elsewhere.store.importFile(file);
  const { kind, samples, checkpoints } = await library.store
    .get(run)
    .then((found) =>
      found.kind === "damaged"
        ? Promise.reject(new Error(found.reason))
        : found,
    );
  expect(listing).toMatchObject({ kind, samples, checkpoints });
  await elsewhere.remove();
});

test("the ZIP of everything has a manifest that is right about every file", async () => {
  const job = library.job();
  const path = join(library.folder, "all.zip");
  await saveExport(
    exportRequestSchema.parse({ format: "zip", run }),
    path,
    job,
    { force: false },
  );
  const files = unzipSync(await readFile(path));
  const manifest = z
    .object({
      files: z.array(
        z.object({ name: z.string(), bytes: z.int(), sha256: z.string() }),
      ),
      steps: z.array(z.int()),
    })
    .parse(JSON.parse(Buffer.from(files["manifest.json"]).toString()));
  expect(manifest.steps).toEqual([0, 10, 20, 30, 40]);
  expect(manifest.files.map(({ name }) => name)).toEqual(
    Object.keys(files).filter((name) => name !== "manifest.json"),
  );
  expect(manifest.files).toHaveLength(5 + 5 * 6 + 3);
  for (const { name, bytes, sha256 } of manifest.files) {
    expect(files[name].length).toBe(bytes);
    expect(createHash("sha256").update(files[name]).digest("hex")).toBe(sha256);
  }
});

test("a folder becomes one ZIP where a browser takes it away", async () => {
  const files = unzipSync(
    await readFile(await save({ format: "pytorch", run }, true)),
  );
  expect(Object.keys(files)).toEqual([
    "program.py",
    "weights.safetensors",
    "latents.safetensors",
    "saved-grid.png",
  ]);
});

test("what a run lacks is said in a sentence", async () => {
  const empty = await library.add({ name: "Empty", samples: [] });
  await expect(save({ format: "png", run: empty })).rejects.toThrow(
    "The run Empty has no saved samples; train it for longer, or choose another run.",
  );
  await expect(
    save({ format: "svg", runs: [run], tags: ["no/such"] }),
  ).rejects.toThrow(/None of the runs has the metrics no\/such/);
});
