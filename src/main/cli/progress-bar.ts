/** One line at the bottom of a terminal that is drawn over; nothing at all where nobody watches. */
import type {
  TaskProgress,
  TrainingProgress,
} from "../../shared/contract/events";
import { Speedometer } from "../../shared/speed";
import type { Speed } from "../../shared/speed";
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
  const meter = new Speedometer();
  const draw = (text: string) => {
    line = text;
    if (stream.isTTY)
      stream.write(`\r\x1b[2K${text.slice(0, (stream.columns || 80) - 1)}`);
  };
  return {
    showTraining({ step, totalSteps, stepsPerSecond, secondsLeft }) {
      const left =
        secondsLeft === null ? "" : `, ${duration(secondsLeft)} left`;
      draw(
        `${bar(step, totalSteps)} ${step}/${totalSteps} steps, ${stepsPerSecond.toFixed(stepsPerSecond < 10 ? 1 : 0)}/s${left}`,
      );
    },
    showTask(task) {
      const { title, done, total, unit, ended } = task;
      const speed = pace(meter.take(task, performance.now() / 1000), unit);
      if (ended !== null) draw("");
      else if (total === null && done === 0) draw(`${title} …`);
      else if (total === null) draw(`${title}: ${amount(done, unit)}${speed}`);
      else
        draw(
          `${bar(done, total)} ${title}: ${amount(done, unit)} of ${amount(total, unit)}${speed}`,
        );
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

/** `5.3 MB`, `12000 images`. */
function amount(value: number, unit: TaskProgress["unit"]): string {
  return unit === "bytes"
    ? `${(value / 1e6).toFixed(1)} MB`
    : `${value.toFixed(0)} ${unit}`;
}

function pace(speed: Speed | null, unit: TaskProgress["unit"]): string {
  if (!speed) return "";
  const { perSecond, secondsLeft } = speed;
  const left = secondsLeft === null ? "" : `, ${duration(secondsLeft)} left`;
  return `, ${amount(perSecond, unit)}/s${left}`;
}

/** `42 s`, `3 min 05 s`, `2 h 10 min`. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const pad = (value: number) => String(value).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
}
