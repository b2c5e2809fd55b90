/**
 * A run of ours as the tutorial of the jrtechs presets logs its own for TensorBoard (seed 004): the losses are `D_Loss` and
 * `G_Loss`, steps count from 0, and the sample grids are images. The run's own event file counts from 1, as its record does.
 */
import type { MetricGroup } from "../../../../shared/curves/metric-group";
import type { StepMetric } from "../../../../shared/metrics";
import { encodeImage } from "./messages";
import type { EventImage } from "./messages";
import { frameRecord } from "./records";

const tags: Partial<Record<string, string>> = {
  "loss/discriminator": "D_Loss",
  "loss/generator": "G_Loss",
} satisfies Partial<Record<StepMetric, string>>;

/** What a file calls a metric, and how it counts steps. */
export interface LogForm {
  tagOf(metric: string): string;
  stepOf(step: number): number;
}

export const ownForm: LogForm = {
  tagOf: (metric) => metric,
  stepOf: (step) => step,
};

/** A metric that the tutorial does not log keeps our tag; the untrained grid of step 0 comes with its first step. */
export const tutorialForm: LogForm = {
  tagOf: (metric) => tags[metric] ?? metric,
  stepOf: (step) => Math.max(0, step - 1),
};

export function inForm(group: MetricGroup, form: LogForm): MetricGroup {
  return {
    ...group,
    tags: group.tags.map(form.tagOf),
    steps: group.steps.map(form.stepOf),
  };
}

/** A framed event with one saved grid; its tag is the name of the folder that it is saved in. */
export function gridRecord(
  grid: EventImage,
  form: LogForm,
): Uint8Array<ArrayBuffer> {
  const step = form.stepOf(grid.step);
  return frameRecord(encodeImage({ ...grid, step }));
}
