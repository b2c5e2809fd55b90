/**
 * `npm run bench:shared-library [-- RUNS [PROCESSES [EACH [here]]]]`: a library of RUNS runs (5,000) into which PROCESSES
 * programs (16) train at once, EACH runs (1) one after the other, while a window follows. Looks for lost and wrong
 * records, and says how long the window waited and what a run takes of the disk. The programs stand for other machines:
 * they only have what time of the processor is left (`chrt --idle`), or with `here` as much as the window. A folder in
 * HOME_FOLDER is kept, and what is there already is not made again. Wants a built application, and Linux.
 */
import { spawn } from "node:child_process";
import {
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
} from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { dirname, join, relative, resolve } from "node:path";
import { decodeMetrics, fileUrls } from "../src/shared/contract/files";
import { filesIn, folderSize } from "../src/main/disk/folder-size";
import { createStore } from "../src/main/runs/store";
import { askDuring, Window } from "./calls/window";
import { serve } from "./window/browser-mode";
import { spreadOf } from "./window/frames";

const asked = process.argv.slice(2);
const [runs = 5_000, processes = 16, each = 1] = asked.slice(0, 3).map(Number);
const elsewhere = asked[3] === "here" ? [] : ["chrt", "--idle", "0"];
const steps = 150;
const program = resolve(import.meta.dirname, "../bin/gan-workbench.mjs");
const { HOME_FOLDER } = process.env;
const home =
  HOME_FOLDER ?? (await mkdtemp(join(tmpdir(), "gan-workbench-shared-")));
const library = join(home, "library");

await mkdir(library, { recursive: true });
await fillLibrary();
const served = await serve(home);
const window = await Window.open(served.url);
const { client } = window;
const heard = new Map<string, string>();
window.onEvent((event) => {
  if (event.type === "run-changed" && event.listing.kind === "run")
    heard.set(event.listing.record.id, event.listing.record.state);
});
const page = {
  columns: ["name", "state", "preset", "rate", "last:loss/generator"],
  pictures: true,
  page: { from: 0, count: 100 },
};
const questions = {
  "the newest 100 runs": () => client.runs.query(page),
  "100 runs by rate": () =>
    client.runs.query({
      ...page,
      sort: [{ column: "rate", descending: true }],
    }),
  "a run": () => client.runs.get({ id: copyId(1) }),
  "its curves": () => window.read(fileUrls.metrics(copyId(1))),
};
await client.runs.query(page);
const pid = served.process.pid ?? 0;
const busyBefore = await secondsOf(pid);
const begin = performance.now();
const failures: string[] = [];
const times = await askDuring(questions, trainAll, 0);
const busy = (await secondsOf(pid)) - busyBefore;
const seconds = (performance.now() - begin) / 1000;
report(times);
for (let wait = 0; wait < 300 && isBehind(); wait++) await delay(100);
const problems = [...failures, ...(await examine())];
window.close();
await served.close();
for (const problem of problems) console.log(`PROBLEM: ${problem}`);
console.log(`${problems.length} problems.`);
if (HOME_FOLDER === undefined) await rm(home, { recursive: true, force: true });
process.exitCode = problems.length > 0 ? 1 : 0;

function copyId(index: number): string {
  return `20250101-000000-copy-${index.toString(16).padStart(6, "0")}`;
}

function nameOf(worker: number, turn: number): string {
  return `w${worker}-t${turn}`;
}

function allTrained(): string[] {
  return Array.from({ length: processes * each }, (_, task) =>
    nameOf(Math.floor(task / each), task % each),
  );
}

/** Copies of one trained run, each with a record of its own. */
async function fillLibrary(): Promise<void> {
  // What an earlier call has trained is trained again.
  for (const id of allTrained())
    await rm(join(library, "runs", id), { recursive: true, force: true });
  const there = new Set(await readdir(join(library, "runs")).catch(() => []));
  const first = copyId(0);
  if (!there.has(first)) await train(first, "copy 0");
  const from = join(library, "runs", first);
  const record = await readFile(join(from, "run.json"), "utf8");
  const others = [...filesIn(from)]
    .map((path) => relative(from, path))
    .filter((path) => path !== "run.json");
  for (let index = 1; index < runs; index++) {
    const id = copyId(index);
    if (there.has(id)) continue;
    const folder = join(library, "runs", id);
    for (const path of others) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await link(join(from, path), join(folder, path));
    }
    const own = record
      .replaceAll(first, id)
      .replace('"copy 0"', `"copy ${index}"`);
    await writeFile(join(folder, "run.json"), own);
  }
}

async function trainAll(): Promise<void> {
  await Promise.all(
    Array.from({ length: processes }, async (_, worker) => {
      for (let turn = 0; turn < each; turn++)
        await train(nameOf(worker, turn), nameOf(worker, turn)).catch(
          (error: unknown) => failures.push(String(error)),
        );
    }),
  );
}

function train(id: string, name: string): Promise<void> {
  const words = [
    ...["train", "--run-id", id, "--name", name, "--library", library],
    ...["--preset", "wiseodd-mlp", "--dataset", "strokes", "--seed", "1"],
    ...["--set", 'data.limit={"count":640,"pick":"first"}'],
    ...["--set", "engine.threads=1", "--set", "engine.spinning=false"],
    ...["--steps", String(steps)],
  ];
  return new Promise((done, fail) => {
    const [command, ...rest] = [...elsewhere, process.execPath, program];
    const child = spawn(command, [...rest, ...words], {
      env: { ...process.env, GAN_WORKBENCH_HOME: home },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.on("data", (text: Buffer) => (said += text.toString()));
    child.once("close", (code) => {
      if (code === 0) done();
      else fail(new Error(`${id} ended with ${code}: ${said}`));
    });
  });
}

/** Whether the window has not yet heard of every end. */
function isBehind(): boolean {
  const ended = [...heard.values()].filter((state) => state === "finished");
  return ended.length < processes * each;
}

/** What was lost or is wrong, a sentence each. */
async function examine(): Promise<string[]> {
  const found: string[] = [];
  const store = await createStore(library);
  const listings = await store.list();
  const expected = runs + processes * each;
  if (listings.length !== expected)
    found.push(
      `${listings.length} runs are listed, and ${expected} were made.`,
    );
  const damaged = listings.filter(({ kind }) => kind === "damaged");
  if (damaged.length > 0) found.push(`${damaged.length} runs are damaged.`);
  const reference = await curvesOf(copyId(0));
  let bytes = 0;
  for (const id of allTrained()) {
    const listing = await store.get(id);
    if (listing.kind === "damaged") continue;
    const { record, checkpoints } = listing;
    if (record.state !== "finished" || record.progress.step !== steps)
      found.push(`${id} is ${record.state} at ${record.progress.step}.`);
    if (record.name !== id) found.push(`${id} is called ${record.name}.`);
    if (checkpoints.at(-1) !== steps)
      found.push(`${id} has no last checkpoint.`);
    if (heard.get(id) !== "finished")
      found.push(`The window heard of ${id} that it is ${heard.get(id)}.`);
    if (!(await curvesOf(id)).equals(reference))
      found.push(`The curves of ${id} differ from those of the same seed.`);
    bytes += await folderSize(store.folder(id));
  }
  async function curvesOf(id: string): Promise<Buffer> {
    const { buffer } = await store.metrics(id, 0);
    const groups = decodeMetrics(buffer);
    return Buffer.concat(
      groups.flatMap(({ steps: own, values }) =>
        [own, ...values].map((column) => Buffer.from(column.slice().buffer)),
      ),
    );
  }
  await store.close();
  const count = processes * each;
  console.log(
    `${count} runs of ${steps} steps: ${(bytes / count / 1e6).toFixed(2)} MB and ${((processes * seconds) / count).toFixed(1)} s each, ${(seconds / count).toFixed(1)} s for one after another of all processes together.`,
  );
  return found;
}

/** Of processor time that a process has taken: proc_pid_stat(5), fields 14 and 15. */
async function secondsOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function report(all: Record<string, number[]>): void {
  console.log(
    `${runs} runs, ${processes} processes with ${each} runs each, ${seconds.toFixed(0)} s, load ${loadavg()[0].toFixed(1)}, serve took ${busy.toFixed(1)} s of the processor`,
  );
  for (const [name, list] of Object.entries({
    ...all,
    all: Object.values(all).flat(),
  })) {
    const { p50, p95, max } = spreadOf(list);
    console.log(
      `${name.padEnd(20)} ${list.length} calls: ${p50.toFixed(0)} ms median, ${p95.toFixed(0)} at 95 %, ${max.toFixed(0)} at worst`,
    );
  }
}
