/** Runs whose process is gone: offered once at launch. */
import type { RunStore } from "../runs/run-store";

/** Newest first. An unreadable library has none to offer: the window's own list says what is wrong with it. */
export async function findInterrupted(
  store: Pick<RunStore, "list">,
): Promise<string[]> {
  const listings = await store.list().catch(() => []);
  return listings.flatMap((listing) =>
    listing.kind === "run" && listing.record.state === "interrupted"
      ? [listing.record.id]
      : [],
  );
}
