/** Rows that carry the same tags in the same order, as columns that grow; and such rows joined to metric groups. */
import type { MetricGroup } from "../../../../shared/curves/metric-group";
import { isSingle } from "../../../../shared/curves/column";
import type { Column } from "../../../../shared/curves/column";

export class RowKind {
  count = 0;
  private order = new Float64Array(16);
  private steps = new Float64Array(16);
  private times = new Float64Array(16);
  private values: Column[];

  constructor(
    readonly name: string,
    readonly tags: string[],
  ) {
    this.values = tags.map(() => new Float32Array(16));
  }

  push(
    order: number,
    row: { step: number; time: number },
    valueOf: (index: number) => number,
  ): void {
    const at = this.count++;
    if (at === this.steps.length) this.grow();
    this.order[at] = order;
    this.steps[at] = row.step;
    this.times[at] = row.time;
    for (let index = 0; index < this.values.length; index++)
      this.values[index][at] = valueOf(index);
  }

  /** Before a row whose values are not in single precision: its columns hold them whole from now on. */
  widenFor(valueOf: (index: number) => number): void {
    this.values = this.values.map((column, index) =>
      column instanceof Float32Array && !isSingle(valueOf(index))
        ? Float64Array.from(column)
        : column,
    );
  }

  dropFrom(step: number): void {
    const first = this.steps
      .subarray(0, this.count)
      .findIndex((s) => s >= step);
    if (first >= 0) this.count = first;
  }

  get rows(): {
    order: Float64Array;
    steps: Float64Array;
    times: Float64Array;
  } {
    return {
      order: this.order.subarray(0, this.count),
      steps: this.steps.subarray(0, this.count),
      times: this.times.subarray(0, this.count),
    };
  }

  column(tag: string): Column {
    return this.values[this.tags.indexOf(tag)].subarray(0, this.count);
  }

  private grow(): void {
    this.order = doubled(this.order);
    this.steps = doubled(this.steps);
    this.times = doubled(this.times);
    this.values = this.values.map((column) =>
      column instanceof Float32Array ? doubledSingle(column) : doubled(column),
    );
  }
}

/** One group of the rows of several kinds, in the order in which they came. */
export function mergeKinds(tags: string[], kinds: RowKind[]): MetricGroup {
  if (kinds.length === 1) {
    const { steps, times } = kinds[0].rows;
    return {
      tags,
      steps: steps.slice(),
      times: times.slice(),
      values: tags.map((tag) => kinds[0].column(tag).slice()),
    };
  }
  const sources = kinds.map((kind) => ({
    ...kind.rows,
    columns: tags.map((tag) => kind.column(tag)),
    next: 0,
  }));
  const total = kinds.reduce((sum, kind) => sum + kind.count, 0);
  const group: MetricGroup = {
    tags,
    steps: new Float64Array(total),
    times: new Float64Array(total),
    values: tags.map((tag) =>
      kinds.some((kind) => kind.column(tag) instanceof Float64Array)
        ? new Float64Array(total)
        : new Float32Array(total),
    ),
  };
  for (let row = 0; row < total; row++) {
    const source = sources.reduce((first, other) =>
      (other.order[other.next] ?? Infinity) <
      (first.order[first.next] ?? Infinity)
        ? other
        : first,
    );
    const at = source.next++;
    group.steps[row] = source.steps[at];
    group.times[row] = source.times[at];
    source.columns.forEach((column, index) => {
      group.values[index][row] = column[at];
    });
  }
  return group;
}

/** Logs that write each tag in an event of its own still have one axis. */
export function joinEqualSteps(groups: MetricGroup[]): MetricGroup[] {
  const joined = new Map<string, MetricGroup[]>();
  for (const group of groups) {
    const { steps } = group;
    const key = `${steps.length} ${steps[0]} ${steps.at(-1)}`;
    const alike = joined.get(key) ?? [];
    joined.set(key, alike);
    const same = alike.find((other) => equal(other.steps, steps));
    if (same) {
      same.tags.push(...group.tags);
      same.values.push(...group.values);
    } else alike.push(group);
  }
  return [...joined.values()].flat();
}

function equal(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

function doubledSingle(column: Float32Array): Float32Array<ArrayBuffer> {
  const larger = new Float32Array(2 * column.length);
  larger.set(column);
  return larger;
}

function doubled(column: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * column.length);
  larger.set(column);
  return larger;
}
