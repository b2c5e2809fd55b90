/** Every run of the library as the window knows it, kept up by events; changes are shown at once and taken back where they fail. */
import { SvelteMap } from "svelte/reactivity";
import type { AppClient } from "../../shared/contract/index";
import { idOf, isActive } from "../../shared/run";
import type { RunEdit, RunListing, RunRecord } from "../../shared/run";
import type { Notices } from "./notices.svelte";
import type { Undo } from "./undo.svelte";

export type ReadableRun = Extract<RunListing, { kind: "run" }>;
export type DamagedRun = Extract<RunListing, { kind: "damaged" }>;

type UnsavedEdits = Map<string, { edit: RunEdit; saving: number }>;

export class Runs {
  private readonly listings = new SvelteMap<string, RunListing>();
  /** Edits that are shown but not saved yet, and how many calls save them. */
  // Nothing is drawn from it, so it need not be reactive.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  private readonly unsaved: UnsavedEdits = new Map();
  private saves: Promise<unknown> = Promise.resolve();
  loaded = $state(false);

  /** Newest first. */
  readonly all = $derived(
    [...this.listings.values()].sort((a, b) => newest(a, b)),
  );
  readonly readable = $derived(
    this.all.filter((listing) => listing.kind === "run"),
  );
  readonly current = $derived(
    this.readable.filter((listing) => !listing.record.archived),
  );
  /** The run that trains, prepares or waits. */
  readonly active = $derived(
    this.readable.find((listing) => isActive(listing.record.state)) ?? null,
  );

  constructor(
    private readonly client: AppClient,
    private readonly notices: Notices,
    private readonly undo: Undo,
  ) {}

  async load(): Promise<void> {
    const list = await this.client.runs.list({});
    this.listings.clear();
    for (const listing of list) this.listings.set(idOf(listing), listing);
    this.loaded = true;
  }

  find(id: string): ReadableRun | null {
    const listing = this.listings.get(id);
    return listing?.kind === "run" ? listing : null;
  }

  /** Whether a run with this id is known, readable or not. */
  get(id: string): RunListing | null {
    return this.listings.get(id) ?? null;
  }

  /** What the application says of a run, with the edits that it has not heard of yet. */
  put(listing: RunListing): void {
    const edits = this.unsaved.get(idOf(listing))?.edit;
    this.listings.set(
      idOf(listing),
      edits && listing.kind === "run"
        ? { ...listing, record: { ...listing.record, ...edits } }
        : listing,
    );
  }

  drop(ids: readonly string[]): void {
    for (const id of ids) this.listings.delete(id);
  }

  /** Changes what a user may change of a run; it can be taken back. */
  edit(id: string, edit: RunEdit): Promise<void> {
    const shown = this.find(id);
    if (!shown) return Promise.resolve();
    const before = valuesBefore(shown.record, edit);
    this.undo.add({
      what: `the change of “${shown.record.name}”`,
      run: () => void this.apply(id, before),
    });
    return this.apply(id, edit);
  }

  /** Changes several runs at once, with a message that offers to take it back. */
  editAll(
    ids: readonly string[],
    editOf: (record: RunRecord) => RunEdit,
    text: string,
  ): void {
    const befores: [string, RunEdit][] = [];
    for (const id of ids) {
      const record = this.find(id)?.record;
      if (!record) continue;
      const edit = editOf(record);
      befores.push([id, valuesBefore(record, edit)]);
      void this.apply(id, edit);
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
    const shown = this.find(id);
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

function newest(a: RunListing, b: RunListing): number {
  return createdAt(b).localeCompare(createdAt(a));
}

function createdAt(listing: RunListing): string {
  return listing.kind === "run" ? listing.record.createdAt : "";
}
