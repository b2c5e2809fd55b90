/** The history table: what is asked for, what is selected, where the keyboard stands. */
import { SvelteSet } from "svelte/reactivity";
import { z } from "zod";
import { everything, historyRows, statistics } from "../history-query";
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
  /** The index of the row with the focus. */
  active = $state(0);
  /** Where a range of Shift-clicks begins. */
  private anchor = 0;

  constructor(private readonly application: Application) {
    this.stepValues = new StepValues(application.client);
    const kept = application.preferences.get("history", remembered, everything);
    this.query = { ...everything, ...kept };
    this.loadStepValues();
  }

  readonly atStep: ValueAtStep = (run) => this.stepValues.get(run);
  readonly rows: HistoryRow[] = $derived.by(() =>
    historyRows(this.application.runs.readable, this.query, this.atStep),
  );
  readonly activeRun = $derived.by(() => {
    // Where the focus is on a heading, its first run is meant.
    const row = this.rows[this.active];
    const run = row?.kind === "group" ? this.rows[this.active + 1] : row;
    return run?.kind === "run" ? run.run : null;
  });
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
    this.active = 0;
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
    const row = this.rows[index];
    this.active = this.anchor = index;
    if (row?.kind !== "run") return;
    const { id } = row.run.record;
    if (!this.selected.delete(id)) this.selected.add(id);
  }

  /** Selects everything from the last chosen row to this one. */
  extendTo(index: number): void {
    const [from, to] = [this.anchor, index].sort((a, b) => a - b);
    for (const row of this.rows.slice(from, to + 1))
      if (row.kind === "run") this.selected.add(row.run.record.id);
    this.active = index;
  }

  /** Moves the focus, past headings. */
  move(by: number): void {
    let next = this.active;
    do next += Math.sign(by);
    while (this.rows[next]?.kind === "group");
    next = Math.abs(by) > 1 ? this.active + by : next;
    this.active = Math.max(0, Math.min(this.rows.length - 1, next));
    this.anchor = this.active;
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
