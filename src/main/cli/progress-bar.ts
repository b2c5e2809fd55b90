/** One line at the bottom of a terminal that is drawn over; nothing at all where nobody watches. */
import type {
  TaskProgress,
  TrainingProgress,
} from "../../shared/contract/events";
import type { Terminal } from "./terminal";

export interface ProgressBar {
  showTraining(progress: TrainingProgress): void;
  showTask(task: TaskProgress): void;
  /** Lets something be written above the bar. */
  above(write: () => void): void;
  clear(): void;
}

export function createProgressBar(stream: Terminal["error"]): ProgressBar {
  let line = "";
  const draw = (text: string) => {
    line = text;
    if (stream.isTTY)
      stream.write(`\r\x1b[2K${text.slice(0, (stream.columns ?? 80) - 1)}`);
  };
  return {
    showTraining({ step, totalSteps, stepsPerSecond, secondsLeft }) {
      const left =
        secondsLeft === null ? "" : `, ${duration(secondsLeft)} left`;
      draw(
        `${bar(step, totalSteps)} ${step}/${totalSteps} steps, ${stepsPerSecond.toFixed(stepsPerSecond < 10 ? 1 : 0)}/s${left}`,
      );
    },
    showTask({ title, done, total, unit, ended }) {
      if (ended !== null) draw("");
      else if (total === null) draw(`${title}: ${done} ${unit}`);
      else draw(`${bar(done, total)} ${title}: ${done}/${total} ${unit}`);
    },
    above(write) {
      const kept = line;
      draw("");
      write();
      draw(kept);
    },
    clear: () => draw(""),
  };
}

const width = 24;

function bar(done: number, total: number): string {
  const filled = total > 0 ? Math.floor((done / total) * width) : 0;
  return `[${"#".repeat(filled)}${".".repeat(width - filled)}]`;
}

/** `42 s`, `3 min 05 s`, `2 h 10 min`. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const pad = (value: number) => String(value).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
}
