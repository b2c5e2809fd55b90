/** How fast a run trains, told a few times a second from the times of its steps. */
import type { TrainingProgress } from "../../shared/contract/events";
import type { MetricBlock } from "../../shared/step";

const tellEvery = 250;
/** Seconds that the speed is measured over. */
const speedWindow = 3;

export class Pace {
  private total = 0;
  private marks: { step: number; time: number }[] = [];
  private lastTold = -Infinity;

  constructor(
    private readonly run: string,
    private readonly tell: (progress: TrainingProgress) => void,
  ) {}

  /** Steps there are in all, and those already taken. */
  begin(step: number, totalSteps: number): void {
    this.total = totalSteps;
    this.marks = [];
    this.tellNow(step, 0);
  }

  take({
    firstStep,
    rows,
    times,
  }: Pick<MetricBlock, "firstStep" | "rows" | "times">): void {
    if (rows === 0) return;
    const last = { step: firstStep + rows - 1, time: times[rows - 1] };
    if (this.marks.length === 0)
      this.marks.push({ step: firstStep, time: times[0] });
    this.marks.push(last);
    this.marks = this.marks.filter(
      ({ time }, index) =>
        index >= this.marks.length - 2 || time > last.time - speedWindow,
    );
    if (performance.now() - this.lastTold < tellEvery && last.step < this.total)
      return;
    const [first] = this.marks;
    const seconds = last.time - first.time;
    const steps = last.step - first.step;
    this.tellNow(last.step, seconds > 0 ? steps / seconds : 0);
  }

  /** The clock stands still in a pause. */
  rest(): void {
    this.marks = [];
  }

  private tellNow(step: number, stepsPerSecond: number): void {
    this.lastTold = performance.now();
    const secondsLeft =
      stepsPerSecond > 0 ? (this.total - step) / stepsPerSecond : null;
    const { run, total: totalSteps } = this;
    this.tell({ run, step, totalSteps, stepsPerSecond, secondsLeft });
  }
}
