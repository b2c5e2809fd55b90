/** Findings that need measured steps (`evaluate`). Each is null where they are not there or do not show it. */
import { figure } from "../figure";
import type { Found } from "../finding";
import { augmented, betterSamples, improved, otherRate } from "../fork";
import { dWins, noLearning } from "./curves";
import type { Measured, Recorded } from "../recorded";
import { thresholds } from "../thresholds";

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;

/** All samples look alike, and have not become less so. */
export function collapse(run: Recorded): Found | null {
  const limits = thresholds.collapse;
  const newest = run.measured("diversity").at(-1);
  const isOne = newest && newest.high < limits.one * newest.real;
  const isEarly = run.stillLearns || run.generatorUpdates < limits.updates;
  if ((isEarly && !isOne) || noLearning(run)) return null;
  const diversity = since(
    run.measured("diversity"),
    ({ high, real }) => high < limits.diversity * real,
  );
  const isRising = rises(run.trend("diversity"));
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
    expects: betterSamples(run, from),
  });
  return {
    id: "collapse",
    from,
    to: run.last,
    evidence: [
      ...(last
        ? [
            `Since step ${from} samples are far more alike than real images: diversity ${figure(last.value)}, where real images have ${figure(last.real)}.`,
          ]
        : []),
      ...(same
        ? [
            `${percent(same.value)} of the samples have a near duplicate, of real images ${percent(same.real)}.`,
          ]
        : []),
      ...(few
        ? [
            `Class coverage is ${figure(few.value)}, where real images reach ${figure(few.real)}.`,
          ]
        : []),
    ],
    refutedBy: "A later measurement with a diversity near that of real images.",
    advice,
    fork,
  };
}

/** Samples that are training images. */
export function copies(run: Recorded): Found | null {
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
            `AuthPct is ${figure(authentic.value)}, where held-out images have ${figure(authentic.real)}.`,
          ]
        : []),
    ],
    refutedBy:
      "Nearest training images in the gallery that do not look like the samples.",
    ...augmented(run, found[0].step - 1),
  };
}

/** D knows its training images by heart. */
export function dMemorises(run: Recorded): Found | null {
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
      `D gives its training images ${figure(one.value)}, held-out ones ${figure(other.value)} and samples ${figure(sample.value)} (step ${step}): held-out images have gone ${percent(gap)} of the way to the samples.`,
    ],
    refutedBy:
      "D(x) of held-out images that rises to that of training images at a later step.",
    ...augmented(run, found[0].step - 1),
  };
}

/** What samples cover comes and goes. */
export function cycling(run: Recorded): Found | null {
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
      `Coverage goes up and down: ${turns.map(({ step, value }) => `${figure(value)} at step ${step}`).join(", ")}.`,
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

/**
 * D goes by something that is no image content: it is never wrong about samples that look real, or it wins on images that
 * have something which G cannot make.
 */
export function dataShortcut(run: Recorded): Found | null {
  const shown = byLooks(run) ?? byPixels(run);
  if (!shown) return null;
  const { from, evidence } = shown;
  return {
    id: "data-shortcut",
    from,
    to: run.last,
    evidence,
    refutedBy:
      "The same images without it (cropped, saved again) that D tells apart as easily.",
    advice:
      "Take out of the images what only they have: exact values of a border, few grey levels, blocks of JPEG. Or add noise to all that D sees, which hides it.",
    fork: improved(run, from - 1, "improvements.instanceNoise", {
      deviation: 0.1,
      steps: Math.max(1000, 2 * run.last),
    }),
  };
}

function byLooks(run: Recorded) {
  const { auc, alike } = thresholds.shortcut;
  const looks = run.measured("precision").at(-1);
  const variety = run.measured("coverage").at(-1);
  const found = since(run.measured("dAuc"), ({ low }) => low > auc);
  if (!found || found.length < 2 || !looks || !variety) return null;
  // A few good shapes are not enough: D is right to know those again.
  const isAlike = [looks, variety].every(({ low, real }) => low > alike * real);
  if (!isAlike) return null;
  return {
    from: found[0].step,
    evidence: [
      `${percent(looks.value)} of the samples look like real images, and yet D is right in ${(100 * found[found.length - 1].value).toFixed(1)} % of pairs.`,
    ],
  };
}

function byPixels(run: Recorded) {
  const { shortcut } = run.record.data ?? {};
  const wins = shortcut ? dWins(run) : null;
  return shortcut && wins
    ? { from: wins.from, evidence: [wins.evidence[0], shortcut] }
    : null;
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

function rises(trend: ReturnType<Recorded["trend"]>): boolean {
  return trend !== null && trend.last.low > trend.before.high;
}
