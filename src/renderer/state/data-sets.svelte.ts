/** The data sets that can be chosen, and the facts of those that were looked at. */
import { SvelteMap } from "svelte/reactivity";
import type { DataPreview, DataSetListing } from "../../shared/contract/data";
import type { AppClient } from "../../shared/contract/index";
import { errorMessage } from "../../shared/errors";
import type { DataSettings } from "../../shared/settings/settings";
import type { Notices } from "./notices.svelte";

export type PreviewState =
  | { kind: "loading" }
  | { kind: "ready"; preview: DataPreview }
  | { kind: "failed"; reason: string };

export class DataSets {
  list = $state.raw<readonly DataSetListing[]>([]);
  loaded = $state(false);
  /** Why what was chosen last cannot be used; it is shown where data sets are chosen until it is dismissed. */
  refusal = $state<string | null>(null);
  private readonly previews = new SvelteMap<string, PreviewState>();

  constructor(
    private readonly client: AppClient,
    private readonly notices: Notices,
  ) {}

  async load(): Promise<void> {
    const list = await this.notices.guard(this.client.data.list({}));
    if (list) [this.list, this.loaded] = [list, true];
  }

  find(source: string): DataSetListing | null {
    return this.list.find((listing) => listing.source === source) ?? null;
  }

  /** What is known of the images that these settings give; asks once. */
  preview(data: DataSettings): PreviewState {
    return this.previews.get(keyOf(data)) ?? { kind: "loading" };
  }

  async loadPreview(data: DataSettings): Promise<void> {
    const key = keyOf(data);
    const known = this.previews.get(key);
    if (known && known.kind !== "failed") return;
    this.setPreview(key, { kind: "loading" });
    try {
      const preview = await this.client.data.preview({ data });
      this.setPreview(key, { kind: "ready", preview });
    } catch (error) {
      const reason = errorMessage(error);
      this.setPreview(key, { kind: "failed", reason });
    }
  }

  /** Registers a file or folder on disk; gives it, or null and the refusal where it cannot be used. */
  async add(path: string): Promise<DataSetListing | null> {
    this.refusal = null;
    try {
      const listing = await this.client.data.add({ path });
      await this.load();
      return listing;
    } catch (error) {
      this.refusal = errorMessage(error);
      return null;
    }
  }

  private setPreview(key: string, state: PreviewState): void {
    this.previews.set(key, state);
  }
}

function keyOf(data: DataSettings): string {
  return JSON.stringify(data);
}
