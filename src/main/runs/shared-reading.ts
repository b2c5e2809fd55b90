/**
 * A long reading that several ask for at once. Who asks while one is under way shares the next, which begins when that is
 * over: so nobody is told what was true only before they asked, and however many ask, one reading goes on at a time.
 */
import { setImmediate } from "node:timers/promises";

export class SharedReading<T> {
  private last: Promise<unknown> = Promise.resolve();
  /** The one that has not begun yet. */
  private next: Promise<T> | null = null;

  constructor(private readonly read: () => Promise<T>) {}

  /** Rejects as the reading does, for all who share it. */
  ask(): Promise<T> {
    if (this.next) return this.next;
    const next = this.begin(this.last);
    this.next = next;
    this.last = next.catch(() => undefined);
    return next;
  }

  private async begin(before: Promise<unknown>): Promise<T> {
    await before;
    // What came together is asked together.
    await setImmediate();
    this.next = null;
    return this.read();
  }
}
