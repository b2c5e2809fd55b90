/** What the data says, what a sound run earns, and what is said where nothing can be. */
import { figure } from "../figure";
import type { MeasureName } from "../../quality";
import { isActive } from "../../run";
import type { Found } from "../finding";
import { augmented } from "../fork";
import type { Measured, Recorded } from "../recorded";
import { thresholds } from "../thresholds";

/** Each of few images was seen often. */
export function tooLittleData(run: Recorded): Found | null {
  const { data, settings } = run.record;
  const limits = thresholds.tooLittleData;
  if (!data || !settings || settings.improvements.augmentation) return null;
  const { batchSize } = settings.schedule;
  const epochs = (run.last * batchSize) / data.count;
  if (data.count >= limits.images || epochs < limits.epochs) return null;
  const from = Math.ceil((limits.epochs * data.count) / batchSize);
  return {
    id: "too-little-data",
    from,
    to: run.last,
    evidence: [
      `D has seen each of ${data.count} images ${Math.floor(epochs)} times, unchanged.`,
    ],
    refutedBy:
      "D that gives held-out images as much as those it trained on (`gan-workbench evaluate`).",
    ...augmented(run, from),
  };
}

/** Better than at first, as far as images can tell, and not alike. Earned by measured steps only. */
export function healthy(run: Recorded): Found | null {
  const better = bestMeasure(run);
  const diversity = run.measured("diversity").at(-1);
  if (!better || !diversity) return null;
  if (diversity.low < thresholds.collapse.diversity * diversity.real)
    return null;
  const { name, steps } = better;
  const first = steps[0];
  const last = steps[steps.length - 1];
  const hasWorsened = steps.some(({ high }) => high < last.low);
  if (!(last.high < first.low) || hasWorsened) return null;
  const flat = steps.find(({ low }) => low <= last.high) ?? last;
  return {
    id: "healthy",
    from: first.step,
    to: last.step,
    evidence: [
      flat.step < last.step
        ? `${name} fell from ${figure(first.value)} at step ${first.step} to ${figure(last.value)}, and has been flat since step ${flat.step}.`
        : `${name} still falls: from ${figure(first.value)} at step ${first.step} to ${figure(last.value)} at step ${last.step}.`,
      `Diversity is ${figure(diversity.value)}, where real images have ${figure(diversity.real)}.`,
    ],
    refutedBy: "A later measurement that is worse, or samples that copy.",
    advice:
      flat.step < last.step
        ? "More steps will change little; try another setting."
        : "Train longer.",
    fork: null,
  };
}

function bestMeasure(run: Recorded) {
  for (const [name, title] of [
    ["kid", "KID"],
    ["fd", "FD"],
  ] as const satisfies [MeasureName, string][]) {
    const steps = run.measured(name);
    const trend = run.trend(name);
    if (trend) return { name: title, steps, trend };
  }
  return null;
}

/** Names what was not recorded. */
export function cannotTell(run: Recorded): Found {
  const lacks = lackOf(run);
  const progress = progressOf(run);
  const isUnderWay = isActive(run.record.state);
  return {
    id: "cannot-tell",
    from: run.first,
    to: run.last,
    evidence: progress ? [progress, ...lacks] : lacks,
    refutedBy: progress ? "More measured steps." : "What is missing, recorded.",
    advice: progress
      ? run.stillLearns
        ? "Train longer."
        : "Train longer and measure again, or let its saved steps play against each other (`gan-workbench tournament RUN --checkpoints`)."
      : run.checkpoints.length > 0
        ? "Measure its saved steps: `gan-workbench evaluate RUN --step all`."
        : isUnderWay
          ? "Wait for the first checkpoints, and measure them."
          : "Train with checkpoints, and measure saved steps.",
    fork: null,
  };
}

/** What the measurements say, where there are enough of them; null otherwise. */
function progressOf(run: Recorded): string | null {
  const better = bestMeasure(run);
  if (!better) return null;
  const { name, steps, trend } = better;
  const { before, last } = trend;
  const diversity = run.measured("diversity").at(-1);
  const alike =
    diversity && diversity.low < thresholds.collapse.diversity * diversity.real
      ? `; samples are more alike than real images (diversity ${figure(diversity.value)} against ${figure(diversity.real)})`
      : "";
  const at = ({ step, value }: Measured) => `${figure(value)} at step ${step}`;
  if (run.stillLearns)
    return `It is early: ${name} still falls, from ${at(before)} to ${at(last)}${alike}.`;
  const best = steps.reduce((a, b) => (b.value < a.value ? b : a));
  return best.step < last.step && best.high < last.low
    ? `No fault shows, but ${name} was better before: ${at(best)}, ${at(last)}${alike}.`
    : `No fault shows; ${name} is ${at(last)}, no better than ${at(before)}${alike}.`;
}

function lackOf(run: Recorded): string[] {
  const { fewestRows } = thresholds;
  if (isActive(run.record.state) && run.rows < fewestRows)
    return [
      `It has just begun: ${recordedSteps(run.rows)}, and ${fewestRows} are needed.`,
    ];
  const lacks: string[] = [];
  const length = run.curve("loss/discriminator")?.steps.length ?? 0;
  const missing = [
    ["loss/discriminator", "D loss"],
    ["loss/generator", "G loss"],
    ["score/real", "D(x)"],
    ["score/fake", "D(G(z))"],
    ["gradient/generator", "gradient norms"],
  ].flatMap(([metric, title]) => (run.curve(metric) ? [] : [title]));
  if (missing.length > 0) lacks.push(`Not recorded: ${missing.join(", ")}.`);
  if (length > 0 && length < fewestRows)
    lacks.push(`${recordedSteps(length)}, and ${fewestRows} are needed.`);
  const measured = Math.max(
    run.measured("kid").length,
    run.measured("fd").length,
  );
  if (measured < 2)
    lacks.push(
      measured === 0
        ? "No saved step was measured, so nothing is known about the samples."
        : "One saved step was measured, so no trend is known.",
    );
  return lacks;
}

function recordedSteps(count: number): string {
  return `${count} ${count === 1 ? "step is" : "steps are"} recorded`;
}
