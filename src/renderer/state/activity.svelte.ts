/** What goes on right now: how far runs are, their log lines, and long preparations. */
import { SvelteMap } from "svelte/reactivity";
import type {
  TaskProgress,
  TrainingProgress,
} from "../../shared/contract/events";

const keptLines = 2_000;

export interface LogLine {
  step: number;
  line: string;
}

export class Activity {
  private readonly progressByRun = new SvelteMap<string, TrainingProgress>();
  private readonly linesByRun = new SvelteMap<string, readonly LogLine[]>();
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

  setTask(task: TaskProgress): void {
    const others = this.tasks.filter((other) => other.id !== task.id);
    this.tasks = task.ended === null ? [...others, task] : others;
  }
}
