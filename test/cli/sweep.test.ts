/**
 * A sweep whose process is killed in the middle, whose runs are deleted, and one of whose variants diverges: its status
 * is exact each time, and running it again makes up exactly what is missing.
 */
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import type { SweepStatus } from "../../src/shared/sweeps/status";
import {
  jsonLines,
  notBuilt,
  runApart,
  runHere,
  temporaryHome,
} from "./command-line";
import type { Outcome } from "./command-line";

// Several trainings each, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });

const home = temporaryHome();
const library = () => join(home(), "library");
const json = () => ["--library", library(), "--json"];
const start = (id = "", ...more: string[]) => [
  ...["sweep", "start", "--id", id, "--preset", "jaketae-mlp"],
  ...["--dataset", "strokes", "--steps", "20"],
  ...["--set", 'data.limit={"count":640,"pick":"first"}'],
  ...["--set", "engine.spinning=false", "--set", "checkpoints.everySteps=10"],
  ...json(),
  ...more,
];

async function statusOf(id: string): Promise<SweepStatus> {
  const outcome = await runHere("sweep", "status", id, ...json());
  return JSON.parse(outcome.out) as SweepStatus;
}

/** The indices that were trained, in the order of their ends. */
const endsIn = (outcome: Outcome) =>
  jsonLines(outcome)
    .filter(({ index, type }) => type !== "started" && index !== undefined)
    .map(({ index }) => index);

describe.skipIf(notBuilt)("a process that is killed", () => {
  it("twice in the middle leaves a sweep that goes on to its end", async () => {
    const vary = [
      ...["--vary", "learningRate=1e-4,2e-4,5e-4", "--seeds", "3"],
      ...["--steps", "100"],
    ];
    const all = [0, 1, 2, 3, 4, 5, 6, 7, 8];
    for (const ended of [1, 2]) {
      const outcome = await runApart(
        start("k", ...vary),
        home(),
        (out, kill) => {
          // In the middle of the run after one that has ended.
          const end = out.indexOf(`"type":"finished"`);
          const next = out.indexOf(`"type":"started"`, end);
          if (end > 0 && next > 0 && out.includes(`"type":"progress"`, next))
            kill("SIGKILL");
        },
      );
      expect(outcome.code).toBeNull();
      const { counts, done, unfinished } = await statusOf("k");
      expect(done).toBe(false);
      expect(counts).toEqual({
        finished: ended,
        interrupted: 1,
        missing: 8 - ended,
      });
      expect(unfinished).toEqual(all.slice(ended));
    }
    const last = await runHere("sweep", "rerun", "k", ...json());
    expect(last).toMatchObject({ code: 0, error: "" });
    expect(endsIn(last)).toEqual(all.slice(2));
    expect(await statusOf("k")).toMatchObject({
      done: true,
      counts: { finished: 9 },
      unfinished: [],
    });
    const compared = await runHere("compare", "--sweep", "k", ...json());
    expect(JSON.parse(compared.out)).toMatchObject({
      configurations: ["1e-4", "2e-4", "5e-4"].map((rate) => ({
        name: `Learning rate ${rate}`,
        runs: [expect.anything(), expect.anything(), expect.anything()],
      })),
    });
  });

  it("works on the queue again where it was", async () => {
    const vary = ["--vary", "seed=0,1,2", "--detach"];
    expect((await runHere(...start("q", ...vary))).code).toBe(0);
    expect(await statusOf("q")).toMatchObject({ counts: { waiting: 3 } });
    const run = ["queue", "run", ...json()];
    await runApart(run, home(), (out, kill) => {
      if (out.includes(`"type":"progress"`)) kill("SIGKILL");
    });
    expect((await statusOf("q")).counts.waiting).toBeGreaterThanOrEqual(2);
    expect((await statusOf("q")).unfinished).toEqual([]);
    expect((await runApart(run, home())).code).toBe(0);
    expect(await statusOf("q")).toMatchObject({ counts: { finished: 3 } });
    const queue = await runHere("queue", ...json());
    expect(JSON.parse(queue.out)).toMatchObject({ items: [] });
  });
});

it("a dry run makes nothing, no library either", async () => {
  const elsewhere = join(home(), "elsewhere");
  const dry = start("x", "--seeds", "1", "--dry-run", "--library", elsewhere);
  expect((await runHere(...dry)).code).toBe(0);
  expect(existsSync(elsewhere)).toBe(false);
});

it("a variant that diverges, one that cannot start, and one that was deleted stop no other", async () => {
  const sgd = '{"type":"sgd","learningRate":10,"momentum":0.99}';
  const args = start(
    ...["d", "--preset", "jrtechs-wgan", "--set", "objective.clip=null"],
    ...["--set", `optimizers.generator=${sgd}`],
    ...["--set", `optimizers.discriminator=${sgd}`, "--steps", "20"],
    ...["--vary", "learningRate=10,1e-5", "--seeds", "2"],
  );
  // What lies in the place of the run of index 2 is no run.
  await mkdir(join(library(), "runs"), { recursive: true });
  await writeFile(join(library(), "runs", "d-2"), "");
  const outcome = await runHere(...args);
  expect(outcome.code).toBe(1);
  expect(await statusOf("d")).toMatchObject({
    counts: { diverged: 2, damaged: 1, finished: 1 },
    unfinished: [2],
  });
  await rm(join(library(), "runs", "d-2"));
  await rename(join(library(), "runs", "d-3"), join(home(), "away"));
  const again = await runHere("sweep", "rerun", "d", ...json());
  expect(endsIn(again)).toEqual([2, 3]);
  expect(again.code).toBe(3);
  const { counts, done, unfinished } = await statusOf("d");
  expect({ counts, done, unfinished }).toEqual({
    counts: { diverged: 2, finished: 2 },
    done: true,
    unfinished: [],
  });
});

it("is the same sweep for the same command, and refuses another under its id", async () => {
  const again = await runHere(...start("q", "--vary", "seed=0,1,2"));
  expect(again).toMatchObject({ code: 0 });
  expect(endsIn(again)).toEqual([]);
  const other = await runHere(...start("q", "--vary", "seed=0,1"));
  expect(other).toMatchObject({ code: 2, out: "" });
  expect(other.error).toContain("There is a sweep q in this library already");
});

it("is cancelled, taken up one run at a time as a cluster's tasks do, and its order changed", async () => {
  await runHere(...start("c", "--vary", "seed=0,1,2", "--detach"));
  const move = await runHere("queue", "move", "c-2", "1", ...json());
  const { items } = JSON.parse(move.out) as { items: { run: string }[] };
  expect(items.map(({ run }) => run)).toEqual(["c-2", "c-0", "c-1"]);
  const cancelled = await runHere("sweep", "cancel", "c", ...json());
  expect(JSON.parse(cancelled.out)).toMatchObject({
    cancelled: true,
    counts: { missing: 3 },
  });
  const refused = await runHere("sweep", "run", "c", "1", ...json());
  expect(refused).toMatchObject({ code: 2, out: "" });
  expect(refused.error).toContain("was cancelled");
  await runHere("sweep", "rerun", "c", "--detach", ...json());
  const one = await runHere("sweep", "run", "c", "1", ...json());
  expect(one.code).toBe(0);
  expect(jsonLines(one).at(-1)).toMatchObject({ type: "finished", run: "c-1" });
  expect((await runHere("sweep", "run", "c", "1", ...json())).code).toBe(0);
  expect((await runHere("sweep", "run", "c", "7", ...json())).error).toContain(
    "its entries are 0 to 2",
  );
  const file = join(library(), "runs", "c-1", "run.json");
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({
    name: "Seeds · seed 1",
    sweep: { id: "c", index: 1 },
    group: "Seeds",
    settings: { seed: 1 },
  });
});
