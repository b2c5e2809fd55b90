/** What `npm run learning` trains: the same runs with one thing changed, on 1,000 digits and on a few hundred pictures. */
import { wholeAugmentation } from "../../src/shared/settings/improvements";

export interface Variation {
  id: string;
  /** In the table. */
  title: string;
  /** Of `gan-workbench train`, besides data, seed, steps and library. */
  options: readonly string[];
  data: "digits" | "pictures";
  steps: number;
}

const set = (path: string, value: unknown): string[] => [
  "--set",
  `improvements.${path}=${JSON.stringify(value)}`,
];

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
  data: "digits",
  steps: 3000,
});

export const variations: readonly Variation[] = [
  digits("plain", "jrtechs-dcgan"),
  digits(
    "average",
    "with an average of G",
    set("average", { halfLife: 10_000, rampUp: 0.05 }),
  ),
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
    id: "digits-wgan-gp",
    title: "wgan-gp",
    options: ["--preset", "wgan-gp"],
    data: "digits",
    steps: 10_000,
  },
  {
    id: "pictures-plain",
    title: "lecture-dcgan, a quarter as wide",
    options: ["--preset", "lecture-dcgan", "--set", "data.channels=3"],
    data: "pictures",
    steps: 1500,
  },
  {
    id: "pictures-small-data",
    title: "small-data-64",
    options: ["--preset", "small-data-64"],
    data: "pictures",
    steps: 1500,
  },
];
