/** How fast a run trains, told a few times a second from the times of its steps. */
import type { TrainingProgress } from "../../shared/contract/events";
import type { MetricBlock } from "../../shared/step";

const tellEvery = 250;
/** Seconds that the speed is measured over. */
const speedWindow = 3;

export interface Pace {
  /** Steps there are in all, and those already taken. */
  begin(step: number, totalSteps: number): void;
  take(block: Pick<MetricBlock, "firstStep" | "rows" | "times">): void;
  /** The clock stands still in a pause. */
  rest(): void;
}

export function createPace(
  run: string,
  tell: (progress: TrainingProgress) => void,
): Pace {
  let total = 0;
  let marks: { step: number; time: number }[] = [];
  let lastTold = 0;

  return {
    begin(step, totalSteps) {
      total = totalSteps;
      marks = [];
      tellNow(step, 0);
    },
    take({ firstStep, rows, times }) {
      if (rows === 0) return;
      const last = { step: firstStep + rows - 1, time: times[rows - 1] };
      if (marks.length === 0) marks.push({ step: firstStep, time: times[0] });
      marks.push(last);
      marks = marks.filter(
        ({ time }, index) =>
          index >= marks.length - 2 || time > last.time - speedWindow,
      );
      if (Date.now() - lastTold < tellEvery && last.step < total) return;
      const first = marks[0];
      const seconds = last.time - first.time;
      tellNow(last.step, seconds > 0 ? (last.step - first.step) / seconds : 0);
    },
    rest() {
      marks = [];
    },
  };

  function tellNow(step: number, stepsPerSecond: number): void {
    lastTold = Date.now();
    const secondsLeft =
      stepsPerSecond > 0 ? (total - step) / stepsPerSecond : null;
    tell({ run, step, totalSteps: total, stepsPerSecond, secondsLeft });
  }
}
