/** The queue of the library as the window knows it: what is under way of it, and what waits. */
import type { AppClient } from "../../shared/contract/index";
import type { QueueState } from "../../shared/contract/queue";
import { emptyQueue } from "../../shared/queue";
import type { QueueItem } from "../../shared/queue";
import type { Notices } from "./notices.svelte";

export class WaitingRuns {
  state = $state.raw<QueueState>({ ...emptyQueue, worker: "here" });
  /** Counts how often somebody wanted to go there. */
  focusWanted = $state(0);
  /** What has not started, the next one first. */
  readonly waiting: readonly QueueItem[] = $derived.by(() =>
    this.state.items.filter(({ startedAt }) => startedAt === null),
  );

  constructor(
    private readonly client: AppClient,
    private readonly notices: Notices,
  ) {}

  async load(): Promise<void> {
    this.put(await this.client.queue.state({}));
  }

  put(state: QueueState): void {
    this.state = state;
  }

  move(run: string, to: number): Promise<void> {
    const last = Math.max(0, this.waiting.length - 1);
    const place = Math.min(Math.max(0, to), last);
    return this.change(this.client.queue.move({ run, to: place }));
  }

  remove(runs: string[]): Promise<void> {
    return this.change(this.client.queue.remove({ runs }));
  }

  retry(run: string): Promise<void> {
    return this.change(this.client.queue.retry({ run }));
  }

  hold(held: boolean): Promise<void> {
    return this.change(this.client.queue.change({ held }));
  }

  setAtOnce(atOnce: number): Promise<void> {
    return this.change(this.client.queue.change({ atOnce }));
  }

  /** Asks for the keyboard's focus; the list takes it. */
  show(): void {
    this.focusWanted++;
  }

  private async change(change: Promise<QueueState>): Promise<void> {
    const state = await this.notices.guard(change);
    if (state) this.put(state);
  }
}
