/**
 * What is remembered of the engines on this machine: verdicts of self-tests, times of steps, and who was training when the
 * application crashed. All of it can be found out again, so a damaged file is an empty one.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { writeAtomically } from "../disk/atomic";
import { disk } from "../disk/file-layer";
import type { EngineId } from "../../shared/settings/settings";
import { engineIds } from "../../shared/settings/settings";

const id = z.enum(engineIds);
const checkSchema = z.discriminatedUnion("passed", [
  z.object({
    passed: z.literal(true),
    device: z.string(),
    version: z.string(),
    msPerStep: z.number(),
    processorMsPerStep: z.number(),
    difference: z.number(),
  }),
  z.object({ passed: z.literal(false), reason: z.string() }),
]);

const bookSchema = z.object({
  version: z.literal(1),
  stamp: z.string(),
  checks: z.partialRecord(id, checkSchema),
  /** When an engine trained while the application crashed: ISO 8601. */
  crashes: z.partialRecord(id, z.string()),
  /** By networks and batch size: milliseconds a step, or why there are none. */
  speeds: z.record(
    z.string(),
    z.partialRecord(id, z.union([z.number(), z.string()])),
  ),
});
type Contents = z.infer<typeof bookSchema>;
export type Check = z.infer<typeof checkSchema>;
export type Speeds = Contents["speeds"][string];

/** Sizes of networks that are remembered, the latest. */
const keptSpeeds = 200;

export class EngineBook {
  private contents: Contents;
  private readonly path: string;
  private writing: Promise<void> = Promise.resolve();

  /** What was written under another stamp is forgotten. */
  constructor(
    private readonly folder: string,
    stamp: string,
  ) {
    this.path = join(folder, "engines.json");
    const known = read(this.path);
    this.contents =
      known?.stamp === stamp
        ? known
        : { version: 1, stamp, checks: {}, crashes: {}, speeds: {} };
  }

  check(id: EngineId): Check | null {
    return this.contents.checks[id] ?? null;
  }

  crashedAt(id: EngineId): string | null {
    return this.contents.crashes[id] ?? null;
  }

  speeds(key: string): Speeds {
    return this.contents.speeds[key] ?? {};
  }

  setCheck(id: EngineId, check: Check): void {
    const { checks } = this.contents;
    this.change({ checks: { ...checks, [id]: check } });
  }

  setCrash(id: EngineId, at: string): void {
    const { crashes } = this.contents;
    this.change({ crashes: { ...crashes, [id]: at } });
  }

  setSpeeds(key: string, speeds: Speeds): void {
    const others = Object.entries(this.contents.speeds).filter(
      ([other]) => other !== key,
    );
    const kept = [...others, [key, speeds] as const].slice(-keptSpeeds);
    this.change({ speeds: Object.fromEntries(kept) });
  }

  /** All that is known of one engine; `stamp` is how the machine is now. */
  forget(id: EngineId, stamp: string): void {
    const without = <T>(record: Partial<Record<EngineId, T>>) =>
      Object.fromEntries(Object.entries(record).filter(([key]) => key !== id));
    const speeds = Object.entries(this.contents.speeds).map(
      ([key, own]) => [key, without(own)] as const,
    );
    this.change({
      stamp,
      checks: without(this.contents.checks),
      crashes: without(this.contents.crashes),
      speeds: Object.fromEntries(speeds),
    });
  }

  /** Resolves when all of it is on the disk. */
  flush(): Promise<void> {
    return this.writing;
  }

  /** What cannot be written is found out again another time. */
  private change(change: Partial<Contents>): void {
    this.contents = { ...this.contents, ...change };
    const text = JSON.stringify(this.contents, null, 1) + "\n";
    this.writing = this.writing
      .then(() => disk.makeFolder(this.folder))
      .then(() => writeAtomically(disk, this.path, text))
      .catch(() => undefined);
  }
}

function read(path: string): Contents | null {
  try {
    return bookSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}
