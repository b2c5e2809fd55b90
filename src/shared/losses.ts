/**
 * Every loss once: what people call it, its two parts and G's in plain numbers, where the game is in balance, and what
 * D's outputs mean. `main/graph/losses.ts` holds the same as graphs with gradients.
 */

type Formula = (output: number) => number;

/** What D's outputs mean under a loss. */
interface Scores {
  /** Over a chart of them. */
  title: string;
  /** What they never leave. */
  bounds: [number, number] | null;
  /** Where D cannot tell real from fake; null where there is no such place. */
  undecided: number | null;
}

export interface Loss {
  /** As the form, Compare and the docs call it. */
  title: string;
  /** What D aims for, a sentence for the microscope. */
  aim: string;
  /**
   * Whether it is a binary cross-entropy: then a final sigmoid is taken off D, the loss is a softplus of logits and
   * scores are probabilities. The other losses take D's output as it is.
   */
  isCrossEntropy: boolean;
  /** Whether D is a critic, whose outputs must have no bounds. */
  isCritic: boolean;
  /**
   * Whether it compares each real image with a fake one: then all three formulas are of D's output for the one less that
   * for the other, and D's loss has no parts.
   */
  isPaired: boolean;
  scores: Scores;
  /** D's two parts where its outputs for real and fake images are the same, added. */
  equilibrium: number;
  /** Whether D's loss has a scale on which that place means something; a distance has none. */
  hasScale: boolean;
  /** Of one output of D: its loss on a real image, on a fake one, and G's. */
  real: Formula;
  fake: Formula;
  generator: Formula;
}

/** -log of a sigmoid is a softplus, which never overflows. */
const softplus: Formula = (x) =>
  Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

const probabilities: Scores = {
  title: "D(x) and D(G(z))",
  bounds: [0, 1],
  undecided: 0.5,
};

const outputs: Scores = {
  title: "Critic output",
  bounds: null,
  undecided: null,
};

/** Goodfellow et al. 2014; the equilibrium is their theorem 1. */
const crossEntropy = {
  aim: "It is -log D(x) for real images plus -log(1 - D(G(z))) for G's: least where D says 1 to the first and 0 to the second.",
  isCrossEntropy: true,
  isCritic: false,
  isPaired: false,
  scores: probabilities,
  equilibrium: 2 * Math.LN2,
  hasScale: true,
  real: (x: number) => softplus(-x),
  fake: softplus,
};

export const losses = {
  /** G minimizes -log D(G(z)). */
  "non-saturating": {
    ...crossEntropy,
    title: "Non-saturating",
    generator: (x) => softplus(-x),
  },
  /** G minimizes log(1 - D(G(z))). */
  minimax: {
    ...crossEntropy,
    title: "Minimax",
    generator: (x) => -softplus(x),
  },
  /** Arjovsky et al. 2017. */
  wasserstein: {
    title: "Wasserstein",
    aim: "It is the mean output for G's images minus that for real ones: the further apart they are, the smaller.",
    isCrossEntropy: false,
    isCritic: true,
    isPaired: false,
    scores: outputs,
    equilibrium: 0,
    hasScale: false,
    real: (x) => -x,
    fake: (x) => x,
    generator: (x) => -x,
  },
  /** Mao et al. 2017, with targets 1 and 0. */
  "least-squares": {
    title: "Least squares",
    aim: "It is the squared distance of D(x) from 1 plus that of D(G(z)) from 0.",
    isCrossEntropy: false,
    isCritic: false,
    isPaired: false,
    scores: { ...probabilities, bounds: null },
    equilibrium: 1 / 2,
    hasScale: true,
    real: (x) => (x - 1) ** 2,
    fake: (x) => x ** 2,
    generator: (x) => (x - 1) ** 2,
  },
  /** Lim and Ye 2017. */
  hinge: {
    title: "Hinge",
    aim: "It counts by how much D(x) is below 1 and D(G(z)) above -1, and nothing beyond.",
    isCrossEntropy: false,
    isCritic: true,
    isPaired: false,
    scores: outputs,
    equilibrium: 2,
    hasScale: true,
    real: (x) => Math.max(0, 1 - x),
    fake: (x) => Math.max(0, 1 + x),
    generator: (x) => -x,
  },
  /** Jolicoeur-Martineau 2018, section 4.1, with pairs as in R3GAN (Huang et al. 2024): the formulas take D(x) - D(G(z)). */
  relativistic: {
    title: "Relativistic pairing",
    aim: "It is -log of the chance that D gives a real image more than the fake one beside it: the further apart they are, the smaller.",
    isCrossEntropy: false,
    isCritic: true,
    isPaired: true,
    scores: outputs,
    equilibrium: Math.LN2,
    hasScale: true,
    real: (x) => softplus(-x),
    fake: () => 0,
    generator: softplus,
  },
} satisfies Record<string, Loss>;

export type LossName = keyof typeof losses;
export const lossNames = Object.keys(losses) as [LossName, ...LossName[]];

/** What D's outputs mean; probabilities where the loss is not known, as in another program's log. */
export function scoresOf(objective: { loss: LossName } | null): Scores {
  return objective ? lossOf(objective).scores : probabilities;
}

export function lossOf(objective: { loss: LossName }): Loss {
  return losses[objective.loss];
}
