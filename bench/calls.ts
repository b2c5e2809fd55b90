/**
 * `npm run bench:calls [-- SCENE ...]`: how long a window waits for an answer while something large is imported or
 * exported, and the most memory that `serve` holds meanwhile. A folder in HOME_FOLDER is kept, and what is there already
 * is not made again. Wants a built application, and Linux for the memory.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { ExportAsk } from "../src/shared/contract/exports";
import { fileUrls } from "../src/shared/contract/files";
import { makeFiles, makeLibrary } from "./calls/library";
import type { CallsLibrary } from "./calls/library";
import { forgetPeak, peakMegabytes } from "./calls/memory";
import { askDuring, Window } from "./calls/window";
import { serve } from "./window/browser-mode";
import { spreadOf } from "./window/frames";

const leastMs = 3_000;
const program = resolve(import.meta.dirname, "../bin/gan-workbench.mjs");

const { HOME_FOLDER } = process.env;
const home =
  HOME_FOLDER ?? (await mkdtemp(join(tmpdir(), "gan-workbench-calls-")));
const files = join(home, "files");
const { large, small, trained, gridStep } = await prepared();
const served = await serve(home);
const window = await Window.open(served.url);
const { client } = window;

const questions = {
  "runs.query": () =>
    client.runs.query({
      columns: ["name", "state", "preset", "last:loss/generator"],
      pictures: true,
      page: { from: 0, count: 100 },
    }),
  "runs.get": () => client.runs.get({ id: small }),
  "app.info": () => client.app.info({}),
  metrics: () => window.read(fileUrls.metrics(small)),
  grid: () => window.read(fileUrls.samples(large, gridStep)),
};

let exported = 0;
const save = (request: ExportAsk) => async () => {
  const outcome = await client.exports.start({
    id: `bench-${exported++}`,
    request,
  });
  if (outcome.state !== "download") throw new Error(outcome.state);
  return `${(outcome.bytes / 1e6).toFixed(1)} MB`;
};
const preview = (request: ExportAsk) => async () => {
  const bytes = await window.read(
    fileUrls.exportPreview(JSON.stringify(request)),
  );
  return `${(bytes / 1e6).toFixed(1)} MB`;
};
const take = (name: string) => async () => {
  const path = join(files, name);
  const listing = await client.runs.importFile({ path });
  if (listing.kind !== "run") throw new Error(listing.reason);
  await client.runs.remove({ ids: [listing.record.id] });
};
/** What the dialog asks before anything is made. */
const plan = (request: ExportAsk) => async () => {
  const { images } = await client.exports.plan({ request });
  return `${images} pictures`;
};
const run = large;
const runs = [large];
const rows = 50;

const scenes: Record<string, () => Promise<unknown>> = {
  nothing: () => Promise.resolve(),
  "import of an event log": take("events.out.tfevents.1.host"),
  "import of a long CSV": take("long.csv"),
  "import of a wide CSV": take("wide.csv"),
  "import of a stats.jsonl": take("stats.jsonl"),
  gif: save({ format: "gif", run }),
  webp: save({ format: "webp", run, frames: 300 }),
  zip: save({ format: "zip", run }),
  bundle: save({ format: "bundle", run }),
  html: save({ format: "html", runs }),
  csv: save({ format: "csv", runs }),
  json: save({ format: "json", runs }),
  tensorboard: save({ format: "tensorboard", run }),
  svg: save({ format: "svg", runs }),
  png: save({ format: "png", run }),
  "every grid": save({ format: "png", run, step: "all" }),
  sheet: save({ format: "sheet", run, rows }),
  samples: save({ format: "samples", run: trained, count: 20_000 }),
  "samples as npz": save({
    format: "samples",
    run: trained,
    count: 20_000,
    as: "npz",
  }),
  pytorch: save({ format: "pytorch", run: trained }),
  "plan of a sheet": plan({ format: "sheet", run, rows }),
  "plan of a zip": plan({ format: "zip", run }),
  "preview of a gif": preview({ format: "gif", run }),
  "preview of a webp": preview({ format: "webp", run }),
  "preview of html": preview({ format: "html", runs }),
  "preview of csv": preview({ format: "csv", runs }),
  "preview of json": preview({ format: "json", runs }),
  "preview of svg": preview({ format: "svg", runs }),
  "preview of a png": preview({ format: "png", run }),
  "preview of a sheet": preview({ format: "sheet", run, rows }),
};

const wanted = process.argv.slice(2);
const pid = served.process.pid ?? 0;
try {
  await askDuring(questions, () => Promise.resolve(), 2_000);
  console.log(`load ${loadavg()[0].toFixed(1)}`);
  for (const [name, work] of Object.entries(scenes))
    if (wanted.length === 0 || wanted.includes(name)) await measure(name, work);
} finally {
  window.close();
  await served.close();
  if (HOME_FOLDER === undefined)
    await rm(home, { recursive: true, force: true });
}

async function prepared(): Promise<CallsLibrary> {
  const made = join(home, "made.json");
  if (existsSync(made))
    return JSON.parse(await readFile(made, "utf8")) as CallsLibrary;
  const library = await makeLibrary(join(home, "library"), train);
  await makeFiles(files);
  await writeFile(made, JSON.stringify(library));
  return library;
}

async function train(library: string): Promise<string> {
  const id = "trained";
  const words = [
    ...["train", "--run-id", id, "--library", library],
    ...["--preset", "jaketae-mlp", "--dataset", "strokes", "--steps", "20"],
  ];
  await promisify(execFile)(process.execPath, [program, ...words], {
    env: { ...process.env, GAN_WORKBENCH_HOME: home },
  });
  return id;
}

async function measure(name: string, work: () => Promise<unknown>) {
  await forgetPeak(pid);
  let took = 0;
  let result: unknown = "";
  const begin = performance.now();
  const times = await askDuring(
    questions,
    async () => {
      result = (await work()) ?? "";
      took = performance.now() - begin;
    },
    leastMs,
  );
  const { p50, p95, max } = spreadOf(Object.values(times).flat());
  const [slowest] = Object.entries(times).sort(
    ([, a], [, b]) => Math.max(...b) - Math.max(...a),
  );
  console.log(
    `${name.padEnd(24)} ${p50.toFixed(0)} ms median, ${p95.toFixed(0)} at 95 %, ${max.toFixed(0)} at worst (${slowest[0]}); ${(took / 1000).toFixed(1)} s, ${(await peakMegabytes(pid)).toFixed(0)} MB at most ${String(result)}`,
  );
}
