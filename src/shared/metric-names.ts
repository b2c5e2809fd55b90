/**
 * Metrics under the names that people use. A log keeps its own; where one of them is a metric of ours, the record says
 * so (`metricNames`, by the log's tag), and runs can be laid over each other. The choice can be changed.
 */
import type { MetricSummary, RunRecord } from "./run";
import { metricTitle, stepMetrics } from "./metrics";
import type { StepMetric } from "./metrics";

export type MetricNames = RunRecord["metricNames"];
type Named = Pick<RunRecord, "metricNames" | "summary">;

const discriminator = /^(net)?(d|dis|disc|discrim|discriminator|critic)$/;
const generator = /^(net)?(g|gen|generator)$/;
const loss = /^(loss|losses|err|error|cost)$/;
const neutral =
  /^(train|training|total|avg|average|mean|epoch|step|batch|iter|gan|adv|adversarial|all|sum|value)$/;

/** Which tags are which of our metrics; none of ours is given twice, and the plainest name comes first. */
export function recognizeMetrics(tags: readonly string[]): MetricNames {
  const found = tags.flatMap((tag) => {
    const metric = metricOf(tag);
    return metric && metric.metric !== tag ? [{ tag, ...metric }] : [];
  });
  const names: [string, string][] = [];
  const taken = new Set<string>(
    tags.filter((tag) => (stepMetrics as readonly string[]).includes(tag)),
  );
  for (const { tag, metric } of found.sort((a, b) => a.words - b.words)) {
    if (taken.has(metric)) continue;
    taken.add(metric);
    names.push([tag, metric]);
  }
  return Object.fromEntries(names);
}

/** The run's own tag for a metric of ours, or the tag itself; null where the run has neither. */
export function tagOf(run: Named, metric: string): string | null {
  if (Object.hasOwn(run.summary, metric)) return metric;
  const named = Object.entries(run.metricNames).find(
    ([tag, name]) => name === metric && Object.hasOwn(run.summary, tag),
  );
  return named ? named[0] : null;
}

/** What a run's summary says of a metric, whichever name the run has for it. */
export function summaryOf(run: Named, metric: string): MetricSummary | null {
  const tag = tagOf(run, metric);
  return tag === null ? null : run.summary[tag];
}

/** Every metric that any of the runs has, under our name where it has one, ours in their order. */
export function metricsOf(runs: readonly Named[]): string[] {
  return [
    ...new Set(
      runs.flatMap(({ summary, metricNames }) =>
        Object.keys(summary).map((tag) =>
          Object.hasOwn(metricNames, tag) ? metricNames[tag] : tag,
        ),
      ),
    ),
  ];
}

/** Our name with those of the runs beside it: `loss/discriminator (D_Loss)`. */
export function labelOf(metric: string, runs: readonly Named[]): string {
  const others = new Set(
    runs.flatMap((run) => {
      const tag = tagOf(run, metric);
      return tag === null || tag === metric ? [] : [tag];
    }),
  );
  const title = metricTitle(metric);
  return others.size === 0 ? title : `${title} (${[...others].join(", ")})`;
}

/** What a tag means, and how many words it needs for it. */
function metricOf(tag: string): { metric: StepMetric; words: number } | null {
  // W&B puts the run's name before the metric's.
  const own = tag.split(" - ").at(-1) ?? tag;
  const score = scoreOf(own);
  if (score) return { metric: score, words: 1 };
  const words = wordsOf(own).filter((word) => !neutral.test(word));
  const metric = metricOfWords(words);
  return metric && { metric, words: wordsOf(own).length };
}

/** `D(x)`, `D(G(z))`, `D_x`, `D_G_z1`, as the DCGAN tutorial prints and names them. */
function scoreOf(tag: string): StepMetric | null {
  const plain = tag.toLowerCase().replace(/[^a-z0-9]/g, "");
  if (/^dx(real)?$/.test(plain)) return "score/real";
  if (/^dgz(1|before)?$/.test(plain)) return "score/fake";
  if (/^dgz(2|after)$/.test(plain)) return "score/fake_after";
  return null;
}

/** Small letters; `errD`, `DLoss`, `LossG2` and `d_loss` come apart into words. */
function wordsOf(tag: string): string[] {
  return tag
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .replace(/^(d|g|disc|gen)(loss|err|cost)/, "$1 $2")
    .replace(/(loss|err|cost)(d|g|disc|gen)$/, "$1 $2")
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}

function metricOfWords(words: readonly string[]): StepMetric | null {
  const rest = new Set(words);
  const take = (pattern: RegExp) => {
    const word = [...rest].find((one) => pattern.test(one));
    if (word !== undefined) rest.delete(word);
    return word !== undefined;
  };
  const isGradient = take(/^(grad|gradient|gradients)$/);
  if (isGradient) take(/^norm$/);
  const isLoss = !isGradient && take(loss);
  const isScore =
    !isGradient && !isLoss && take(/^(score|scores|prob|probability)$/);
  const isDiscriminator = take(discriminator);
  const isGenerator = !isDiscriminator && take(generator);
  const isReal = take(/^real$/);
  const isFake = !isReal && take(/^fake$/);
  if (rest.size > 0) return null;
  const isPlain = !isReal && !isFake;
  if (isGradient && isPlain && isDiscriminator) return "gradient/discriminator";
  if (isGradient && isPlain && isGenerator) return "gradient/generator";
  if (isScore && !isGenerator && isReal) return "score/real";
  if (isScore && !isGenerator && isFake) return "score/fake";
  if (!isLoss) return null;
  if (isDiscriminator)
    return isReal
      ? "loss/discriminator_real"
      : isFake
        ? "loss/discriminator_fake"
        : "loss/discriminator";
  return isGenerator && isPlain ? "loss/generator" : null;
}
