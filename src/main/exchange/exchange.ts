/**
 * Imports and exports, each in a thread of its own, so that the thread that answers the windows stays free and what one
 * of them takes is bounded and given back. One import and two exports at a time; the others wait for their turn.
 */
import type { ResourceLimits, Worker } from "node:worker_threads";
import { errorCode } from "../../shared/errors";
import { ExportError } from "../export/job";
import { exportHere, importHere } from "./work";
import { RunError } from "../runs/run-error";
import { createThread, isSource, onGone } from "../thread";
import type {
  ExchangeJob,
  ExportOrder,
  FromExchange,
  ImportOrder,
  JobOptions,
  ToExchange,
} from "./messages";

type Limits = Record<ExchangeJob["kind"], ResourceLimits>;

const usualLimits: Limits = {
  import: { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 32 },
  export: { maxOldGenerationSizeMb: 512 },
};
const together: Record<ExchangeJob["kind"], number> = { import: 1, export: 2 };

export class Exchange {
  private readonly running = new Set<Worker>();
  private readonly turns: Record<ExchangeJob["kind"], Turns> = {
    import: new Turns(together.import),
    export: new Turns(together.export),
  };

  private readonly inThreads: boolean;
  private readonly limits: Limits;

  /** From source a thread takes as long to start as most work takes, so only a test of the threads asks for them there. */
  constructor({ inThreads = !isSource, limits = usualLimits } = {}) {
    this.inThreads = inThreads;
    this.limits = limits;
  }

  /** Gives the id of the new run. Rejects with a RunError, and then nothing was added. */
  async import(order: ImportOrder): Promise<string> {
    if (!this.inThreads) return importHere(order);
    return String(await this.run({ kind: "import", ...order }, {}));
  }

  /** Gives how many bytes were written. Rejects with an ExportError, or with the signal's reason. */
  async export(order: ExportOrder, options: JobOptions): Promise<number> {
    if (!this.inThreads) return exportHere(order, options);
    return Number(await this.run({ kind: "export", ...order }, options));
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    await Promise.all([...this.running].map((one) => one.terminate()));
  }

  private run(job: ExchangeJob, options: JobOptions): Promise<string | number> {
    return this.turns[job.kind].take(async () => {
      options.signal?.throwIfAborted();
      const background = { background: true };
      const worker = await createThread(
        "exchange",
        background,
        this.limits[job.kind],
      );
      this.running.add(worker);
      try {
        return await outcome(worker, job, options);
      } finally {
        this.running.delete(worker);
        await worker.terminate();
      }
    });
  }
}

function outcome(
  worker: Worker,
  job: ExchangeJob,
  { signal, advance, leaveOut }: JobOptions,
): Promise<string | number> {
  const send = (message: ToExchange) => worker.postMessage(message);
  const cancel = () => send({ type: "cancel" });
  signal?.addEventListener("abort", cancel, { once: true });
  return new Promise<string | number>((resolve, reject) => {
    worker.on("message", (message: FromExchange) => {
      switch (message.type) {
        case "advance":
          advance?.(message.count);
          break;
        case "left-out":
          leaveOut?.(message.file);
          break;
        case "done":
          resolve(message.value);
          break;
        case "failed":
          reject(failure(job, message.sentence));
          break;
        default:
          message satisfies never;
      }
    });
    onGone(worker, (cause) => reject(explain(cause, job)));
    send({ type: "begin", job });
    if (signal?.aborted) cancel();
  }).finally(() => {
    signal?.removeEventListener("abort", cancel);
    signal?.throwIfAborted();
  });
}

function explain(cause: Error, job: ExchangeJob): Error {
  const why =
    errorCode(cause) === "ERR_WORKER_OUT_OF_MEMORY"
      ? `it takes more memory than an ${job.kind} may have`
      : cause.message;
  const done = job.kind === "import" ? "imported" : "written";
  return failure(job, `${job.path} could not be ${done}: ${why}.`);
}

function failure({ kind }: ExchangeJob, sentence: string): Error {
  return kind === "import" ? new RunError(sentence) : new ExportError(sentence);
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
