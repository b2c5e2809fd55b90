import { readFile, readdir } from "node:fs/promises";
import { once } from "node:events";
import { expect, it, vi } from "vitest";
import { createThread } from "../../src/main/thread";
import type { ThreadData } from "../../src/main/thread";
import { wiseoddMlp } from "../../src/shared/settings/presets/wiseodd-mlp";

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
    vi.stubEnv("GAN_WORKBENCH_PRIORITY", undefined);
    const nice = await withTrainingThread({ background: true }, niceness);
    vi.unstubAllEnvs();
    expect(nice.some((one) => one >= 10)).toBe(true);
    expect(nice.some((one) => one === 0)).toBe(true);
  },
);

it.runIf(process.platform === "linux")(
  "with GAN_WORKBENCH_PRIORITY=normal it is as important as any other program",
  async () => {
    vi.stubEnv("GAN_WORKBENCH_PRIORITY", "normal");
    const nice = await withTrainingThread({ background: true }, niceness);
    vi.unstubAllEnvs();
    expect(nice.filter((one) => one >= 10)).toEqual([]);
  },
);

it.runIf(process.platform === "linux")(
  "on the command line training is as important as any other program",
  async () => {
    const nice = await withTrainingThread({ background: false }, niceness);
    expect(nice.filter((one) => one >= 10)).toEqual([]);
  },
);

async function withTrainingThread<T>(
  data: ThreadData,
  look: () => Promise<T>,
): Promise<T> {
  const thread = await createThread("trainer", data);
  const order = {
    settings: wiseoddMlp.settings,
    dataFolder: "/none",
    from: null,
  };
  thread.postMessage({ type: "train", order });
  // Its engine is loaded by then; without data it ends by itself.
  await once(thread, "message");
  const seen = await look();
  await once(thread, "message");
  thread.postMessage({ type: "exit" });
  await once(thread, "exit");
  return seen;
}
