/**
 * Imports, exports and previews, each in a thread of its own, so that the thread that answers the windows stays free and
 * what one of them takes is bounded and given back. One import, two exports and one preview at a time; the others wait for
 * their turn.
 */
import type { ResourceLimits } from "node:worker_threads";
import { errorCode, errorMessage } from "../../shared/errors";
import { connect } from "../../shared/rpc";
import type { Client } from "../../shared/rpc";
import { ExportError } from "../export/job";
import { exportHere, importHere, previewHere } from "./work";
import { RunError } from "../runs/run-error";
import { createThread, isSource } from "../thread";
import { ThreadChannel } from "../thread/channel";
import { exchangeContract } from "./messages";
import type {
  ExchangeProgress,
  ExportOrder,
  ImportOrder,
  JobOptions,
  PreviewOrder,
} from "./messages";

type Calls = Client<typeof exchangeContract>["exchange"];
type Kind = keyof Calls;
type Limits = Record<Kind, ResourceLimits>;

const usualLimits: Limits = {
  import: { maxOldGenerationSizeMb: 160, maxYoungGenerationSizeMb: 16 },
  export: { maxOldGenerationSizeMb: 512 },
  preview: { maxOldGenerationSizeMb: 512 },
};
/** What each rejects with. */
const errors = { import: RunError, export: ExportError, preview: ExportError };
const together: Record<Kind, number> = { import: 1, export: 2, preview: 1 };

export class Exchange {
  private readonly running = new Set<ThreadChannel>();
  private readonly turns: Record<Kind, Turns> = {
    import: new Turns(together.import),
    export: new Turns(together.export),
    preview: new Turns(together.preview),
  };

  private readonly inThreads: boolean;
  private readonly limits: Limits;

  /** From source a thread takes as long to start as most work takes, so only a test of the threads asks for them there. */
  constructor({ inThreads = !isSource, limits = usualLimits } = {}) {
    this.inThreads = inThreads;
    this.limits = limits;
  }

  /** Gives the id of the new run. Rejects with a RunError, and then nothing was added. */
  import(order: ImportOrder): Promise<string> {
    if (!this.inThreads) return importHere(order);
    return this.run("import", order.path, (calls) => calls.import(order));
  }

  /** Gives how many bytes were written. Rejects with an ExportError, or with the signal's reason. */
  export(order: ExportOrder, options: JobOptions): Promise<number> {
    if (!this.inThreads) return exportHere(order, options);
    const { signal } = options;
    return this.run(
      "export",
      order.path,
      (calls) => {
        const onProgress = (it: ExchangeProgress) => tell(it, options);
        return calls.export(order, { signal, onProgress });
      },
      signal,
    );
  }

  /** Gives a picture, a page or the beginning of a text. Rejects as an export does. */
  preview(
    order: PreviewOrder,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    if (!this.inThreads) return previewHere(order, signal);
    return this.run(
      "preview",
      "The preview",
      (calls) => calls.preview(order, { signal }),
      signal,
    );
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    await Promise.all([...this.running].map((one) => one.terminate()));
  }

  private run<T>(
    kind: Kind,
    what: string,
    work: (calls: Calls) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    return this.turns[kind].take(async () => {
      signal?.throwIfAborted();
      const thread = new ThreadChannel(
        () => createThread("exchange", { background: true }, this.limits[kind]),
        (cause) => explain(cause, kind, what),
      );
      this.running.add(thread);
      try {
        return await work(connect(exchangeContract, thread).client.exchange);
      } catch (error) {
        signal?.throwIfAborted();
        throw new errors[kind](errorMessage(error));
      } finally {
        this.running.delete(thread);
        await thread.terminate();
      }
    });
  }
}

function tell(progress: ExchangeProgress, options: JobOptions): void {
  switch (progress.type) {
    case "advance":
      options.advance?.(progress.count);
      break;
    case "left-out":
      options.leaveOut?.(progress.file);
      break;
    default:
      progress satisfies never;
  }
}

/** `what` is the path of what is taken in or written, or "The preview". */
function explain(cause: Error, kind: Kind, what: string): string {
  const why =
    errorCode(cause) === "ERR_WORKER_OUT_OF_MEMORY"
      ? `it takes more memory than ${kind === "preview" ? "a" : "an"} ${kind} may have`
      : cause.message;
  const done = { import: "imported", export: "written", preview: "made" }[kind];
  return `${what} could not be ${done}: ${why}.`;
}

/** So many at a time; the others wait in the order in which they came. */
class Turns {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free++;
    }
  }
}
