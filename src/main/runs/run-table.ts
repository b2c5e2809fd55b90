/** Questions about many runs at once: pages of a table, the columns there are, the speed of a run like the next one. */
import { FilterError, parseFilter } from "../../shared/query/filter";
import { newestGrid } from "../../shared/grid-layout";
import type { RunPicture } from "../../shared/grid-layout";
import { tagOf } from "../../shared/metric-names";
import { parseColumn } from "../../shared/query/columns";
import type { Figure, QueriedRun } from "../../shared/query/columns";
import { columnOffers } from "../../shared/query/offers";
import type { ColumnOffer } from "../../shared/query/offers";
import {
  columnsToSelect,
  isFromFiles,
  rowReader,
  selectRuns,
} from "../../shared/query/page";
import type { Entry, RunPage, RunQuery } from "../../shared/query/page";
import type { RunRecord } from "../../shared/run";
import {
  besideOf,
  isAlike,
  measureNames,
  qualityMetric,
} from "../../shared/quality";
import { KnownSpeeds } from "../../shared/run-speed";
import type { TrainingSettings } from "../../shared/settings/settings";
import { folderSize } from "../disk/folder-size";
import { stepsIn } from "./checkpoints/checkpoints";
import { valueAt } from "./curves/value-at";
import { samplesFolder } from "./folder/layout";
import { RunError } from "./run-error";
import type { RunStore } from "./run-store";

export class RunTable {
  /** What curves say at a step, by run, for as long as the run stays as it is. */
  private readonly figures = new Map<
    string,
    { updatedAt: string; values: Map<string, Figure> }
  >();

  constructor(
    private readonly store: Pick<
      RunStore,
      "records" | "series" | "folder" | "qualities"
    >,
  ) {}

  /** Rejects with a sentence where the filter or a column cannot be understood. */
  async query(query: RunQuery): Promise<RunPage> {
    const runs = await this.store.records();
    try {
      return await this.page(runs, query);
    } catch (error) {
      if (error instanceof FilterError) throw new RunError(error.message);
      throw error;
    }
  }

  async columns(filter: string): Promise<ColumnOffer[]> {
    const runs = await this.store.records();
    try {
      return columnOffers(runs.filter(parseFilter(filter)));
    } catch (error) {
      if (error instanceof FilterError) throw new RunError(error.message);
      throw error;
    }
  }

  /** Steps a second of the newest run with the same networks and batch size; null where there is none. */
  async speed(settings: TrainingSettings): Promise<number | null> {
    const runs = await this.store.records();
    const records = runs.flatMap((run) =>
      run.kind === "run" ? run.record : [],
    );
    return new KnownSpeeds(records).like(settings);
  }

  private async page(
    runs: readonly QueriedRun[],
    query: RunQuery,
  ): Promise<RunPage> {
    const read = rowReader(query.columns);
    await this.readCurves(runs, columnsToSelect(query));
    const { entries, matching, total } = selectRuns(runs, query);
    const { from, count } = query.page;
    const shown = entries.slice(from, from + count);
    await this.readCurves(
      shown.filter((entry) => entry.kind === "run"),
      query.columns.filter(isFromFiles),
    );
    const rows = shown.map((entry) => {
      const row = read(entry);
      return row.kind === "run" && query.pictures
        ? { ...row, picture: this.picture(entry) }
        : row;
    });
    return { rows, count: entries.length, matching, total };
  }

  private picture(entry: Entry): RunPicture | null {
    if (entry.kind !== "run" || !entry.record.settings) return null;
    const { id, settings } = entry.record;
    const folder = samplesFolder(this.store.folder(id));
    return newestGrid(settings, stepsIn(folder, "png"));
  }

  /** One after another, because the curves of many long runs would not fit in memory together. */
  private async readCurves(
    runs: readonly QueriedRun[],
    columns: readonly string[],
  ): Promise<void> {
    if (columns.length === 0) return;
    for (const run of runs)
      if (run.kind === "run")
        run.figures = await this.atSteps(run.record, columns);
  }

  private async atSteps(
    record: RunRecord,
    columns: readonly string[],
  ): Promise<Map<string, Figure>> {
    const { id } = record;
    const updatedAt = `${record.updatedAt} ${record.progress.step}`;
    const known = this.figures.get(id);
    const values =
      known?.updatedAt === updatedAt ? known.values : new Map<string, Figure>();
    this.figures.set(id, { updatedAt, values });
    const missing = columns.filter((column) => !values.has(column));
    if (missing.length === 0) return values;
    if (missing.includes("disk"))
      values.set("disk", {
        value: await folderSize(this.store.folder(id)),
      });
    const isOfCurves = missing.some((name) => name !== "disk");
    const groups = isOfCurves
      ? await this.store.series(id, 0).catch(() => [])
      : [];
    for (const name of missing) {
      const column = parseColumn(name);
      if (column?.kind !== "metric") continue;
      const { metric, step } = column;
      // Where a run ended before the step it has no figure there.
      const isBeyond = record.progress.step < step;
      const tag = tagOf(record, metric) ?? metric;
      const value = isBeyond ? null : valueAt(groups, tag, step);
      const beside = await this.besideAt(id, metric, step);
      values.set(name, { value, beside });
    }
    return values;
  }

  /** What a measure of quality may not stand without, of the measurement that `valueAt` finds. */
  private async besideAt(
    id: string,
    metric: string,
    step: number,
  ): Promise<string | undefined> {
    const measure = measureNames.find((name) => qualityMetric(name) === metric);
    if (!measure) return undefined;
    const all = await this.store.qualities(id).catch(() => []);
    const at = all.findLast(
      (one) => one.step <= step && isAlike(one, all[all.length - 1]),
    );
    return at && besideOf(at.measures[measure], at);
  }
}
