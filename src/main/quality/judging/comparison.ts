/** Every measure that holds pictures against real ones, ready for any choice of them. */
import type { MeasureName } from "../../../shared/quality";
import { asAsked, classesOf, commonShare, sharesOf } from "../measures/classes";
import { Duplicates, PairDistances } from "../measures/diversity";
import { frechetDistances } from "../measures/frechet";
import { KernelDistance } from "../measures/kernel";
import { Manifold } from "../measures/manifold";
import { authenticAmong, copiedAmong } from "../measures/memorisation";
import { nearestChosen } from "../measures/neighbours";
import type { Products } from "../measures/products";
import { quantile } from "../measures/quantile";
import { allOf } from "../measures/rows";
import type { Side } from "./side";

export type ComparedName = Exclude<
  MeasureName,
  "dTrain" | "dHeldOut" | "dFake" | "dAuc"
>;

/** Of chosen pictures; NaN where a measure cannot be had. */
export type Comparison = (
  real: Uint32Array,
  fake: Uint32Array,
) => Record<ComparedName, number>;

/** Of 64 features; fewer images than twice as many leave a covariance that says nothing. */
export const fewestForFrechet = 128;

/** `asked`: the class that each sample was asked for, of a GAN with labels. */
export async function compare(
  real: Side,
  fake: Side,
  products: Products,
  asked: Uint16Array | null = null,
): Promise<Comparison> {
  const kernel = await KernelDistance.of(
    real.features,
    fake.features,
    products,
  );
  const manifold = await Manifold.of(real, fake, products);
  const realPairs = await PairDistances.of(real.features, products);
  const fakePairs = await PairDistances.of(fake.features, products);
  const duplicates = new Duplicates(real.alike, fake.alike);
  const shares = classShares(real, fake, manifold, asked);
  return (realChosen, fakeChosen) => ({
    ...frechetDistances(real.features, fake.features, realChosen, fakeChosen),
    kid: kernel.among(realChosen, fakeChosen),
    ...manifold.among(realChosen, fakeChosen),
    classCoverage: shares(realChosen, fakeChosen),
    ...tracing(real, fake, realChosen, fakeChosen),
    diversity: fakePairs.median(fakeChosen) / realPairs.median(realChosen),
    duplicates: duplicates.among(realChosen, fakeChosen),
  });
}

function tracing(
  real: Side,
  fake: Side,
  realChosen: Uint32Array,
  fakeChosen: Uint32Array,
): { memorisation: number; authPct: number } {
  if (!real.nearness || !fake.nearness)
    return { memorisation: NaN, authPct: NaN };
  const traced = fake.nearness.image.length;
  const known = realChosen.filter((it) => it < traced);
  const chosen = fakeChosen.filter((it) => it < traced);
  return {
    memorisation: copiedAmong(real.nearness, fake.nearness, known, chosen),
    authPct: authenticAmong(fake.nearness, chosen),
  };
}

/** A sample is strange that lies farther from all real images than 99 of 100 real images do from the others. */
function classShares(
  real: Side,
  fake: Side,
  manifold: Manifold,
  asked: Uint16Array | null,
): (real: Uint32Array, fake: Uint32Array) => number {
  const { logits } = real;
  if (!logits || !fake.logits) return () => NaN;
  const classes = logits.length / real.features.count;
  const own = nearestChosen(real.neighbours, allOf(real.features.count));
  const limit = quantile(own.slice(), 0.99);
  const realLabels = classesOf(logits, classes, (i) => own[i] > limit);
  const { nearestReal } = manifold;
  const shown = classesOf(fake.logits, classes, (i) => nearestReal[i] > limit);
  const labels = asked ? asAsked(shown, asked) : shown;
  return (realChosen, fakeChosen) =>
    commonShare(
      sharesOf(realLabels, realChosen, classes),
      sharesOf(labels, fakeChosen, classes),
    );
}
