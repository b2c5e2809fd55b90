/** Findings that the curves of any run can give. Each is null where the run does not show it. */
import { lossOf } from "../../losses";
import { figure } from "../figure";
import type { Found } from "../finding";
import {
  betterSamples,
  improved,
  lowerRate,
  otherRate,
  raiseRate,
} from "../fork";
import { lastingFrom, meanOf } from "../recorded";
import type { Recorded, Stretch } from "../recorded";
import { thresholds } from "../thresholds";

const networks = ["discriminator", "generator"] as const;
const names = { discriminator: "D", generator: "G" };

/** Values that are not numbers, or losses that only weights past all bounds give. */
export function diverged(run: Recorded): Found | null {
  const { state, reason, settings } = run.record;
  const found = networks.flatMap((network) => {
    const curve = run.curve(`loss/${network}`);
    const row = curve ? lostFrom(curve.values) : -1;
    return curve && row >= 0 ? [{ network, step: curve.steps[row] }] : [];
  });
  found.sort((a, b) => a.step - b.step);
  const past = found.length > 0 ? null : pastBounds(run);
  if (state !== "diverged" && found.length === 0 && !past) return null;
  const { network, step } = found.at(0) ??
    past ?? { network: "discriminator", step: run.last };
  const sentence = past
    ? `${names[network]} loss has been around ${figure(past.mean)} since step ${step}, so the weights have grown without bound.`
    : found.length > 0
      ? `${names[network]} loss has not been a number since step ${step}.`
      : (reason ?? `It stopped at step ${step}.`);
  const { advice, fork } = lowerRate(run, {
    shown: network,
    // Not from where it was on its way already.
    from: Math.min(step - 1, heavyLoss(run)?.from ?? step),
  });
  return {
    id: "diverged",
    from: step,
    to: run.last,
    evidence: [sentence, ...(settings ? [ratesOf(run)] : [])],
    refutedBy: "A resume from the last checkpoint that passes this step.",
    advice,
    fork,
  };
}

/** The row from which no value is a number any more; -1 where the last is one. */
function lostFrom(values: ArrayLike<number>): number {
  let row = values.length;
  while (row > 0 && !Number.isFinite(values[row - 1])) row--;
  return row < values.length ? row : -1;
}

function pastBounds(run: Recorded) {
  const { settings } = run.record;
  if (!settings || lossOf(settings.objective).isCritic) return null;
  for (const network of networks) {
    const stretches = run.stretches(`loss/${network}`);
    const lasting =
      stretches &&
      lastingFrom(
        stretches,
        (at) => Math.abs(stretches[at].mean) > thresholds.diverged.loss,
      );
    if (lasting)
      return {
        network,
        step: lasting.from,
        mean: meanOf(stretches, lasting.from),
      };
  }
  return null;
}

/** Losses that do not move, or gradients that are nothing, from the start on. */
export function noLearning(run: Recorded): Found | null {
  const { change, gradient } = thresholds.noLearning;
  const moved = networks.map((network) => {
    const stretches = run.stretches(`loss/${network}`);
    return stretches && spreadOf(stretches);
  });
  const isStill = moved.every((spread) => spread !== null && spread < change);
  const vanished = networks.find((network) => {
    const stretches = run.stretches(`gradient/${network}`);
    return stretches?.every(({ peak }) => !(peak >= gradient));
  });
  if (!isStill && !vanished) return null;
  const moves = moved.map((spread) => `${((spread ?? 0) * 100).toFixed(1)} %`);
  const { advice, fork } = raiseRate(run);
  return {
    id: "no-learning",
    from: run.first,
    to: run.last,
    evidence: [
      vanished
        ? `${names[vanished]}'s gradient norm has been below ${gradient} since the start, so ${names[vanished]} does not change.`
        : `D loss has moved by ${moves[0]} and G loss by ${moves[1]} in ${run.last} steps.`,
      ...(run.record.settings ? [ratesOf(run)] : []),
    ],
    refutedBy: "Samples that change from one saved step to the next.",
    advice: vanished
      ? `Look for layers of ${names[vanished]} that give 0 for everything (the microscope shows them), and at the scale of the images.`
      : advice,
    fork: vanished ? null : fork,
  };
}

/** How far the means of stretches are apart, against their size. */
function spreadOf(stretches: readonly Stretch[]): number {
  const means = stretches
    .map(({ mean }) => mean)
    .filter((mean) => Number.isFinite(mean));
  const size = Math.max(...means.map(Math.abs));
  return size > 0 ? (Math.max(...means) - Math.min(...means)) / size : 0;
}

/** Gradients that jump by orders of magnitude, or a cross-entropy far above what it can be. */
export function rateTooHigh(run: Recorded): Found | null {
  const jumps = networks.map((network) => jumpsOf(run, network));
  const jumping = jumps.find((found) => found !== null);
  const heavy = heavyLoss(run);
  const found = jumping ?? heavy;
  if (!found) return null;
  const { network, from, sentence } = found;
  const { advice, fork } = lowerRate(run, { shown: network, from });
  return {
    id: "rate-too-high",
    from,
    to: run.last,
    evidence: [
      sentence,
      ...(jumping && heavy ? [heavy.sentence] : []),
      ...(run.record.settings ? [ratesOf(run)] : []),
    ],
    refutedBy:
      "The same jumps in a fork with a fourth of the rate: then the data or the loss makes them.",
    advice,
    fork,
  };
}

interface Jump {
  network: (typeof networks)[number];
  from: number;
  sentence: string;
}

function jumpsOf(run: Recorded, network: Jump["network"]): Jump | null {
  const { peak, peaks, size } = thresholds.rateTooHigh;
  const stretches = run.stretches(`gradient/${network}`);
  if (!stretches) return null;
  const means = stretches
    .map(({ mean }) => mean)
    .filter((mean) => mean > 0)
    .sort((a, b) => a - b);
  const median = means[Math.floor(means.length / 2)];
  const high = stretches.filter(
    (stretch) => stretch.peak > Math.max(size, peak * median),
  );
  if (high.length === 0 || high.length < peaks * stretches.length) return null;
  const most = Math.max(...high.map((stretch) => stretch.peak));
  return {
    network,
    from: high[0].from,
    sentence: `${names[network]}'s gradient norm jumps up to ${figure(most)} where ${figure(median)} is usual, in ${high.length} of ${stretches.length} parts of the run.`,
  };
}

function heavyLoss(run: Recorded): Jump | null {
  const { settings } = run.record;
  if (!settings || !lossOf(settings.objective).isCrossEntropy) return null;
  const { loss, losses } = thresholds.rateTooHigh;
  const stretches = run.stretches("loss/generator");
  if (!stretches) return null;
  // It jumps, so that single stretches may lie below.
  const around = (at: number) =>
    meanOf(stretches.slice(Math.max(0, at - 2), at + 3));
  const lasting = lastingFrom(stretches, (at) => around(at) > loss);
  const high = stretches.filter(({ mean }) => mean > loss);
  if (!lasting && high.length < losses * stretches.length) return null;
  const from = lasting ? lasting.from : high[0].from;
  const when = lasting
    ? `has been around ${figure(meanOf(stretches, from))} since step ${from}`
    : `was around ${figure(meanOf(high))} in ${high.length} of ${stretches.length} parts of the run`;
  const { discriminator, generator } = settings.optimizers;
  return {
    network:
      generator.learningRate > discriminator.learningRate
        ? "generator"
        : "discriminator",
    from,
    sentence: `G loss ${when}: D gives logits far from 0, as after steps that were too large.`,
  };
}

/** D tells all images apart, and G has nothing to go by. */
export function dWins(run: Recorded): Found | null {
  const found = byScores(run) ?? byLosses(run);
  const auc = run.measured("dAuc").at(-1);
  if (!found || (auc && auc.high < thresholds.dWins.auc)) return null;
  const isSure = found.mean !== null && found.mean < thresholds.dWins.sure;
  if (run.stillLearns && !isSure) return null;
  const { from, to, sentence } = found;
  return {
    id: "d-wins",
    from,
    to,
    evidence: [
      sentence,
      ...gradientFell(run, from),
      ...(auc
        ? [
            `On held-out images D is right in ${(100 * auc.value).toFixed(1)} % of pairs (step ${auc.step}).`,
          ]
        : []),
    ],
    refutedBy:
      "Samples that still get better, or an AUC of D on held-out images well below 1.",
    ...slowerD(run, from, to),
  };
}

function slowerD(run: Recorded, from: number, to: number) {
  const { settings } = run.record;
  const { generator, discriminator } = settings?.optimizers ?? {};
  const ratio =
    generator && discriminator
      ? discriminator.learningRate / generator.learningRate
      : 1;
  const expects = betterSamples(run, from) ?? {
    metric: "score/fake",
    above: true,
    value: thresholds.dWins.fake,
    within: Math.min(2000, Math.max(200, to - from)),
  };
  if (settings?.objective.loss === "minimax")
    return {
      advice:
        "Change the loss from minimax to non-saturating, whose gradient does not vanish where D is sure.",
      fork: improved(run, from, "objective.loss", "non-saturating", expects),
    };
  const { usual, high } = thresholds.rates;
  if (discriminator && discriminator.learningRate > high * usual)
    return lowerRate(run, { shown: "discriminator", from, expects });
  // G's own rate may be what threw it where D is sure of it.
  if (ratio <= 1 / 5)
    return otherRate(run, {
      network: "generator",
      factor: ratio,
      from,
      expects,
    });
  return ratio >= 5
    ? otherRate(run, { network: "generator", factor: ratio, from, expects })
    : otherRate(run, {
        network: "discriminator",
        factor: 1 / 4,
        from,
        expects,
      });
}

function byScores(run: Recorded) {
  const { settings, state } = run.record;
  const fake = run.stretches("score/fake");
  const real = run.stretches("score/real");
  if (!fake || (settings && !lossOf(settings.objective).isCrossEntropy))
    return null;
  // Another program's log may hold a critic's outputs under that name.
  if (state === "imported" && fake.some(({ peak }) => peak > 1)) return null;
  const limits = thresholds.dWins;
  const lasting = lastingFrom(
    fake,
    (at) =>
      fake[at].mean < limits.fake && (!real || real[at].mean > limits.real),
  );
  if (!lasting) return null;
  const { from, to } = lasting;
  const mean = meanOf(fake, from);
  const beside = real ? `, and D(x) around ${figure(meanOf(real, from))}` : "";
  return {
    from,
    to,
    mean,
    sentence: `D(G(z)) has been under ${limits.fake} since step ${from}, around ${figure(mean)}${beside}.`,
  };
}

/** Of a log without scores, whose loss is taken for a cross-entropy where it never falls below 0. */
function byLosses(run: Recorded) {
  const { settings } = run.record;
  const d = run.stretches("loss/discriminator");
  const g = run.stretches("loss/generator");
  if (!d || !g || run.stretches("score/fake")) return null;
  if (settings && !lossOf(settings.objective).isCrossEntropy) return null;
  if (d.some(({ mean }) => mean < 0) || g.some(({ mean }) => mean < 0))
    return null;
  const { loss, generatorLoss } = thresholds.dWins;
  const lasting = lastingFrom(
    d,
    (at) => d[at].mean < loss && g[at].mean > generatorLoss,
  );
  if (!lasting) return null;
  const { from, to } = lasting;
  return {
    from,
    to,
    mean: null,
    sentence: `D loss has been under ${loss} since step ${from}, around ${figure(meanOf(d, from))}, with G loss around ${figure(meanOf(g, from))}; as a cross-entropy that is a D which is nearly always right.`,
  };
}

function gradientFell(run: Recorded, from: number): string[] {
  const stretches = run.stretches("gradient/generator");
  if (!stretches) return [];
  const before = meanOf(stretches.filter(({ to }) => to < from));
  const since = meanOf(stretches, from);
  return since < before / 2
    ? [`G's gradient norm fell from ${figure(before)} to ${figure(since)}.`]
    : [];
}

function ratesOf(run: Recorded): string {
  const { settings } = run.record;
  const { generator, discriminator } = settings?.optimizers ?? {};
  return `The learning rates are ${discriminator?.learningRate} for D and ${generator?.learningRate} for G.`;
}
