/**
 * The runs that the window has to do with, each read when it is first asked for and kept up by events; changes are shown
 * at once and taken back where they fail. Lists of runs are asked for by the page: `run-pages.svelte.ts`.
 */
import { SvelteMap, SvelteSet } from "svelte/reactivity";
import type { AppClient } from "../../shared/contract/index";
import { idOf, isActive } from "../../shared/run";
import type { RunEdit, RunListing, RunRecord } from "../../shared/run";
import type { Notices } from "./notices.svelte";
import type { Undo } from "./undo.svelte";

export type ReadableRun = Extract<RunListing, { kind: "run" }>;

type UnsavedEdits = Map<string, { edit: RunEdit; saving: number }>;

/** Null: the run is gone, or any may have changed. */
type ChangeListener = (changed: RunListing | null) => void;

/** As many as one call takes. */
const atOnce = 200;

export class Runs {
  private readonly listings = new SvelteMap<string, RunListing>();
  /** Runs that are asked for now. */
  // Nothing is drawn from these, so they need not be reactive.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  private readonly asked = new Map<string, Promise<void>>();
  /** Edits that are shown but not saved yet, and how many calls save them. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  private readonly unsaved: UnsavedEdits = new Map();
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  private readonly listeners = new Set<ChangeListener>();
  private readonly missing = new SvelteSet<string>();
  private waiting: string[] = [];
  private batch: Promise<void> | null = null;
  /** Grows with each load, after which what could not be read is asked for again. */
  private loads = $state(0);
  /** Settles when every edit so far is saved, or has failed. */
  saves: Promise<unknown> = Promise.resolve();
  loaded = $state(false);
  /** How many there were when they were counted. */
  private counted = $state(0);
  /** Whether any of them is the user's own, and no example. */
  hasOwn = $state(false);
  /** The newest that can be read and is not in the archive, or null. */
  newest = $state<string | null>(null);

  /** How many there are in the library: those that have begun since are known one by one. */
  readonly total = $derived(Math.max(this.counted, this.listings.size));
  /** The runs that train, prepare or are paused. */
  readonly underWay = $derived(
    [...this.listings.values()]
      .filter((listing) => listing.kind === "run")
      .filter(({ record }) => isActive(record.state)),
  );
  /** The first of them, or null. */
  readonly active = $derived(this.underWay.at(0) ?? null);

  constructor(
    private readonly client: AppClient,
    private readonly notices: Notices,
    private readonly undo: Undo,
  ) {}

  /** How many there are, which one trains, and what is known already as it is now. */
  async load(): Promise<void> {
    const { rows, total } = await this.client.runs.query({
      columns: ["state"],
      filter: "archived:no",
      page: { from: 0, count: 20 },
    });
    this.counted = total;
    this.hasOwn = await this.findOwn();
    const found = rows.filter((row) => row.kind === "run");
    this.newest = found.at(0)?.id ?? null;
    const active = found.filter(({ cells: [state] }) =>
      isActive(state as RunRecord["state"]),
    );
    this.missing.clear();
    const others = active.filter(({ id }) => !this.listings.has(id));
    await this.read([...this.listings.keys(), ...others.map(({ id }) => id)]);
    this.loaded = true;
    this.loads++;
    this.tell(null);
  }

  private async findOwn(): Promise<boolean> {
    const { matching } = await this.client.runs.query({
      columns: [],
      filter: "example:no",
      page: { from: 0, count: 1 },
    });
    return matching > 0;
  }

  /** Null until it is known, which asking for it brings about; for one that cannot be read too. */
  find(id: string): ReadableRun | null {
    const listing = this.get(id);
    return listing?.kind === "run" ? listing : null;
  }

  /** The same for a run that may be damaged. */
  get(id: string): RunListing | null {
    const listing = this.listings.get(id);
    if (!listing && this.loads >= 0 && !this.missing.has(id))
      void this.want(id);
    return listing ?? null;
  }

  /** Only what is known already. */
  peek(id: string): ReadableRun | null {
    const listing = this.listings.get(id);
    return listing?.kind === "run" ? listing : null;
  }

  /** Whether it is certain that there is no such run. */
  isMissing(id: string): boolean {
    return this.missing.has(id);
  }

  /** Of those that are there and can be read. */
  async fetch(ids: readonly string[]): Promise<ReadableRun[]> {
    await Promise.all(
      ids.map((id) => (this.listings.has(id) ? null : this.want(id))),
    );
    return ids.flatMap((id) => this.peek(id) ?? []);
  }

  /** Gives the function that stops listening. */
  onChange(listener: ChangeListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Asked for with all others that are wanted at this moment. */
  private want(id: string): Promise<void> {
    const asked = this.asked.get(id);
    if (asked) return asked;
    this.batch ??= Promise.resolve().then(() => this.readBatch());
    this.waiting.push(id);
    this.asked.set(id, this.batch);
    return this.batch;
  }

  private async readBatch(): Promise<void> {
    const ids = this.waiting;
    this.waiting = [];
    this.batch = null;
    await this.notices.guard(this.read(ids));
    for (const id of ids) this.asked.delete(id);
  }

  private async read(ids: readonly string[]): Promise<void> {
    for (let from = 0; from < ids.length; from += atOnce) {
      const some = ids.slice(from, from + atOnce);
      const found = await this.client.runs.list({ ids: some });
      for (const listing of found) this.keep(listing);
      const there = found.map(idOf);
      for (const id of some)
        if (!there.includes(id)) {
          this.listings.delete(id);
          this.missing.add(id);
        }
    }
  }

  /** What the application says of a run, with the edits that it has not heard of yet. */
  put(listing: RunListing): void {
    this.keep(listing);
    this.tell(this.listings.get(idOf(listing)) ?? null);
  }

  private keep(listing: RunListing): void {
    const edits = this.unsaved.get(idOf(listing))?.edit;
    this.missing.delete(idOf(listing));
    if (listing.kind === "damaged" || !listing.record.example)
      this.hasOwn = true;
    this.listings.set(
      idOf(listing),
      edits && listing.kind === "run"
        ? { ...listing, record: { ...listing.record, ...edits } }
        : listing,
    );
  }

  drop(ids: readonly string[]): void {
    for (const id of ids) {
      this.listings.delete(id);
      this.missing.add(id);
    }
    this.tell(null);
  }

  private tell(changed: RunListing | null): void {
    for (const listener of this.listeners) listener(changed);
  }

  /** Changes what a user may change of a run; it can be taken back. */
  async edit(id: string, edit: RunEdit): Promise<void> {
    const [shown] = await this.fetch([id]);
    if (!shown) return;
    const before = valuesBefore(shown.record, edit);
    this.undo.add({
      what: `the change of “${shown.record.name}”`,
      run: () => void this.apply(id, before),
    });
    return this.apply(id, edit);
  }

  /** Changes several runs at once, with a message that offers to take it back. */
  async editAll(
    ids: readonly string[],
    editOf: (record: RunRecord) => RunEdit,
    text: string,
  ): Promise<void> {
    const befores: [string, RunEdit][] = [];
    for (const { record } of await this.fetch(ids)) {
      const edit = editOf(record);
      befores.push([record.id, valuesBefore(record, edit)]);
      void this.apply(record.id, edit);
    }
    this.undo.offer(this.notices, text, () => {
      for (const [id, before] of befores) void this.apply(id, before);
    });
  }

  /** “First try”, or how many. */
  nameOf(ids: readonly string[]): string {
    return ids.length === 1
      ? `“${this.find(ids[0])?.record.name ?? ids[0]}”`
      : `${ids.length} runs`;
  }

  private async apply(id: string, edit: RunEdit): Promise<void> {
    const shown = this.peek(id);
    if (!shown) return;
    const unsaved = this.unsaved.get(id) ?? { edit: {}, saving: 0 };
    unsaved.edit = { ...unsaved.edit, ...edit };
    unsaved.saving++;
    this.unsaved.set(id, unsaved);
    this.put(shown);
    const saved = await this.notices.guard(this.save(id, edit));
    if (--unsaved.saving === 0) this.unsaved.delete(id);
    const listing =
      saved ?? (await this.client.runs.get({ id }).catch(() => null));
    if (listing) this.put(listing);
  }

  private save(id: string, edit: RunEdit): Promise<RunListing> {
    const saving = this.client.runs.edit({ id, edit });
    this.saves = Promise.allSettled([this.saves, saving]);
    return saving;
  }

  /** Moves runs to the trash, with a message that offers to bring them back. */
  async remove(ids: string[]): Promise<void> {
    const text = `${this.nameOf(ids)} ${ids.length === 1 ? "is" : "are"} in the trash.`;
    // An edit under way would miss a run that is gone.
    await this.saves;
    const gone = await this.notices.guard(
      this.client.runs.remove({ ids }).then(() => true),
    );
    if (!gone) return;
    this.drop(ids);
    this.undo.offer(this.notices, text, () => void this.restore(ids));
  }

  async restore(ids: string[]): Promise<void> {
    await this.notices.guard(this.client.runs.restore({ ids }));
    await this.notices.guard(this.load());
  }
}

/** What an edit overwrites. */
function valuesBefore(record: RunRecord, edit: RunEdit): RunEdit {
  const keys = Object.keys(edit) as (keyof RunEdit)[];
  return Object.fromEntries(keys.map((key) => [key, record[key]]));
}
