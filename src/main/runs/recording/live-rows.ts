/**
 * The newest steps of a run under way, so that a window that asks several times a second gets them at once. Holds a
 * bounded number; older ones are on disk.
 */
import type { MetricGroup } from "../../../shared/curves/metric-group";
import { generatorMetrics, stepMetrics } from "../../../shared/metrics";
import type { StepMetric } from "../../../shared/metrics";
import type { MetricBlock } from "../../../shared/step";

const generatorColumns = new Set<string>(generatorMetrics);

/** The tags of steps in which only D was updated, of those that a run has. */
export function discriminatorTags(tags: readonly StepMetric[]): StepMetric[] {
  return tags.filter((metric) => !generatorColumns.has(metric));
}

export class LiveRows {
  private blocks: MetricBlock[] = [];
  private held = 0;

  /** `split` is whether G is updated less often than D, so that its figures have steps of their own. */
  constructor(
    private readonly split: boolean,
    private readonly capacity = 8192,
  ) {}

  push(block: MetricBlock): void {
    this.blocks.push(block);
    this.held += block.rows;
    while (this.held - this.blocks[0].rows >= this.capacity)
      this.held -= this.blocks.shift()?.rows ?? 0;
  }

  /** The rows after a step; null where some of them are no longer held. */
  after(step: number): MetricGroup[] | null {
    const first = this.blocks.at(0);
    if (!first || first.firstStep > step + 1) return null;
    const all = collect(this.blocks, step, () => true);
    const { tags } = first;
    if (!this.split) return [group(all, tags)];
    const updated = collect(
      this.blocks,
      step,
      (block, row) => block.generatorUpdated[row] === 1,
    );
    return [
      group(all, discriminatorTags(tags)),
      group(updated, generatorMetrics),
    ];
  }
}

interface Place {
  block: MetricBlock;
  row: number;
}

function collect(
  blocks: readonly MetricBlock[],
  after: number,
  keep: (block: MetricBlock, row: number) => boolean,
): Place[] {
  const places: Place[] = [];
  for (const block of blocks)
    for (
      let row = Math.max(0, after + 1 - block.firstStep);
      row < block.rows;
      row++
    )
      if (keep(block, row)) places.push({ block, row });
  return places;
}

function group(
  places: readonly Place[],
  tags: readonly StepMetric[],
): MetricGroup {
  return {
    tags: [...tags],
    steps: Float64Array.from(places, ({ block, row }) => block.firstStep + row),
    times: Float64Array.from(places, ({ block, row }) => block.times[row]),
    values: tags.map((tag) => {
      const column = stepMetrics.indexOf(tag);
      return Float32Array.from(
        places,
        ({ block, row }) => block.columns[column][row],
      );
    }),
  };
}
