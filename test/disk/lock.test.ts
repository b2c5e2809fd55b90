import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import {
  chmod,
  readFile,
  readdir,
  rm,
  stat,
  utimes,
  writeFile,
} from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { disk } from "../../src/main/disk/file-layer";
import { acquireLock, lockHolder } from "../../src/main/disk/lock";
import { readRecord } from "../../src/main/runs/folder/record";
import { finishedRun, temporaryFolder, temporaryStore } from "../runs/library";

/** A number that no process has: beyond Linux' largest. */
const deadProcess = 2 ** 22 + 1;

/** What a process writes into its lock. */
const written = (owner: object) =>
  JSON.stringify({ token: "t", host: hostname(), startedAt: null, ...owner });

/** When a process began, as Linux says it; null where nothing does. */
async function startOf(pid: number): Promise<string | null> {
  if (!existsSync("/proc")) return null;
  const stat = await readFile(`/proc/${pid}/stat`, "latin1");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
}

test("a record is not changed while another process changes it", async () => {
  const store = await temporaryStore();
  const id = await finishedRun(store);
  const lock = join(store.folder(id), "run.json.lock");
  const pid = process.ppid;
  await writeFile(lock, written({ pid, startedAt: await startOf(pid) }));
  const edit = store.edit(id, { name: "Late" });
  await setTimeout(200);
  expect(readRecord(store.folder(id)).name).not.toBe("Late");
  await rm(lock);
  await edit;
  expect(readRecord(store.folder(id)).name).toBe("Late");
});

describe("a lock", () => {
  const path = async () => join(await temporaryFolder(), "lock");

  test("is held by one at a time and can be had again", async () => {
    const file = await path();
    const first = await acquireLock(disk, file);
    expect(await acquireLock(disk, file)).toBeNull();
    await first?.release();
    expect(await lockHolder(file)).toBeNull();
    expect(await acquireLock(disk, file)).not.toBeNull();
  });

  test("of a dead process is taken over, by exactly one of many", async () => {
    const file = await path();
    await writeFile(file, written({ pid: deadProcess }));
    const taken = await Promise.all(
      Array.from({ length: 8 }, () => acquireLock(disk, file)),
    );
    expect(taken.filter((lock) => lock !== null)).toHaveLength(1);
    expect(await readdir(join(file, ".."))).toEqual(["lock"]);
  });

  test("of a process that was killed is stale at once", async () => {
    const file = await path();
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1e6)"]);
    const { pid = 0 } = child;
    await writeFile(file, written({ pid, startedAt: await startOf(pid) }));
    expect(await lockHolder(file)).toMatchObject({ pid: child.pid });
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await lockHolder(file)).toBeNull();
  });

  test("of an earlier process with this one's number is stale", async () => {
    const file = await path();
    await writeFile(file, written({ pid: process.pid }));
    expect(await lockHolder(file)).toBeNull();
  });

  test.skipIf(!existsSync("/proc"))(
    "of an earlier process with another one's number is stale",
    async () => {
      const file = await path();
      await writeFile(file, written({ pid: process.ppid, startedAt: "1" }));
      expect(await lockHolder(file)).toBeNull();
    },
  );

  test.skipIf(!existsSync("/proc"))(
    "of a process that has ended is stale, though its parent has not asked for it yet",
    async () => {
      const file = await path();
      const neglectful = spawn("sh", [
        "-c",
        "sleep 0.2 & echo $!; exec sleep 100",
      ]);
      onTestFinished(() => void neglectful.kill("SIGKILL"));
      const [pid] = (await once(neglectful.stdout, "data")).map(Number);
      const state = () => readFile(`/proc/${pid}/stat`, "latin1");
      await vi.waitFor(async () => expect(await state()).toContain(") Z "));
      await writeFile(file, written({ pid, startedAt: await startOf(pid) }));
      expect(await lockHolder(file)).toBeNull();
    },
  );

  test.each([
    ["is right", 0],
    ["is ten minutes behind", -600_000],
    ["is ten minutes ahead", 600_000],
  ])(
    "is renewed as long as it is held, also by a machine whose clock %s",
    async (_, wrongBy) => {
      const now = Date.now();
      vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date"] });
      vi.setSystemTime(now + wrongBy);
      onTestFinished(() => void vi.useRealTimers());
      const file = await path();
      const lock = await acquireLock(disk, file);
      const content = await readFile(file, "utf8");
      const before = new Date(now - 90_000);
      await utimes(file, before, before);
      vi.advanceTimersByTime(20_000);
      await vi.waitFor(async () => {
        const { mtimeMs } = await stat(file);
        expect(Math.abs(mtimeMs - now)).toBeLessThan(60_000);
      });
      expect(await readFile(file, "utf8")).toBe(content);
      await lock?.release();
      expect(await readdir(join(file, ".."))).toEqual([]);
    },
  );

  test.each([
    ["right", 0],
    ["ten minutes behind", -600_000],
    ["ten minutes ahead", 600_000],
  ])(
    "of another machine is judged rightly by one whose clock is %s",
    async (_, wrongBy) => {
      const now = Date.now();
      vi.useFakeTimers({ toFake: ["Date"] });
      vi.setSystemTime(now + wrongBy);
      onTestFinished(() => void vi.useRealTimers());
      const file = await path();
      await writeFile(file, written({ pid: 1, host: "elsewhere" }));
      expect(await lockHolder(file)).toMatchObject({ host: "elsewhere" });
      expect(await acquireLock(disk, file)).toBeNull();
      const before = new Date(now - 90_000);
      await utimes(file, before, before);
      expect(await lockHolder(file)).toBeNull();
      expect(await readdir(join(file, ".."))).toEqual(["lock"]);
      const lock = await acquireLock(disk, file);
      expect(await lockHolder(file)).toMatchObject({ pid: process.pid });
      await lock?.release();
    },
  );

  test.skipIf(process.getuid?.() === 0 || process.platform === "win32")(
    "of another machine is judged by this one's clock where nothing can be written",
    async () => {
      const file = await path();
      await writeFile(file, written({ pid: 1, host: "elsewhere" }));
      await chmod(join(file, ".."), 0o555);
      onTestFinished(() => chmod(join(file, ".."), 0o755));
      expect(await lockHolder(file)).toMatchObject({ host: "elsewhere" });
      const before = new Date(Date.now() - 90_000);
      await utimes(file, before, before);
      expect(await lockHolder(file)).toBeNull();
    },
  );

  test("of another machine is stale when it has not been renewed for a minute", async () => {
    const file = await path();
    await writeFile(file, written({ pid: 1, host: "elsewhere" }));
    expect(await lockHolder(file)).toMatchObject({ host: "elsewhere" });
    const before = new Date(Date.now() - 90_000);
    await utimes(file, before, before);
    expect(await lockHolder(file)).toBeNull();
  });

  test("that was never written is waited for, and stale after a while", async () => {
    const file = await path();
    await writeFile(file, "");
    expect(await lockHolder(file)).toBe("unknown");
    const before = new Date(Date.now() - 90_000);
    await utimes(file, before, before);
    expect(await lockHolder(file)).toBeNull();
  });

  test("whose process died before it could write is taken over", async () => {
    const file = await path();
    await writeFile(file, "");
    const lock = await acquireLock(disk, file);
    expect(await lockHolder(file)).toMatchObject({ pid: process.pid });
    await lock?.release();
  });
});
