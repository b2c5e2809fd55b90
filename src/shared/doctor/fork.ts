/** The forks that findings offer: always one difference, from a checkpoint that is there. */
import { wholeAugmentation } from "../settings/improvements";
import type { NetworkRole } from "../settings/settings";
import type { Expectation, SuggestedFork } from "./finding";
import type { Recorded } from "./recorded";

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

/** Differentiable augmentation on. */
export function augmented(run: Recorded, from: number): Offer {
  const { settings } = run.record;
  if (!settings || settings.improvements.augmentation)
    return { advice: "Add images; some thousands are usual.", fork: null };
  const changes = { "improvements.augmentation": wholeAugmentation };
  return {
    advice:
      "Turn on differentiable augmentation, which shows D no image twice alike, or add images.",
    fork: forkOf(run, from, changes, null),
  };
}

/** One improvement by its path. */
export function improved(
  run: Recorded,
  from: number,
  path: string,
  value: unknown,
): SuggestedFork | null {
  return run.record.settings
    ? forkOf(run, from, { [path]: value }, null)
    : null;
}

function forkOf(
  run: Recorded,
  from: number,
  changes: Record<string, unknown>,
  expects: Expectation | null,
): SuggestedFork | null {
  const step = run.checkpointBefore(from);
  return step === null ? null : { step, changes, expects };
}
