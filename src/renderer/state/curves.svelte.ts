/**
 * The metrics of one run in full. The numbers stay outside Svelte's state; `revision` changes when they do, a few
 * times a second at most.
 */
import { decodeMetrics, fileUrls } from "../../shared/contract/files";
import type { MetricGroup } from "../../shared/curves/metric-group";
import { MetricTable } from "../../shared/curves/metric-table";

/** A run of more steps is first shown at a glance. */
const longFrom = 20_000;

export class Curves {
  /** What is shown: all there is, or an overview of it while that is on its way. */
  table = new MetricTable();
  private readonly all = this.table;
  revision = $state(0);
  loaded = $state(false);
  private fetching: Promise<void> | null = null;
  private again = false;

  constructor(readonly run: string) {}

  /** Fetches everything; of a long run an overview before it. Rejects with a sentence. */
  async open(steps: number, smoothing: number): Promise<void> {
    if (!this.loaded && !this.fetching && steps > longFrom)
      await this.fetchOverview(smoothing);
    await this.refresh();
  }

  /** Fetches what is new; calls during a fetch lead to one more. Rejects with a sentence. */
  refresh(): Promise<void> {
    if (this.fetching) {
      this.again = true;
      return this.fetching;
    }
    this.fetching = this.fetchAll().finally(() => {
      this.fetching = null;
    });
    return this.fetching;
  }

  /** After a run was taken up again from an earlier step: everything beyond is read anew. */
  restart(): void {
    this.all.clear();
    this.table = this.all;
    this.revision++;
  }

  /** Whatever goes wrong with it goes wrong again, and is told, with what it stands in for. */
  private async fetchOverview(smoothing: number): Promise<void> {
    const groups = await fetchGroups(
      this.run,
      fileUrls.overview(this.run, smoothing),
    ).catch(() => null);
    if (!groups || this.loaded) return;
    this.table = MetricTable.ofOverview(groups, smoothing);
    this.revision++;
  }

  private async fetchAll(): Promise<void> {
    do {
      this.again = false;
      const address = fileUrls.metrics(this.run, this.all.lastStep);
      const grew = this.all.append(await fetchGroups(this.run, address));
      if (grew || this.table !== this.all) this.revision++;
      this.table = this.all;
      this.loaded = true;
    } while (this.again);
  }
}

async function fetchGroups(
  run: string,
  address: string,
): Promise<MetricGroup[]> {
  const response = await fetch(address);
  if (!response.ok)
    throw new Error(
      `The metrics of run ${run} could not be read (${response.status}).`,
    );
  return decodeMetrics(await response.arrayBuffer());
}
