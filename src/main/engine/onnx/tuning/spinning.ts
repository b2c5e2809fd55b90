/**
 * Chooses by measurement whether a model's waiting threads spin or sleep: spinning is up to a third faster while the
 * machine is free, and many times slower once others want its cores. No operating system is asked.
 */

/** A trial of the other way lasts so many calls and so much of their time. */
const trialCalls = 3;
const trialMs = 500;
/** A trial is due after so much training; each that changes nothing doubles it. */
const firstPauseMs = 10_000;
const longestPauseMs = 240_000;
/** What the other way must win, because changing costs a compilation. */
const worthwhile = 0.97;
/** How much slower than usual means that the machine has changed, and how much is seen in two calls. */
const suspicious = 1.3;
const obvious = 2;

export class SpinningChoice {
  /** What the next call shall do. */
  spinning = false;
  private trying = false;
  /** Milliseconds a step: as they were found to be last, which later ones are held against. */
  private usual = Infinity;
  /** Training since the last trial, and how much of it leads to the next. */
  private since = 0;
  private pause: number;
  private window = new Window();

  /** `trial` is the length of a trial in milliseconds. */
  constructor(private readonly trial = trialMs) {
    this.pause = trial;
  }

  /** To be told of every call: its time and how many steps it took. */
  record(ms: number, steps: number): void {
    this.since += ms;
    this.window.add(ms, steps, obvious * this.usual);
    if (!this.window.isOver(this.trial)) return;
    const { mean } = this.window;
    this.window = new Window();
    if (this.trying) this.decide(mean);
    else this.watch(mean);
  }

  private watch(mean: number): void {
    const changed = mean > suspicious * this.usual;
    this.usual = mean;
    if (changed) this.pause = Math.min(this.pause, firstPauseMs);
    if (changed || this.since >= this.pause) this.turn(true);
  }

  private decide(other: number): void {
    const better = other < worthwhile * this.usual;
    this.since = 0;
    this.pause = better
      ? firstPauseMs
      : Math.min(Math.max(2 * this.pause, firstPauseMs), longestPauseMs);
    if (better) this.usual = other;
    if (better) this.trying = false;
    else this.turn(false);
  }

  private turn(trying: boolean): void {
    this.trying = trying;
    this.spinning = !this.spinning;
  }
}

/** Consecutive calls of one way. The first, which may follow a compilation, does not count towards the mean. */
class Window {
  private calls = 0;
  private ms = 0;
  private steps = 0;
  /** Calls in a row that took longer than a limit. */
  private slow = 0;

  get mean(): number {
    return this.ms / this.steps;
  }

  add(ms: number, steps: number, limit: number): void {
    this.slow = ms > limit * steps ? this.slow + 1 : 0;
    if (this.calls++ === 0) return;
    this.ms += ms;
    this.steps += steps;
  }

  isOver(trial: number): boolean {
    return this.slow >= 2 || (this.calls > trialCalls && this.ms >= trial);
  }
}
