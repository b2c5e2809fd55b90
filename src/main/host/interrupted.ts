/** Runs whose process is gone: offered once at launch, but for those that the queue takes up by itself. */
import type { RunStore } from "../runs/run-store";

/** Newest first. An unreadable library has none to offer: the window's own list says what is wrong with it. */
export async function findInterrupted(
  store: Pick<RunStore, "records">,
  queued: readonly string[],
): Promise<string[]> {
  const listings = await store.records().catch(() => []);
  return listings.flatMap((listing) =>
    listing.kind === "run" &&
    listing.record.state === "interrupted" &&
    !queued.includes(listing.record.id)
      ? [listing.record.id]
      : [],
  );
}
