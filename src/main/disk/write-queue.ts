/** One write after another, in the order in which they were asked for; some of them not before their time. */

export type Write = () => Promise<void>;

export class WriteQueue {
  private last: Promise<unknown> = Promise.resolve();
  private readonly due = new Set<string>();
  private isClosed = false;
  /** How many writes are not done. */
  waiting = 0;

  /** Rejects as the write does; the next one runs all the same. */
  add(write: Write): Promise<void> {
    this.waiting++;
    const done = this.last.then(write).finally(() => this.waiting--);
    this.last = done.catch(() => undefined);
    return done;
  }

  /** Adds a write when so much time has passed, unless one of that name waits for its time already. */
  addLater(name: string, ms: number, write: Write): void {
    if (this.due.has(name)) return;
    this.due.add(name);
    setTimeout(
      () => {
        this.due.delete(name);
        // Whoever writes keeps a failure by itself.
        if (!this.isClosed) this.add(write).catch(() => undefined);
      },
      Math.max(0, ms),
    ).unref();
  }

  /** Resolves when what was added is done; what waits for its time is let go. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.last;
  }
}
