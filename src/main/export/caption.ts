/** What is written beside a run's pictures: its name, and the settings and metrics that somebody chose. */
import type { Look } from "../../shared/contract/exports";
import { formatValue } from "../../shared/format-value";
import { parseColumn, readerOf } from "../../shared/query/columns";
import { columnTitle } from "../../shared/query/titles";
import { settingInWords } from "../../shared/settings/words";
import type { ExportRun } from "./job";

/** `Three-layer MLP  Seed 3  Batch size 64`. */
export function captionOf({ record }: ExportRun, { caption }: Look): string {
  const run = { kind: "run", record } as const;
  const facts = caption.map((name) => {
    const cell = readerOf(name)?.(run) ?? null;
    const column = parseColumn(name);
    const text =
      column?.kind === "setting"
        ? settingInWords(column.path, cell)
        : column?.kind === "metric"
          ? formatValue(Number(cell ?? NaN))
          : String(cell ?? "none");
    return `${columnTitle(name)} ${text}`;
  });
  return [record.name, ...facts].join("  ");
}
