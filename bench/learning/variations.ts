/**
 * What `npm run learning` trains: the same runs with one thing changed, on 1,000 digits and on a few hundred pictures; and
 * the small networks of two presets beside what they add to.
 */
import { wholeAugmentation } from "../../src/shared/settings/improvements";
import { dcganNetworks } from "../../src/shared/settings/presets/lecture-dcgan";

export interface Variation {
  id: string;
  /** In the table. */
  title: string;
  /** Of `gan-workbench train`, besides data, seed, steps and library. */
  options: readonly string[];
  data: "digits" | "pictures";
  steps: number;
  /** The id of the row that it adds something to. */
  against?: string;
  /** The row of its last weights: an average changes nothing else, so that they are those of the run without. */
  last?: { id: string; title: string; against?: undefined };
}

const setting = (path: string, value: unknown): string[] => [
  "--set",
  `${path}=${JSON.stringify(value)}`,
];
const set = (path: string, value: unknown): string[] =>
  setting(`improvements.${path}`, value);

const augmentation = { ...wholeAugmentation, color: false };

const dcgan = ["--preset", "jrtechs-dcgan", "--set", "schedule.batchSize=64"];
const digits = (
  id: string,
  title: string,
  options: readonly string[] = [],
): Variation => ({
  id: `digits-${id}`,
  title,
  options: [...dcgan, ...options],
  against: "digits-plain",
  data: "digits",
  steps: 1000,
});

/** Small networks, which train ten times as long in a tenth of the time. */
const small = (preset: string, title = preset, steps = 10_000): Variation => ({
  id: `digits-${preset}`,
  title,
  options: ["--preset", preset],
  data: "digits",
  steps,
});

/** The same, and D sees every image disturbed. */
const disturbed = (of: Variation): Variation => ({
  ...of,
  id: `${of.id}-augmented`,
  against: of.id,
  title: `${of.title}, with DiffAugment`,
  options: [...of.options, ...set("augmentation", augmentation)],
});

export const variations: readonly Variation[] = [
  small("wiseodd-mlp"),
  disturbed(small("wiseodd-mlp")),
  {
    ...small("cgan", "cgan: wiseodd-mlp with labels"),
    against: "digits-wiseodd-mlp",
  },
  disturbed(small("cgan")),
  small("jrtechs-wgan", "jrtechs-wgan", 3000),
  { ...small("wgan-gp", "wgan-gp", 3000), against: "digits-jrtechs-wgan" },
  {
    ...digits(
      "average",
      "with an average of G",
      set("average", { halfLife: 10_000, rampUp: 0.05 }),
    ),
    last: { id: "digits-plain", title: "jrtechs-dcgan" },
  },
  digits("augmented", "with DiffAugment", set("augmentation", augmentation)),
  digits(
    "adaptive",
    "with ADA",
    set("augmentation", {
      ...augmentation,
      probability: 0,
      adaptive: { target: 0.6, swing: 100_000 },
    }),
  ),
  digits("smoothed", "with label smoothing", set("smoothing", 0.1)),
  digits("spectral", "with spectral norm", set("spectralNorm", true)),
  {
    id: "pictures-plain",
    title: "lecture-dcgan, half as wide, batch 32",
    options: [
      ...["--preset", "lecture-dcgan", "--set", "data.channels=3"],
      ...Object.entries(dcganNetworks(3, 32)).flatMap(([name, network]) =>
        setting(name, network),
      ),
      ...setting("schedule.batchSize", 32),
    ],
    data: "pictures",
    steps: 300,
  },
  {
    id: "pictures-small-data",
    title: "small-data-64",
    against: "pictures-plain",
    options: ["--preset", "small-data-64"],
    data: "pictures",
    steps: 300,
  },
];
