/** What goes on right now: how far runs are, their log lines, and long preparations. */
import { SvelteMap } from "svelte/reactivity";
import type {
  TaskProgress,
  TrainingProgress,
} from "../../shared/contract/events";
import type { LogLine } from "../../shared/contract/runs";
import { Speedometer } from "../../shared/speed";
import type { Speed } from "../../shared/speed";

/** Lines of a run that are held while it trains. */
export const keptLines = 2_000;

export class Activity {
  private readonly progressByRun = new SvelteMap<string, TrainingProgress>();
  private readonly linesByRun = new SvelteMap<string, readonly LogLine[]>();
  private readonly speeds = new SvelteMap<string, Speed | null>();
  private readonly meters = new SvelteMap<string, Speedometer>();
  tasks = $state.raw<readonly TaskProgress[]>([]);

  progress(run: string): TrainingProgress | null {
    return this.progressByRun.get(run) ?? null;
  }

  lines(run: string): readonly LogLine[] {
    return this.linesByRun.get(run) ?? [];
  }

  setProgress(progress: TrainingProgress): void {
    this.progressByRun.set(progress.run, progress);
  }

  addLine(run: string, line: LogLine): void {
    const lines = [...this.lines(run).slice(1 - keptLines), line];
    this.linesByRun.set(run, lines);
  }

  /** After a run was taken up again from an earlier step. */
  forgetLines(run: string): void {
    this.linesByRun.delete(run);
  }

  /** How fast a task goes; null until it can be told. */
  speed(task: string): Speed | null {
    return this.speeds.get(task) ?? null;
  }

  setTask(task: TaskProgress): void {
    this.measure(task);
    const others = this.tasks.filter((other) => other.id !== task.id);
    this.tasks = task.ended === null ? [...others, task] : others;
  }

  private measure(task: TaskProgress): void {
    const meter = this.meters.get(task.id) ?? new Speedometer();
    this.meters.set(task.id, meter);
    this.speeds.set(task.id, meter.take(task, performance.now() / 1000));
    if (task.ended === null) return;
    this.meters.delete(task.id);
    this.speeds.delete(task.id);
  }
}
