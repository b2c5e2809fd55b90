/** The history table: what is asked for, what is selected, where the keyboard stands. */
import { SvelteSet } from "svelte/reactivity";
import { z } from "zod";
import { everything, historyRows, keyOf, statistics } from "../history-query";
import type {
  HistoryQuery,
  HistoryRow,
  SortKey,
  ValueAtStep,
} from "../history-query";
import type { Application } from "./application.svelte";
import { StepValues } from "./step-values.svelte";

/** What is remembered of the table between launches. */
const remembered = z.object({
  sort: z.enum([
    "name",
    "state",
    "preset",
    "data",
    "step",
    "created",
    "metric",
  ]),
  descending: z.boolean(),
  metric: z.string(),
  statistic: z.enum(statistics),
  atStep: z.number(),
  group: z.enum(["none", "preset", "data", "state", "group"]),
});

export class History {
  query = $state.raw<HistoryQuery>(everything);
  readonly selected = new SvelteSet<string>();
  private readonly stepValues: StepValues;
  /** The row with the focus, which keeps it while others come and go, and where it stood. */
  private focus = $state.raw({ key: "", index: 0 });
  /** Where a range of Shift-clicks begins. */
  private anchor = "";

  constructor(private readonly application: Application) {
    this.stepValues = new StepValues(application.client);
    const kept = application.preferences.get("history", remembered, everything);
    this.query = { ...everything, ...kept };
    this.loadStepValues();
  }

  readonly atStep: ValueAtStep = (run) => this.stepValues.get(run);
  readonly rows: HistoryRow[] = $derived.by(() =>
    historyRows(this.application.runs.all, this.query, this.atStep),
  );
  /** The index of the row with the focus; of its heir where it is gone, of the first run below a heading. */
  readonly active: number = $derived.by(() => {
    const known = this.indexOf(this.focus.key);
    const at = known >= 0 ? known : this.focus.index;
    const isHeading = this.rows[at]?.kind === "group";
    return Math.max(0, Math.min(isHeading ? at + 1 : at, this.rows.length - 1));
  });
  readonly activeRow = $derived.by(() => this.rows.at(this.active) ?? null);
  /** Selected runs that are shown, in the order of the table. */
  readonly selection: string[] = $derived.by(() =>
    this.rows.flatMap((row) =>
      row.kind === "run" && this.selected.has(row.run.record.id)
        ? [row.run.record.id]
        : [],
    ),
  );

  ask(change: Partial<HistoryQuery>): void {
    this.query = { ...this.query, ...change };
    this.focusOn(0);
    if ("metric" in change || "statistic" in change || "atStep" in change)
      this.loadStepValues();
    const kept = remembered.parse(this.query);
    this.application.preferences.set("history", kept);
  }

  private loadStepValues(): void {
    const { atStep, metric, statistic } = this.query;
    if (statistic !== "step" || !Number.isFinite(atStep)) return;
    const { notices, runs } = this.application;
    const ids = runs.readable.map(({ record }) => record.id);
    void notices.guard(this.stepValues.load(ids, metric, atStep));
  }

  /** Sorts by a column; again turns it round. Figures and dates begin with the largest. */
  sortBy(sort: SortKey): void {
    const same = this.query.sort === sort;
    const descending = ["step", "created", "metric"].includes(sort);
    this.ask({ sort, descending: same ? !this.query.descending : descending });
  }

  toggle(index: number): void {
    const row = this.rows.at(index);
    this.focusOn(index);
    this.anchor = this.focus.key;
    if (row?.kind !== "run") return;
    const { id } = row.run.record;
    if (!this.selected.delete(id)) this.selected.add(id);
  }

  /** Selects everything from the last chosen row to this one. */
  extendTo(index: number): void {
    const anchor = Math.max(0, this.indexOf(this.anchor));
    const [from, to] = [anchor, index].sort((a, b) => a - b);
    for (const row of this.rows.slice(from, to + 1))
      if (row.kind === "run") this.selected.add(row.run.record.id);
    this.focusOn(index);
  }

  focusOn(index: number): void {
    const row = this.rows.at(index);
    this.focus = { key: row ? keyOf(row) : "", index };
  }

  private indexOf(key: string): number {
    return this.rows.findIndex((row) => keyOf(row) === key);
  }

  /** Moves the focus, past headings. */
  move(by: number): void {
    let next = this.active;
    do next += Math.sign(by);
    while (this.rows[next]?.kind === "group");
    next = Math.abs(by) > 1 ? this.active + by : next;
    this.focusOn(Math.max(0, Math.min(this.rows.length - 1, next)));
    this.anchor = this.focus.key;
  }

  toggleAll(): void {
    const all = this.rows.flatMap((row) =>
      row.kind === "run" ? [row.run.record.id] : [],
    );
    const isFull = all.every((id) => this.selected.has(id));
    this.selected.clear();
    if (!isFull) for (const id of all) this.selected.add(id);
  }
}
