/** Findings that need measured steps (`evaluate`). Each is null where they are not there or do not show it. */
import { formatValue } from "../../format-value";
import type { Finding } from "../finding";
import { augmented, improved, otherRate } from "../fork";
import type { Measured, Recorded } from "../recorded";
import { thresholds } from "../thresholds";

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;

/** All samples look alike, and have not become less so. */
export function collapse(run: Recorded): Finding | null {
  const limits = thresholds.collapse;
  const diversity = since(
    run.measured("diversity"),
    ({ high, real }) => high < limits.diversity * real,
  );
  const isRising =
    diversity && diversity.length > 1 && rises(diversity.slice(-2));
  const duplicates = since(
    run.measured("duplicates"),
    ({ low, real }) => low > real + limits.duplicates,
  );
  const classes = since(
    run.measured("classCoverage"),
    ({ high, real }) => high < limits.classes * real,
  );
  const isShown = (diversity && !isRising) ?? duplicates;
  if (!isShown) return null;
  const [{ step: from }] =
    (diversity && !isRising ? diversity : duplicates) ?? [];
  const last = diversity?.at(-1);
  const same = duplicates?.at(-1);
  const few = classes?.at(-1);
  const { advice, fork } = otherRate(run, {
    network: "generator",
    factor: 1 / 4,
    from: from - 1,
    expects: {
      metric: "quality/diversity",
      above: true,
      value: limits.diversity,
      within: Math.max(200, run.last - from),
    },
  });
  return {
    id: "collapse",
    from,
    to: run.last,
    evidence: [
      ...(last
        ? [
            `Since step ${from} samples are far more alike than real images: diversity ${formatValue(last.value)}, where real images have ${formatValue(last.real)}.`,
          ]
        : []),
      ...(same
        ? [
            `${percent(same.value)} of the samples have a near duplicate, of real images ${percent(same.real)}.`,
          ]
        : []),
      ...(few
        ? [
            `Class coverage is ${formatValue(few.value)}, where real images reach ${formatValue(few.real)}.`,
          ]
        : []),
    ],
    refutedBy: "A later measurement with a diversity near that of real images.",
    advice,
    fork,
  };
}

/** Samples that are training images. */
export function copies(run: Recorded): Finding | null {
  const found = since(
    run.measured("memorisation"),
    ({ low, real }) => low > real + thresholds.copies.share,
  );
  if (!found) return null;
  const last = found[found.length - 1];
  const authentic = run.measured("authPct").at(-1);
  return {
    id: "copies",
    from: found[0].step,
    to: run.last,
    evidence: [
      `${percent(last.value)} of the samples lie nearer to a training image than nearly all held-out images do (${percent(last.real)} of those).`,
      ...(authentic
        ? [
            `AuthPct is ${formatValue(authentic.value)}, where held-out images have ${formatValue(authentic.real)}.`,
          ]
        : []),
    ],
    refutedBy:
      "Nearest training images in the gallery that do not look like the samples.",
    ...augmented(run, found[0].step - 1),
  };
}

/** D knows its training images by heart. */
export function dMemorises(run: Recorded): Finding | null {
  const train = run.measured("dTrain");
  const heldOut = new Map(run.measured("dHeldOut").map((it) => [it.step, it]));
  const fake = new Map(run.measured("dFake").map((it) => [it.step, it]));
  const gaps = train.flatMap((one) => {
    const other = heldOut.get(one.step);
    const sample = fake.get(one.step);
    if (!other || !sample) return [];
    const way = one.value - sample.value;
    const gap = one.low > other.high ? (one.value - other.value) / way : 0;
    return [{ step: one.step, gap: way > 0 ? gap : 0, one, other, sample }];
  });
  const found = since(gaps, ({ gap }) => gap > thresholds.dMemorises.gap);
  if (!found) return null;
  const { gap, one, other, sample, step } = found[found.length - 1];
  return {
    id: "d-memorises",
    from: found[0].step,
    to: run.last,
    evidence: [
      `D gives its training images ${formatValue(one.value)}, held-out ones ${formatValue(other.value)} and samples ${formatValue(sample.value)} (step ${step}): held-out images have gone ${percent(gap)} of the way to the samples.`,
    ],
    refutedBy:
      "D(x) of held-out images that rises to that of training images at a later step.",
    ...augmented(run, found[0].step - 1),
  };
}

/** What samples cover comes and goes. */
export function cycling(run: Recorded): Finding | null {
  const { swing, swings } = thresholds.cycling;
  const coverage = run.measured("coverage");
  const turns: Measured[] = [];
  let direction = 0;
  for (const one of coverage) {
    const last = turns.at(-1);
    if (!last) {
      turns.push(one);
      continue;
    }
    const change = one.value - last.value;
    const isApart = one.low > last.high || one.high < last.low;
    if (Math.sign(change) === direction) turns[turns.length - 1] = one;
    else if (isApart && Math.abs(change) > swing) {
      direction = Math.sign(change);
      turns.push(one);
    }
  }
  // The first turn up is learning.
  const falls = turns.filter(
    (turn, at) => at > 0 && turn.value < turns[at - 1].value,
  );
  if (falls.length < swings) return null;
  const from = turns[turns.indexOf(falls[0]) - 1].step;
  return {
    id: "cycling",
    from,
    to: run.last,
    evidence: [
      `Coverage goes up and down: ${turns.map(({ step, value }) => `${formatValue(value)} at step ${step}`).join(", ")}.`,
    ],
    refutedBy:
      "A tournament of its checkpoints in which no earlier D beats a later G.",
    advice:
      "Average G's weights, which stand still where the weights go round.",
    fork: improved(run, from, "improvements.average", {
      halfLife: 1000,
      rampUp: null,
    }),
  };
}

/** D is never wrong about samples that look real: it goes by something that is no image content. */
export function dataShortcut(run: Recorded): Finding | null {
  const { auc, precision } = thresholds.shortcut;
  const scores = run.measured("dAuc");
  const looks = run.measured("precision").at(-1);
  const found = since(scores, ({ low }) => low > auc);
  if (!found || found.length < 2 || !looks) return null;
  if (looks.low < precision * looks.real) return null;
  return {
    id: "data-shortcut",
    from: found[0].step,
    to: run.last,
    evidence: [
      `${percent(looks.value)} of the samples look like real images, and yet D is right in ${(100 * found[found.length - 1].value).toFixed(1)} % of pairs.`,
    ],
    refutedBy:
      "Real images that, saved again without borders and compression, D tells apart as easily.",
    advice:
      "Look at what only real images have: exact values of a border, blocks of JPEG compression, a range that G cannot reach.",
    fork: null,
  };
}

/** The measured steps at the end that all match; null where the last does not. */
function since<T>(
  steps: readonly T[],
  matches: (one: T) => boolean,
): T[] | null {
  let start = steps.length;
  while (start > 0 && matches(steps[start - 1])) start--;
  return start === steps.length ? null : steps.slice(start);
}

function rises([before, after]: readonly Measured[]): boolean {
  return after.low > before.high;
}
