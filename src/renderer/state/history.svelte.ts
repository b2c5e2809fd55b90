/** The history's table: what is asked for, what is selected, where the keyboard stands. */
import { SvelteSet } from "svelte/reactivity";
import { quoted } from "../../shared/query/filter";
import { parseColumn } from "../../shared/query/columns";
import type { PageRow, SortTerm } from "../../shared/query/page";
import type { Application } from "./application.svelte";
import { ColumnOffers } from "./column-offers.svelte";
import {
  differingColumns,
  historyViewSchema,
  namedViewsSchema,
  nameWidth,
  plainView,
  usualWidth,
} from "./history-view";
import type { HistoryView, NamedView } from "./history-view";
import { keyOf, RunPages } from "./run-pages.svelte";

/** Pixels; narrower cells say nothing. */
const narrowest = 56;
/** Read with every row, before the columns that are chosen. */
export const rowColumns = ["name", "starred", "tags", "color", "state"];

export class History {
  view = $state.raw<HistoryView>(plainView);
  views = $state.raw<readonly NamedView[]>([]);
  /** What stands in the filter's field and is not a term yet. */
  typed = $state("");
  readonly pages: RunPages;
  readonly offers: ColumnOffers;
  readonly selected = new SvelteSet<string>();
  private readonly folded = new SvelteSet<string>();
  /** The row with the focus, which keeps it while others come and go, and where it stood. */
  private focus = $state.raw({ key: "", index: 0 });
  /** Where a range of Shift-clicks begins. */
  private anchor = "";

  constructor(private readonly application: Application) {
    const { preferences } = application;
    this.pages = new RunPages(application);
    this.offers = new ColumnOffers(application);
    this.view = preferences.get("history-table", historyViewSchema, plainView);
    this.views = preferences.get("history-views", namedViewsSchema, []);
    $effect(() => this.offers.ask(this.filter));
    $effect(() => {
      // The first table is made when it is known what differs.
      if (this.view.columns === null && !this.offers.loaded) return;
      this.pages.ask({
        columns: [...rowColumns, ...this.columns],
        filter: `${this.filter} ${wholeTerms(this.typed)}`.trim(),
        sort: [...this.view.sort],
        group: this.view.group,
        folded: [...this.folded],
        pictures: true,
      });
    });
  }

  /** Runs in the archive are shown where they are asked for. */
  readonly filter: string = $derived.by(() => {
    const { terms } = this.view;
    const isAsked = terms.some((term) => /^-?archived\s*[:=!]/.test(term));
    return [...terms, ...(isAsked ? [] : ["archived:no"])].join(" ");
  });
  readonly columns: readonly string[] = $derived.by(
    () => this.view.columns ?? differingColumns(this.offers.all),
  );
  readonly rows: readonly (PageRow | null)[] = $derived.by(
    () => this.pages.rows,
  );
  /** The index of the row with the focus; of its heir where it is gone. */
  readonly active: number = $derived.by(() => {
    const known = this.indexOf(this.focus.key);
    const at = known >= 0 ? known : this.focus.index;
    return Math.max(0, Math.min(at, this.rows.length - 1));
  });
  readonly activeRow: PageRow | null = $derived.by(
    () => this.rows.at(this.active) ?? null,
  );

  widthOf(column: string): number {
    return (
      this.view.widths[column] ??
      (column === "name" ? nameWidth : usualWidth(column))
    );
  }

  /** Changes the table, and remembers it. */
  ask(change: Partial<HistoryView>): void {
    this.view = { ...this.view, ...change };
    if ("sort" in change || "group" in change || "terms" in change)
      this.focusOn(0);
    if ("group" in change) this.folded.clear();
    this.application.preferences.set("history-table", this.view);
  }

  resize(column: string, pixels: number | null): void {
    const others = Object.fromEntries(
      Object.entries(this.view.widths).filter(([name]) => name !== column),
    );
    const width =
      pixels === null
        ? {}
        : { [column]: Math.round(Math.max(narrowest, Math.min(pixels, 1000))) };
    this.ask({ widths: { ...others, ...width } });
  }

  /** Moves a column to the place of another, or by some places. */
  move(column: string, to: string | number): void {
    const columns = this.columns.filter((one) => one !== column);
    const from = this.columns.indexOf(column);
    const at =
      typeof to === "number"
        ? Math.max(0, Math.min(from + to, columns.length))
        : this.columns.indexOf(to);
    if (from < 0 || at < 0) return;
    this.ask({ columns: columns.toSpliced(at, 0, column) });
  }

  show(column: string, shown: boolean): void {
    const others = this.columns.filter((one) => one !== column);
    this.ask({ columns: shown ? [...others, column] : others });
  }

  /** Sorts by a column, then turns it round, then leaves it out; `add` keeps what it was sorted by before. */
  sortBy(column: string, add: boolean): void {
    const before = this.sortOf(column);
    const first = isLargestFirst(column);
    const term: SortTerm | null = !before
      ? { column, descending: first }
      : before.descending === first
        ? { column, descending: !first }
        : null;
    const others = this.view.sort.filter((one) => one.column !== column);
    if (!add) this.ask({ sort: term ? [term] : [] });
    else if (before && term)
      this.ask({
        sort: this.view.sort.map((one) => (one.column === column ? term : one)),
      });
    else this.ask({ sort: [...others, ...(term ? [term] : [])].slice(0, 5) });
  }

  sortOf(column: string): SortTerm | null {
    return this.view.sort.find((term) => term.column === column) ?? null;
  }

  addTerms(terms: readonly string[]): void {
    const { terms: known } = this.view;
    const others = terms.filter((term) => !known.includes(term));
    this.ask({ terms: [...known, ...others].slice(0, 40) });
  }

  removeTerm(index: number): void {
    this.ask({ terms: this.view.terms.toSpliced(index, 1) });
  }

  hasTerm(term: string): boolean {
    return this.view.terms.includes(term);
  }

  /** A switch that is a term of the filter. */
  setTerm(term: string, on: boolean): void {
    if (on) this.addTerms([term]);
    else this.ask({ terms: this.view.terms.filter((one) => one !== term) });
  }

  /** Only runs with this value. */
  narrowTo(column: string, value: string): void {
    this.addTerms([`${column}=${value === "" ? "none" : quoted(value)}`]);
  }

  /** Replaces the view of that name. */
  keepView(name: string): void {
    const others = this.views.filter((one) => one.name !== name);
    this.setViews([...others, { name, view: this.view }]);
  }

  dropView(name: string): void {
    this.setViews(this.views.filter((one) => one.name !== name));
  }

  private setViews(views: NamedView[]): void {
    this.views = views.sort((a, b) => a.name.localeCompare(b.name));
    this.application.preferences.set("history-views", this.views);
  }

  fold(key: string): void {
    if (!this.folded.delete(key)) this.folded.add(key);
  }

  toggle(index: number): void {
    const row = this.rows.at(index);
    this.focusOn(index);
    this.anchor = this.focus.key;
    if (row && row.kind !== "group" && !this.selected.delete(row.id))
      this.selected.add(row.id);
  }

  /** Selects everything from the last chosen row to this one. */
  async extendTo(index: number): Promise<void> {
    const anchor = Math.max(0, this.indexOf(this.anchor));
    const [from, to] = [anchor, index].sort((a, b) => a - b);
    this.focusOn(index);
    const ids = await this.application.notices.guard(
      this.pages.idsBetween(from, to + 1),
    );
    for (const id of ids ?? []) this.selected.add(id);
  }

  readonly allSelected: boolean = $derived.by(
    () => this.selected.size > 0 && this.selected.size >= this.pages.matching,
  );

  async toggleAll(): Promise<void> {
    const isFull = this.allSelected;
    this.selected.clear();
    if (isFull) return;
    const ids = await this.application.notices.guard(
      this.pages.idsBetween(0, this.rows.length),
    );
    for (const id of ids ?? []) this.selected.add(id);
  }

  focusOn(index: number): void {
    const row = this.rows.at(index) ?? null;
    this.focus = { key: row ? keyOf(row, index) : "", index };
  }

  private indexOf(key: string): number {
    return this.rows.findIndex(
      (row, index) => row !== null && keyOf(row, index) === key,
    );
  }

  /** Moves the focus; with `extend` it selects on its way. */
  step(by: number, extend = false): void {
    const next = Math.max(0, Math.min(this.active + by, this.rows.length - 1));
    if (extend) {
      if (this.indexOf(this.anchor) < 0)
        this.anchor = keyOf(this.activeRow, this.active);
      void this.extendTo(next);
      return;
    }
    this.focusOn(next);
    this.anchor = this.focus.key;
  }
}

/** What is typed counts at once, but not while its value is missing or its quotation mark is open. */
function wholeTerms(typed: string): string {
  const isOpen = typed.split('"').length % 2 === 0;
  return isOpen || /[:<>=!-]\s*$/.test(typed) ? "" : typed;
}

/** Figures and dates begin with the largest. */
function isLargestFirst(name: string): boolean {
  const column = parseColumn(name);
  return (
    column?.kind === "plain" &&
    ["created", "updated", "step", "duration", "speed", "starred"].includes(
      column.name,
    )
  );
}
