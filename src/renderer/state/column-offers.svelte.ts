/** The columns and values that the runs of a filter have, kept up while runs change. Belongs to the component that makes it. */
import { onDestroy } from "svelte";
import type { ColumnOffer } from "../../shared/query/offers";
import type { Application } from "./application.svelte";

/** Milliseconds: what differs changes rarely. */
const pause = 2000;

export class ColumnOffers {
  all = $state.raw<readonly ColumnOffer[]>([]);
  loaded = $state(false);
  private filter: string | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly application: Application) {
    const stop = application.runs.onChange(() => {
      this.timer ??= setTimeout(() => void this.load(), pause);
    });
    onDestroy(() => {
      stop();
      if (this.timer) clearTimeout(this.timer);
    });
  }

  ask(filter: string): void {
    if (filter === this.filter) return;
    this.filter = filter;
    void this.load();
  }

  valuesOf(column: string): readonly string[] {
    return this.all.find((offer) => offer.column === column)?.values ?? [];
  }

  private async load(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const { filter } = this;
    if (filter === null) return;
    // A filter that cannot be understood is said beside the table.
    const offers = await this.application.client.runs
      .columns({ filter })
      .catch(() => null);
    if (offers === null || filter !== this.filter) return;
    this.all = offers;
    this.loaded = true;
  }
}
