/** The curves of any run in a library: from the cache for one at rest, from its growing event file for one under way. */
import { join } from "node:path";
import type { FileLayer } from "../../disk/file-layer";
import { cacheFolder, lockFile } from "../folder/layout";
import { lockHolder } from "../../disk/lock";
import { MetricSeries, readSeries } from "./metric-series";
import type { SeriesReading } from "./metric-series";

export class Curves {
  /** Of runs under way, so that only what grew is read. */
  private readonly growing = new Map<string, MetricSeries>();
  private readonly warned = new Set<string>();

  constructor(
    private readonly files: FileLayer,
    private readonly place: { readonly library: string },
    private readonly warn: (run: string, text: string) => void,
  ) {}

  /** Warns once of damaged places. Rejects where the folder cannot be read. */
  async read(id: string, folder: string): Promise<SeriesReading> {
    const reading = await this.readSeries(id, folder);
    this.warnOfDamage(id, reading);
    return reading;
  }

  /** After a run has ended: makes its cache, so that its first opening is as quick as every other. */
  async prepare(id: string, folder: string): Promise<void> {
    // Whoever opens the run is told what cannot be read.
    await this.readSeries(id, folder).catch(() => undefined);
  }

  private async readSeries(id: string, folder: string): Promise<SeriesReading> {
    if ((await lockHolder(lockFile(folder))) === null) {
      this.growing.delete(id);
      const path = join(cacheFolder(this.place.library), `${id}.metrics`);
      return readSeries(folder, { files: this.files, path });
    }
    const series = this.growing.get(id) ?? new MetricSeries(folder);
    this.growing.set(id, series);
    return series.read();
  }

  private warnOfDamage(id: string, { damaged }: SeriesReading): void {
    if (damaged === 0 || this.warned.has(id)) return;
    this.warned.add(id);
    const places = damaged === 1 ? "one place" : `${damaged} places`;
    this.warn(
      id,
      `The event file of ${id} is damaged in ${places}; the steps there are not shown.`,
    );
  }
}
