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

  /** Registers a file or folder on disk; gives it, or null where it cannot be read. */
  async add(path: string): Promise<DataSetListing | null> {
    const listing = await this.notices.guard(
      this.client.data.add({ path }),
      "Folders of images, ZIPs, IDX folders, .npy and .npz can be used.",
    );
    if (listing) await this.load();
    return listing;
  }

  private setPreview(key: string, state: PreviewState): void {
    this.previews.set(key, state);
  }
}

function keyOf(data: DataSettings): string {
  return JSON.stringify(data);
}
