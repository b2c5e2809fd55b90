/** The log of one run as a page shows it: lines from before, fetched a page at a time, and behind them those of now. */
import type { LogLine } from "../../shared/contract/runs";
import type { Application } from "./application.svelte";
import { keptLines } from "./activity.svelte";

const pageSize = 1_000;

export class RunLog {
  private fetched = $state.raw<readonly LogLine[]>([]);
  private hasMore = $state(false);
  loaded = $state(false);

  constructor(
    private readonly application: Application,
    private readonly run: string,
  ) {}

  private readonly live = $derived.by(() =>
    this.application.activity.lines(this.run),
  );
  /** Whether lines may have been let go between those fetched and those of now. */
  private readonly isTorn = $derived.by(() => {
    const last = this.fetched.at(-1)?.step ?? 0;
    return this.live.length === keptLines && this.live[0].step > last;
  });
  /** Ascending. */
  readonly lines: readonly LogLine[] = $derived.by(() => {
    if (this.isTorn) return this.live;
    const last = this.fetched.at(-1)?.step ?? 0;
    return [...this.fetched, ...this.live.filter(({ step }) => step > last)];
  });
  readonly more = $derived.by(() => this.hasMore || this.isTorn);

  /** Fetches the newest lines, in place of all that were. */
  async reload(): Promise<void> {
    await this.fetch(null);
    this.loaded = true;
  }

  /** Gives how many lines were put before the others. */
  async loadEarlier(): Promise<number> {
    const before = this.lines.length;
    await this.fetch(this.lines.at(0)?.step ?? null);
    return this.lines.length - before;
  }

  private async fetch(before: number | null): Promise<void> {
    const { client, notices } = this.application;
    const rest = before === null ? [] : this.lines;
    const page = await notices.guard(
      client.runs.log({ id: this.run, before, limit: pageSize }),
    );
    if (!page) return;
    this.fetched = [...page.lines, ...rest];
    this.hasMore = page.more;
  }
}
