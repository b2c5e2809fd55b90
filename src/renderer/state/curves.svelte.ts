/**
 * The metrics of one run in full. The numbers stay outside Svelte's state; `revision` changes when they do, a few
 * times a second at most.
 */
import { decodeMetrics, fileUrls } from "../../shared/contract/files";
import type { MetricGroup } from "../../shared/contract/files";
import { MetricTable } from "../series/metric-table";

export class Curves {
  readonly table = new MetricTable();
  revision = $state(0);
  loaded = $state(false);
  private fetching: Promise<void> | null = null;
  private again = false;

  constructor(readonly run: string) {}

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
    this.table.clear();
    this.revision++;
  }

  private async fetchAll(): Promise<void> {
    do {
      this.again = false;
      const groups = await fetchMetrics(this.run, this.table.lastStep);
      if (this.table.append(groups)) this.revision++;
      this.loaded = true;
    } while (this.again);
  }
}

async function fetchMetrics(
  run: string,
  after: number,
): Promise<MetricGroup[]> {
  const response = await fetch(fileUrls.metrics(run, after));
  if (!response.ok)
    throw new Error(
      `The metrics of run ${run} could not be read (${response.status}).`,
    );
  return decodeMetrics(await response.arrayBuffer());
}
