/** The forks that findings offer: always one difference, from a checkpoint that is there. */
import { lossOf } from "../losses";
import { wholeAugmentation } from "../settings/improvements";
import type { NetworkRole } from "../settings/settings";
import type { Expectation } from "./expectation";
import type { SuggestedFork } from "./finding";
import type { Recorded } from "./recorded";
import { thresholds } from "./thresholds";

export interface Offer {
  advice: string;
  fork: SuggestedFork | null;
}

interface RateChange {
  network: NetworkRole;
  factor: number;
  /** Where the trouble begins. */
  from: number;
  expects?: Expectation | null;
}

const names = { generator: "G", discriminator: "D" };

/** One network's learning rate times `factor`. */
export function otherRate(
  run: Recorded,
  { network, factor, from, expects = null }: RateChange,
): Offer {
  const settings = run.record.settings;
  const word = factor < 1 ? "Lower" : "Raise";
  const advice = `${word} ${names[network]}'s learning rate`;
  if (!settings) return { advice: `${advice}.`, fork: null };
  const before = settings.optimizers[network].learningRate;
  const rate = Number((before * factor).toPrecision(3));
  const path = `optimizers.${network}.learningRate`;
  return {
    advice: `${advice} from ${before} to ${rate}.`,
    fork: forkOf(run, from, { [path]: rate }, expects),
  };
}

/**
 * The rate that is to blame for a run that blows up, lowered: that of the network whose rate is far the higher; both, where
 * they are equal; else that of the network that shows it. A quarter, or what is usual for Adam where it is far above that.
 */
export function lowerRate(
  run: Recorded,
  {
    shown,
    from,
    expects = calmLoss(run),
  }: { shown: NetworkRole; from: number; expects?: Expectation | null },
): Offer {
  const { settings } = run.record;
  if (!settings)
    return otherRate(run, { network: shown, factor: 1 / 4, from, expects });
  const { generator, discriminator } = settings.optimizers;
  const rates = {
    generator: generator.learningRate,
    discriminator: discriminator.learningRate,
  };
  const { apart, usual, high, factor } = thresholds.rates;
  const [higher, lower] =
    rates.generator > rates.discriminator
      ? (["generator", "discriminator"] as const)
      : (["discriminator", "generator"] as const);
  const isApart = rates[higher] >= apart * rates[lower];
  const network = isApart ? higher : shown;
  const lowered = (rate: number) =>
    rate > high * usual ? usual : rate * factor;
  const before = rates[network];
  if (rates.generator !== rates.discriminator)
    return otherRate(run, {
      network,
      factor: lowered(before) / before,
      from,
      expects,
    });
  const rate = Number(lowered(before).toPrecision(3));
  return {
    advice: `Lower both learning rates from ${before} to ${rate}.`,
    fork: forkOf(run, from, { learningRate: rate }, expects),
  };
}

/** Null of a critic, whose loss has no scale of its own. */
function calmLoss({ record: { settings } }: Recorded): Expectation | null {
  const { generatorLoss, within } = thresholds.hoped;
  return settings && lossOf(settings.objective).isCrossEntropy
    ? { metric: "loss/generator", above: false, value: generatorLoss, within }
    : null;
}

/** The lower rate, or both where they are equal: ten times as high, or what is usual for Adam where it is far below that. */
export function raiseRate(run: Recorded): Offer {
  const { settings } = run.record;
  const from = run.last;
  if (!settings)
    return otherRate(run, { network: "generator", factor: 10, from });
  const { low, usual } = thresholds.rates;
  const { real, within } = thresholds.hoped;
  const expects: Expectation | null = lossOf(settings.objective).isCrossEntropy
    ? { metric: "score/real", above: true, value: real, within }
    : null;
  const { generator, discriminator } = settings.optimizers;
  const raised = (rate: number) =>
    rate < low ? usual : Number((10 * rate).toPrecision(3));
  const [g, d] = [generator.learningRate, discriminator.learningRate];
  if (g !== d) {
    const network = g < d ? "generator" : "discriminator";
    const before = Math.min(g, d);
    const factor = raised(before) / before;
    return otherRate(run, { network, factor, from, expects });
  }
  return {
    advice: `Raise both learning rates from ${g} to ${raised(g)}.`,
    fork: forkOf(run, from, { learningRate: raised(g) }, expects),
  };
}

/** Differentiable augmentation on. */
export function augmented(run: Recorded, from: number): Offer {
  const { settings } = run.record;
  if (!settings || settings.improvements.augmentation)
    return { advice: "Add images; some thousands are usual.", fork: null };
  const changes = { "improvements.augmentation": wholeAugmentation };
  const expects = betterSamples(run, from);
  return {
    advice:
      "Turn on differentiable augmentation, which shows D no image twice alike, or add images.",
    fork: forkOf(run, from, changes, expects),
  };
}

/** What every fork is for: samples nearer to real images than the run's last ones. Null where those were not measured. */
export function betterSamples(run: Recorded, from: number): Expectation | null {
  const kid = run.measured("kid").at(-1);
  if (!kid) return null;
  return {
    metric: "quality/kid",
    above: false,
    value: Number((thresholds.hoped.kid * kid.value).toPrecision(2)),
    within: Math.max(thresholds.hoped.within, run.last - from),
  };
}

/** One setting by its path. */
export function improved(
  run: Recorded,
  from: number,
  path: string,
  value: unknown,
  expects: Expectation | null = null,
): SuggestedFork | null {
  return run.record.settings
    ? forkOf(run, from, { [path]: value }, expects)
    : null;
}

function forkOf(
  run: Recorded,
  from: number,
  changes: Record<string, unknown>,
  expects: Expectation | null,
): SuggestedFork | null {
  const step = run.checkpointBefore(from);
  if (step === null) return null;
  // No more steps than the run itself took from there, or it could not be held against that.
  const left = run.last - step;
  const within =
    left >= thresholds.lasting.steps
      ? Math.min(expects?.within ?? 0, left)
      : expects?.within;
  return {
    step,
    changes,
    expects: expects && { ...expects, within: within ?? expects.within },
  };
}
