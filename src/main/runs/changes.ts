/** How the parts of a library change its runs, and tell of it. */
import type { RunListing } from "../../shared/run";

export interface Changes {
  /** Of a change of ours everyone is told once; rejects with a RunError that begins with `what`. */
  make<T>(
    what: string,
    ids: readonly string[],
    work: () => Promise<T>,
  ): Promise<T>;
  tellChanged(id: string): Promise<RunListing>;
  tellRemoved(id: string): void;
}
