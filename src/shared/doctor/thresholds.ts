/** Every number that the doctor decides by; `docs/doctor.md` has the reasons and what each was held against. */
export const thresholds = {
  /** Fewer rows of a curve say nothing. */
  fewestRows: 20,
  /** A curve is looked at in so many stretches of equal length. */
  stretches: 40,
  /** A trouble that has lasted to the end is one from this share of the run on, and from so many steps. */
  lasting: { share: 0.2, steps: 50 },
  /** KID that falls by this share in the last quarter of a run, beyond its intervals, is learning. */
  trend: { quarter: 0.25, fall: 0.2 },
  diverged: {
    /** A mean loss that no network with sound weights gives, except of a critic. */
    loss: 1000,
  },
  noLearning: {
    /** The means of stretches differ by less than this share of themselves, all along. */
    change: 0.02,
    /** An L2 norm over all parameters below which Adam's own epsilon decides. */
    gradient: 1e-6,
  },
  rateTooHigh: {
    /** A gradient's peak against the median of its run. */
    peak: 100,
    /** The share of stretches that have such a peak. */
    peaks: 0.1,
    /** A gradient below this is no jump, whatever is usual. */
    size: 10,
    /** G's mean loss, where one of cross-entropy is a few at most; up to the end, or in this share of the stretches. */
    loss: 25,
    losses: 0.5,
  },
  dWins: {
    fake: 0.02,
    /** Below, G has next to no gradient, even where its samples still get better. */
    sure: 0.002,
    real: 0.9,
    loss: 0.05,
    generatorLoss: 3,
    auc: 0.9,
  },
  /** Of D's way from samples to training images, the share that held-out ones miss (ADA's r_v). */
  dMemorises: { gap: 0.5 },
  /** Against the same measure of real images. */
  collapse: {
    diversity: 0.6,
    duplicates: 0.3,
    classes: 0.4,
    /** Below, all samples are one: that is no beginning. */
    one: 0.02,
    /** Of G; after fewer, samples of any run are alike. */
    updates: 200,
  },
  /** Shares of samples, above those of held-out images. */
  copies: { share: 0.1 },
  cycling: { swing: 0.15, swings: 2 },
  /** `alike`: precision and coverage, against those of real images. */
  shortcut: { auc: 0.995, alike: 0.5 },
  tooLittleData: { images: 1000, epochs: 20 },
  /** What was expected of a fork is looked for in the last part of its steps. */
  expected: { share: 0.1 },
  /** What forks should show: a share of KID, D(x) where nothing learned, G loss where rates were too high. */
  hoped: { real: 0.6, generatorLoss: 10, within: 400, kid: 0.8 },
  /**
   * Rates that are so many times another's are to blame; what is usual of Adam, and how often that is far above it; what a
   * rate is lowered by.
   */
  rates: { apart: 3, usual: 2e-4, high: 10, factor: 1 / 4, low: 1e-5 },
} as const;
