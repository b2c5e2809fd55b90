import { readFile, readdir } from "node:fs/promises";
import { once } from "node:events";
import { expect, it } from "vitest";
import { createThread } from "../../src/main/trainer/thread";

/** Of every thread of this process, from the 19th field of its `stat`. */
async function niceness(): Promise<number[]> {
  const threads = await readdir("/proc/self/task");
  const stats = await Promise.all(
    threads.map((thread) =>
      readFile(`/proc/self/task/${thread}/stat`, "utf8").catch(() => ""),
    ),
  );
  // The name before them stands in brackets and may hold spaces.
  return stats.map((stat) => Number(stat.split(") ")[1]?.split(" ")[16]));
}

it.runIf(process.platform === "linux")(
  "the training thread leaves the cores to others, and no other thread does",
  async () => {
    const before = (await niceness()).filter((nice) => nice >= 10).length;
    expect(before).toBe(0);
    const thread = await createThread("trainer");
    thread.postMessage({ type: "engines" });
    await once(thread, "message");
    const nice = await niceness();
    expect(nice.some((one) => one >= 10)).toBe(true);
    expect(nice.some((one) => one === 0)).toBe(true);
    await thread.terminate();
  },
);
