/** Which improvements go together, and which preset is offered for whose images. */
import { describe, expect, it } from "vitest";
import { checkSettings } from "../../src/shared/settings/check";
import {
  noImprovements,
  wholeAugmentation,
} from "../../src/shared/settings/improvements";
import type { Improvements } from "../../src/shared/settings/improvements";
import { findPreset, tutorials } from "../../src/shared/settings/presets";
import type {
  Objective,
  TrainingSettings,
} from "../../src/shared/settings/settings";
import { settingsSchema } from "../../src/shared/settings/settings";
import { suggestPreset } from "../../src/shared/settings/suggest";

function preset(id: string): TrainingSettings {
  const found = findPreset(id);
  if (!found) throw new Error(`There is no preset ${id}.`);
  return found.settings;
}

const { penalties } = noImprovements;

const refused: [
  what: string,
  preset: string,
  improvements: Partial<Improvements>,
  objective: Partial<Objective>,
  sentence: RegExp,
][] = [
  [
    "a penalty with batch norm in D",
    "jrtechs-dcgan",
    { penalties: { ...penalties, real: 1 } },
    {},
    /batch normalization in the discriminator/,
  ],
  [
    "a penalty beside clipped weights",
    "jrtechs-wgan",
    { penalties: { ...penalties, interpolated: 10 } },
    {},
    /takes the place of clipped weights/,
  ],
  [
    "spectral norm beside clipped weights",
    "jrtechs-wgan",
    { spectralNorm: true },
    {},
    /already bounds D/,
  ],
  [
    "smoothing without a target",
    "wgan-gp",
    { smoothing: 0.1 },
    {},
    /has no target/,
  ],
  [
    "augmentation of nothing",
    "jaketae-mlp",
    {
      augmentation: {
        ...wholeAugmentation,
        color: false,
        translation: false,
        cutout: false,
      },
    },
    {},
    /changes nothing/,
  ],
  [
    "adaptive augmentation of a critic",
    "wgan-gp",
    {
      augmentation: {
        ...wholeAugmentation,
        adaptive: { target: 0.6, swing: 1000 },
      },
    },
    {},
    /Wasserstein/,
  ],
];

describe("settings that make no sense together", () => {
  it.each(refused)(
    "%s is refused with a sentence",
    (_, id, improvements, objective, sentence) => {
      const settings = preset(id);
      const changed = {
        ...settings,
        objective: { ...settings.objective, ...objective },
        improvements: { ...settings.improvements, ...improvements },
      };
      const [problem] = checkSettings(changed);
      expect(problem.message).toMatch(sentence);
      expect(problem.path).toMatch(/^improvements\./);
      expect(checkSettings(settings)).toEqual([]);
    },
  );

  it("are all off in the tutorials, and in settings of before there were any", () => {
    for (const { settings } of tutorials) {
      expect(settings.improvements).toEqual(noImprovements);
      const old: Partial<typeof settings> = { ...settings };
      delete old.improvements;
      expect(settingsSchema.parse(old)).toEqual(settings);
    }
  });
});

describe("the offer of small-data-64", () => {
  const offered = (count: number, channels: number, chosen = "jaketae-mlp") =>
    suggestPreset({ count, channels }, chosen);

  it("comes with a folder of 300 colour pictures, and says why", () => {
    expect(offered(300, 3)?.preset).toBe("small-data-64");
    expect(offered(300, 3)?.why).toMatch(
      /^With 300 colour pictures to learn from D soon/,
    );
  });

  it("does not come where it does not fit, or was taken", () => {
    expect(offered(300, 1)).toBeNull();
    expect(offered(50_000, 3)).toBeNull();
    expect(offered(300, 3, "small-data-64")).toBeNull();
  });
});
