/** Setting CUDA up as a task of the application: one at a time, with progress, and cancelled on demand. */
import type { EngineListing } from "../../shared/contract/app";
import type { Host } from "./host";
import { Task } from "./task";

const id = "cuda";

export class CudaSetUp {
  private running: Promise<EngineListing[]> | null = null;
  private abort = new AbortController();

  constructor(private readonly host: Pick<Host, "emit" | "engines">) {}

  /** Rejects with one sentence, or where it was cancelled. */
  run(): Promise<EngineListing[]> {
    this.running ??= this.perform().finally(() => (this.running = null));
    return this.running;
  }

  cancel(): void {
    this.abort.abort(new Error("Setting CUDA up was cancelled."));
  }

  private async perform(): Promise<EngineListing[]> {
    const { emit, engines } = this.host;
    this.abort = new AbortController();
    const plan = await engines.planCuda();
    const first = { title: "Setting CUDA up", done: 0, total: plan.bytes };
    const task = new Task(emit, id, { ...first, unit: "bytes" });
    try {
      await engines.setUpCuda(plan, {
        signal: this.abort.signal,
        onProgress: ({ title, done, total }) =>
          task.show({ title, done, total: total ?? 0, unit: "bytes" }),
      });
      task.end("done");
      return await engines.list();
    } catch (error) {
      task.end(this.abort.signal.aborted ? "cancelled" : "failed");
      throw error;
    }
  }
}
