import type { RunRecord } from "../shared/run";

/** What a run trained on, or an empty text where that is not known. */
export function dataTitle(
  record: Pick<RunRecord, "data" | "settings">,
): string {
  return record.data?.title ?? record.settings?.data.source ?? "";
}
