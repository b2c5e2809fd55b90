/**
 * A list of runs of which only the rows near the view are known: asked for by the page, and again when runs change.
 * Belongs to the component that makes it.
 */
import { onDestroy } from "svelte";
import { newestGrid } from "../../shared/grid-layout";
import type { RunListing } from "../../shared/run";
import { errorMessage } from "../../shared/errors";
import { readerOf, shortCell } from "../../shared/query/columns";
import { isFromFiles } from "../../shared/query/page";
import type { PageRow, RunAsk, RunPage } from "../../shared/query/page";
import type { Application } from "./application.svelte";

export type Question = Omit<RunAsk, "page">;

const pageSize = 100;
/** Milliseconds between two looks at runs that change all the time. */
const pause = 400;

/** Stays with a row while others come and go; a row that is not known yet has its place. */
export function keyOf(row: PageRow | null, index: number): string {
  if (row === null) return `row ${index}`;
  return row.kind === "group" ? `group ${row.key}` : row.id;
}

export class RunPages {
  /** As long as the list; null where a row was not near the view yet. */
  rows = $state.raw<readonly (PageRow | null)[]>([]);
  matching = $state(0);
  total = $state(0);
  /** What is wrong with the question, in a sentence. */
  problem = $state<string | null>(null);
  loaded = $state(false);
  private question: Question | null = null;
  private view = { first: 0, last: pageSize };
  /** Pages that answer the question as it is now. */
  // Nothing is drawn from it, so it need not be reactive.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  private readonly fresh = new Set<number>();
  private generation = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly application: Application) {
    const stop = application.runs.onChange((listing) => {
      if (listing) this.patch(listing);
      this.timer ??= setTimeout(() => this.refresh(), pause);
    });
    onDestroy(() => {
      stop();
      if (this.timer) clearTimeout(this.timer);
      this.generation++;
    });
  }

  ask(question: Question): void {
    this.question = question;
    this.refresh();
  }

  /** The rows from `first` up to `last` are in view. */
  show(first: number, last: number): void {
    this.view = { first, last };
    this.loadView();
  }

  /** The ids of all runs of the list from one row up to another. */
  async idsBetween(from: number, to: number): Promise<string[]> {
    if (!this.question) return [];
    const ids: string[] = [];
    for (let start = from; start < to; start += 1000) {
      const page = { from: start, count: Math.min(1000, to - start) };
      const ask = { ...this.question, columns: [], pictures: false, page };
      const { rows } = await this.application.client.runs.query(ask);
      for (const row of rows) if (row.kind !== "group") ids.push(row.id);
    }
    return ids;
  }

  private refresh(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.generation++;
    this.fresh.clear();
    this.loadView();
  }

  private loadView(): void {
    const last = Math.floor(Math.max(0, this.view.last - 1) / pageSize);
    for (
      let page = Math.floor(this.view.first / pageSize);
      page <= last;
      page++
    )
      if (!this.fresh.has(page)) void this.load(page);
  }

  private async load(page: number): Promise<void> {
    const { generation, question } = this;
    if (!question) return;
    this.fresh.add(page);
    const from = page * pageSize;
    try {
      // A run must not be missing because the tag that is asked for is still being saved.
      await this.application.runs.saves;
      const answer = await this.application.client.runs.query({
        ...question,
        page: { from, count: pageSize },
      });
      if (generation === this.generation) this.take(from, answer);
    } catch (error) {
      if (generation !== this.generation) return;
      this.problem = errorMessage(error);
      this.fresh.delete(page);
    }
  }

  private take(from: number, answer: RunPage): void {
    // What is known of other pages stays in view until they are asked for.
    const rows = Array.from(
      { length: answer.count },
      (_, index) => this.rows[index] ?? null,
    );
    rows.splice(from, answer.rows.length, ...answer.rows);
    this.rows = rows;
    this.matching = answer.matching;
    this.total = answer.total;
    this.problem = null;
    this.loaded = true;
  }

  /** A change shows before the list is asked for again. */
  private patch(listing: RunListing): void {
    const { question } = this;
    if (!question || listing.kind !== "run") return;
    const at = this.rows.findIndex(
      (row) => row?.kind === "run" && row.id === listing.record.id,
    );
    const row = this.rows.at(at);
    if (at < 0 || row?.kind !== "run") return;
    const cells = question.columns.map((column, index) =>
      isFromFiles(column)
        ? row.cells[index]
        : shortCell(readerOf(column)?.(listing) ?? null),
    );
    const { settings } = listing.record;
    const picture = newestGrid(settings, listing.samples);
    this.rows = this.rows.with(at, { ...row, cells, picture });
  }
}
