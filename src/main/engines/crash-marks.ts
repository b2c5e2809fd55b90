/**
 * Which engine trains which run in this process, written down while it does. A native crash takes the whole process and
 * leaves the mark; the next start finds it, unless the machine itself went down in between.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { uptime } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { writeAtomically } from "../disk/atomic";
import { disk } from "../disk/file-layer";
import { acquireLock, lockHolder } from "../disk/lock";
import { engineIds } from "../../shared/settings/settings";

const markSchema = z.object({
  run: z.string(),
  engine: z.enum(engineIds),
  device: z.string(),
  /** When the machine was started, in seconds since 1970. */
  bootedAt: z.number(),
});
type Mark = z.infer<typeof markSchema>;

export type Crash = Omit<Mark, "bootedAt"> & {
  /** ISO 8601. */
  at: string;
  /** Whether the machine was started again since: then the power failed, or it did. */
  machineWentDown: boolean;
};

/** How far two readings of the machine's start may be apart, in seconds. */
const clockSlack = 120;

export class CrashMarks {
  private readonly folder: string;

  constructor(dataFolder: string) {
    this.folder = join(dataFolder, "training");
  }

  /** Gives what takes the mark away. A disk that takes no mark stops no training. */
  async set(mark: Omit<Mark, "bootedAt">): Promise<() => Promise<void>> {
    const path = this.path(mark.run);
    try {
      await disk.makeFolder(this.folder);
      const lock = await acquireLock(disk, `${path}.lock`);
      if (!lock) return () => Promise.resolve();
      const text = JSON.stringify({ ...mark, bootedAt: bootedAt() });
      await writeAtomically(disk, path, text);
      return async () => {
        await disk.remove(path).catch(() => undefined);
        await lock.release().catch(() => undefined);
      };
    } catch {
      return () => Promise.resolve();
    }
  }

  /** Marks of processes that are gone, each once. */
  async take(): Promise<Crash[]> {
    if (!existsSync(this.folder)) return [];
    const crashes: Crash[] = [];
    for (const name of readdirSync(this.folder)) {
      if (!name.endsWith(".json")) continue;
      const path = join(this.folder, name);
      if ((await lockHolder(`${path}.lock`)) !== null) continue;
      const crash = read(path);
      if (crash) crashes.push(crash);
      await disk.remove(path);
      await disk.remove(`${path}.lock`);
    }
    return crashes;
  }

  private path(run: string): string {
    return join(this.folder, `${run}.json`);
  }
}

function read(path: string): Crash | null {
  try {
    const { bootedAt: booted, ...mark } = markSchema.parse(
      JSON.parse(readFileSync(path, "utf8")),
    );
    return {
      ...mark,
      at: statSync(path).mtime.toISOString(),
      machineWentDown: Math.abs(booted - bootedAt()) > clockSlack,
    };
  } catch {
    return null;
  }
}

function bootedAt(): number {
  return Date.now() / 1000 - uptime();
}
