/** How many images there are to train on under many settings: each data set is read once. */
import type { AppContract } from "../../shared/contract/index";
import type { Handlers } from "../../shared/rpc";
import type { DataSettings } from "../../shared/settings/settings";

/** Reads what has to be read, and then tells of each; null where it must be downloaded first. */
export type ImageCounts = (all: readonly DataSettings[]) => Promise<{
  counts(data: DataSettings): number | null;
  /** Titles of data sets that are downloaded first. */
  downloads: string[];
}>;

export function createImageCounts(
  data: Pick<Handlers<AppContract>["data"], "list" | "prepare">,
): ImageCounts {
  /** By what decides the number, but for the limit. */
  const known = new Map<string, number | null>();
  const keyOf = ({ classes, heldOut, source }: DataSettings) =>
    JSON.stringify([source, classes, heldOut]);

  return async (all) => {
    const listings = await data.list({});
    const downloads = new Set<string>();
    for (const one of all) {
      const listing = listings.find(({ source }) => source === one.source);
      if (listing?.state === "missing") downloads.add(listing.title);
      const key = keyOf(one);
      if (known.has(key)) continue;
      if (listing?.state === "missing") {
        if (one.classes === null) known.set(key, listing.count);
        continue;
      }
      const { count } = await data.prepare({ data: { ...one, limit: null } });
      known.set(key, count);
    }
    return {
      counts(one) {
        const count = known.get(keyOf(one)) ?? null;
        return count === null || one.limit === null
          ? count
          : Math.min(count, one.limit.count);
      },
      downloads: [...downloads],
    };
  };
}
