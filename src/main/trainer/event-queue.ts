/** Events that arrive by message, read as an async iterator; tells the sender when each has been dealt with. */

export interface QueueListener {
  /** The reader has come back for more. */
  onHandled(): void;
  /** The reader has left the loop before the end. */
  onAbandoned(): void;
}

export class EventQueue<Event> {
  /** Resolves when the sender has ended, well or badly. */
  readonly drained: Promise<void>;
  private readonly waiting: { event: Event; counted: boolean }[] = [];
  private ended = false;
  private abandoned = false;
  private failure: Error | null = null;
  private wake: () => void = () => undefined;
  private finish: () => void = () => undefined;

  constructor(private readonly listener: QueueListener) {
    this.drained = new Promise((resolve) => (this.finish = resolve));
  }

  push(event: Event): void {
    if (this.abandoned) this.listener.onHandled();
    else this.add(event, true);
  }

  /** An event that the sender does not wait for. */
  pushUncounted(event: Event): void {
    if (!this.abandoned) this.add(event, false);
  }

  end(): void {
    this.ended = true;
    this.finish();
    this.wake();
  }

  fail(error: Error): void {
    this.failure = error;
    this.end();
  }

  async *events(): AsyncGenerator<Event> {
    try {
      for (;;) {
        const next = this.waiting.shift();
        if (next) {
          yield next.event;
          if (next.counted && !this.ended) this.listener.onHandled();
        } else if (this.failure) throw this.failure;
        else if (this.ended) return;
        else await new Promise<void>((resolve) => (this.wake = resolve));
      }
    } finally {
      this.leave();
    }
  }

  private add(event: Event, counted: boolean): void {
    this.waiting.push({ event, counted });
    this.wake();
  }

  private leave(): void {
    this.abandoned = true;
    if (this.ended) return;
    this.listener.onAbandoned();
    for (const { counted } of this.waiting.splice(0))
      if (counted) this.listener.onHandled();
    // The event that the reader left with.
    this.listener.onHandled();
  }
}
