/** Events that arrive by message, read as an async iterator; tells the sender when each has been dealt with. */

export interface QueueListener {
  /** The reader has come back after an event that counts. */
  onHandled(): void;
  /** The reader has left before the end. */
  onAbandoned(): void;
}

export class EventQueue<Event> implements AsyncIterableIterator<Event> {
  /** Resolves when the sender has ended, well or badly. */
  readonly drained: Promise<void>;
  private readonly waiting: { event: Event; counts: boolean }[] = [];
  /** Whether the reader still deals with an event that counts. */
  private isDealing = false;
  private hasLeft = false;
  private hasEnded = false;
  private failure: Error | null = null;
  private wake: () => void = () => undefined;
  private finish: () => void = () => undefined;

  constructor(private readonly listener: QueueListener) {
    this.drained = new Promise((resolve) => (this.finish = resolve));
  }

  /** `counts`: the sender waits until the reader has dealt with so many. */
  push(event: Event, counts: boolean): void {
    if (!this.hasLeft) this.waiting.push({ event, counts });
    else if (counts) this.listener.onHandled();
    this.wake();
  }

  end(failure: Error | null): void {
    this.hasEnded = true;
    this.failure = failure;
    this.finish();
    this.wake();
  }

  async next(): Promise<IteratorResult<Event, undefined>> {
    this.settleLast();
    for (;;) {
      const next = this.waiting.shift();
      if (next) {
        this.isDealing = next.counts;
        return { done: false, value: next.event };
      }
      const { failure } = this;
      this.failure = null;
      if (failure) throw failure;
      if (this.hasEnded || this.hasLeft)
        return { done: true, value: undefined };
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  /** The reader leaves; resolves when the sender has ended. */
  async return(): Promise<IteratorResult<Event, undefined>> {
    this.hasLeft = true;
    if (!this.hasEnded) {
      this.listener.onAbandoned();
      this.settleLast();
      for (const { counts } of this.waiting.splice(0))
        if (counts) this.listener.onHandled();
      await this.drained;
    }
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private settleLast(): void {
    if (this.isDealing && !this.hasEnded) this.listener.onHandled();
    this.isDealing = false;
  }
}
