/** Gathers the figures of many engine calls into blocks, so that events come a few times a second and no faster. */
import { stepMetrics } from "../../shared/metrics";
import type { StepMetric } from "../../shared/metrics";
import type { MetricBlock } from "../../shared/step";

export class MetricBuffer {
  private rows = 0;
  private capacity = 256;
  private readonly columns = stepMetrics.map(() => new Float32Array(256));
  private generatorUpdated = new Uint8Array(256);
  private times = new Float64Array(256);

  /** `firstStep` is the number of the next row, counted from 1; `tags` are the metrics that the run has. */
  constructor(
    private firstStep: number,
    private readonly tags: readonly StepMetric[] = stepMetrics,
  ) {}

  /** Adds the first `count` rows of an engine's answer; their ends are spread evenly over `from` ... `to`. */
  append(
    answer: readonly Float32Array[],
    generatorUpdates: readonly boolean[],
    count: number,
    [from, to]: readonly [number, number],
  ): void {
    while (this.rows + count > this.capacity) this.grow();
    this.columns.forEach((column, index) =>
      column.set(answer[index].subarray(0, count), this.rows),
    );
    const share = (to - from) / generatorUpdates.length;
    for (let row = 0; row < count; row++) {
      this.generatorUpdated[this.rows + row] = generatorUpdates[row] ? 1 : 0;
      this.times[this.rows + row] = from + share * (row + 1);
    }
    this.rows += count;
  }

  /** Everything since the last call, or null; the arrays are the caller's. */
  take(): MetricBlock | null {
    if (this.rows === 0) return null;
    const block: MetricBlock = {
      firstStep: this.firstStep,
      rows: this.rows,
      columns: this.columns.map((column) => column.slice(0, this.rows)),
      tags: this.tags,
      generatorUpdated: this.generatorUpdated.slice(0, this.rows),
      times: this.times.slice(0, this.rows),
    };
    this.firstStep += this.rows;
    this.rows = 0;
    return block;
  }

  private grow(): void {
    this.capacity *= 2;
    this.columns.forEach((column, index) => {
      this.columns[index] = new Float32Array(this.capacity);
      this.columns[index].set(column);
    });
    const { generatorUpdated, times } = this;
    this.generatorUpdated = new Uint8Array(this.capacity);
    this.generatorUpdated.set(generatorUpdated);
    this.times = new Float64Array(this.capacity);
    this.times.set(times);
  }
}
