/** Work that takes a while, told to every window: how far it is, at most ten times a second, and always how it ended. */
import type { TaskProgress } from "../../shared/contract/events";
import type { Host } from "./host";

export type HowFar = Omit<TaskProgress, "id" | "ended">;

const tellEvery = 100;

export class Task {
  private toldAt = -Infinity;

  /** Without a beginning, one that ends before it shows anything is never told of. */
  constructor(
    private readonly emit: Host["emit"],
    /** Of the run, download or export that it belongs to. */
    private readonly id: string,
    private latest: HowFar | null = null,
  ) {}

  /** Something else that is done is told at once. */
  show(now: HowFar): void {
    const isOther = now.title !== this.latest?.title;
    this.latest = now;
    if (isOther || performance.now() - this.toldAt >= tellEvery)
      this.tell(null);
  }

  end(how: NonNullable<TaskProgress["ended"]>): void {
    this.tell(how);
    this.latest = null;
  }

  private tell(ended: TaskProgress["ended"]): void {
    if (this.latest === null) return;
    this.toldAt = performance.now();
    const task = { id: this.id, ...this.latest, ended };
    this.emit({ type: "task-progress", task });
  }
}
