/**
 * The queue on the disk, where any program of this library may change it, one at a time:
 *
 *     <library>/queue/queue.json          what waits, in its order, and what was started of it
 *                     orders/<run>.json   what is to be started; an entry of a sweep has it in the sweep's manifest
 *                     orders/<run>.safetensors   the checkpoint that a fork begins at
 *                     worker.lock         while a process works on it
 */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { errorCode } from "../../shared/errors";
import {
  emptyQueue,
  newItem,
  queueSchema,
  withItems,
} from "../../shared/queue";
import type { Queue } from "../../shared/queue";
import { queueOrderSchema } from "../../shared/contract/queue";
import type { QueueOrder } from "../../shared/contract/queue";
import { explain } from "../../shared/settings/explain";
import { writeAtomically } from "../disk/atomic";
import type { FileLayer } from "../disk/file-layer";
import { acquireLock, lockHolder, withLock } from "../disk/lock";
import type { Lock } from "../disk/lock";
import { namesIn } from "../disk/names-in";
import { telling } from "../runs/recording/telling";
import { RunError } from "../runs/run-error";
import { readPlainText } from "../disk/plain-file";

export class QueueFile {
  constructor(
    private readonly files: FileLayer,
    private readonly place: { readonly library: string },
  ) {}

  private get folder(): string {
    return join(this.place.library, "queue");
  }

  private get path(): string {
    return join(this.folder, "queue.json");
  }

  /** Changes whenever the queue does. */
  mark(): string {
    const found = statSync(this.path, { throwIfNoEntry: false });
    return found ? `${found.mtimeMs} ${found.ino} ${found.size}` : "none";
  }

  /** Throws a RunError where it is damaged. */
  read(): Queue {
    try {
      const text = readPlainText(this.path);
      const parsed = queueSchema.safeParse(JSON.parse(text));
      if (parsed.success) return parsed.data;
      throw new RunError(`queue.json is damaged: ${explain(parsed.error)}.`);
    } catch (error) {
      if (errorCode(error) === "ENOENT") return emptyQueue;
      if (error instanceof SyntaxError)
        throw new RunError("queue.json is damaged: it is not JSON.");
      throw error;
    }
  }

  /** Reads it, changes it and writes it, with no other change in between; gives what was written. */
  async change(change: (queue: Queue) => Queue): Promise<Queue> {
    return telling("The queue could not be changed", async () => {
      await this.files.makeFolder(this.folder);
      // Another process holds it for milliseconds only.
      const patience = AbortSignal.timeout(5_000);
      return withLock(this.files, `${this.path}.lock`, patience, async () => {
        const before = await this.readOrRestore();
        const after = change(before);
        if (after !== before)
          await writeAtomically(
            this.files,
            this.path,
            JSON.stringify(after, null, 1) + "\n",
          );
        return after;
      });
    });
  }

  /** The right to start what waits, or null where another process has it. */
  async becomeWorker(): Promise<Lock | null> {
    await this.files.makeFolder(this.folder);
    return acquireLock(this.files, join(this.folder, "worker.lock"));
  }

  /** Whether a process works on it. */
  async hasWorker(): Promise<boolean> {
    return (await lockHolder(join(this.folder, "worker.lock"))) !== null;
  }

  async writeOrder(run: string, order: QueueOrder): Promise<void> {
    await telling("The run could not be put in the queue", async () => {
      await this.files.makeFolder(join(this.folder, "orders"));
      await writeAtomically(
        this.files,
        this.orderFile(run),
        JSON.stringify(order) + "\n",
      );
    });
  }

  /** Throws a RunError where it is gone or damaged. */
  readOrder(run: string): QueueOrder {
    try {
      const text = readPlainText(this.orderFile(run));
      return queueOrderSchema.parse(JSON.parse(text));
    } catch (error) {
      const what =
        errorCode(error) === "ENOENT"
          ? "is gone"
          : `is damaged (${error instanceof z.ZodError ? explain(error) : "no JSON"})`;
      throw new RunError(
        `What was to be started ${what}; remove it from the queue and start it again.`,
      );
    }
  }

  /** Where the checkpoint of a fork that waits is kept. */
  keptCheckpoint(run: string): string {
    return join(this.folder, "orders", `${run}.safetensors`);
  }

  hasKeptCheckpoint(run: string): boolean {
    return existsSync(this.keptCheckpoint(run));
  }

  async forgetOrder(run: string): Promise<void> {
    await this.files.remove(this.orderFile(run));
    await this.files.remove(this.keptCheckpoint(run));
  }

  private orderFile(run: string): string {
    return join(this.folder, "orders", `${run}.json`);
  }

  /** One that is damaged is set aside, and made again of the orders. */
  private async readOrRestore(): Promise<Queue> {
    try {
      return this.read();
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      await this.files.rename(this.path, `${this.path}.damaged-${Date.now()}`);
      const runs = (await namesIn(join(this.folder, "orders")))
        .filter((name) => name.endsWith(".json"))
        .map((name) => name.slice(0, -".json".length));
      const items = runs.map((run) =>
        newItem(
          { run, name: run, kind: this.readOrder(run).type, sweep: null },
          new Date(),
        ),
      );
      return withItems(emptyQueue, items, false);
    }
  }
}
