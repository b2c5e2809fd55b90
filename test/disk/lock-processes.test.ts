/** The lock among real processes: however many find a stale one, each has it once, and never two together. */
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdir, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { temporaryFolder } from "../runs/library";

const waiters = 6;
/** A number that no process has: beyond Linux' largest. */
const dead = JSON.stringify({
  token: "t",
  pid: 2 ** 22 + 1,
  host: hostname(),
  startedAt: null,
});

let processes: ChildProcess[];
beforeAll(async () => {
  const started = Array.from({ length: waiters }, startWaiter);
  processes = await Promise.all(started);
});
afterAll(() => {
  for (const waiter of processes) waiter.kill();
});

test.each([
  ["a stale lock", 100, async (path: string) => writeFile(path, dead)],
  [
    "a lock that its process never wrote",
    20,
    async (path: string) => {
      await writeFile(path, "");
      const before = new Date(Date.now() - 90_000);
      await utimes(path, before, before);
    },
  ],
  [
    "a stale lock whose heir died as it took over",
    50,
    async (path: string) => {
      await writeFile(path, dead);
      await writeFile(`${path}.takeover`, dead);
    },
  ],
])(
  "%s has one owner at a time among six processes",
  { timeout: 120_000 },
  async (_, trials, prepare) => {
    const folder = await temporaryFolder();
    for (let trial = 0; trial < trials; trial++) {
      const path = join(folder, `${trial}.lock`);
      await prepare(path);
      const answers = await Promise.all(
        processes.map(async (waiter) => {
          const answer = once(waiter, "message");
          waiter.send(path);
          return (await answer).at(0) as unknown;
        }),
      );
      expect(answers).toEqual(Array(waiters).fill("alone"));
    }
    expect(await readdir(folder)).toEqual([]);
  },
);

async function startWaiter(): Promise<ChildProcess> {
  const waiter = fork(join(import.meta.dirname, "lock-waiters.ts"), {
    execArgv: ["--import", "tsx"],
  });
  await once(waiter, "message");
  return waiter;
}
