import { expect, it } from "vitest";
import { slowStep } from "../../src/shared/settings/check-processor";
import { presets } from "../../src/shared/settings/presets";
import { lectureDcgan } from "../../src/shared/settings/presets/lecture-dcgan";

it.each(presets.map(({ id, settings }) => [id, settings] as const))(
  "lets every preset train on one core: %s",
  (_, settings) => {
    expect(slowStep(settings, 1)).toBeNull();
  },
);

it("refuses steps that take very long, and names the layer", () => {
  const { settings } = lectureDcgan;
  const [first, ...others] = settings.discriminator.layers;
  const discriminator = {
    ...settings.discriminator,
    layers: [
      { ...first, kernel: 41, padding: 20, stride: 1 } as typeof first,
      ...others,
    ],
  };
  const schedule = { ...settings.schedule, batchSize: 512 };
  const slow = { ...settings, discriminator, schedule };
  const sentence =
    /^A step of these networks would take this computer's processor up to \d+ seconds, \d+ % of it for .*conv.* of the discriminator; make that layer or the batch of 512 smaller, or train on a GPU\.$/i;
  expect(slowStep(slow, 2)).toMatch(sentence);
  // A server has many.
  expect(slowStep(slow, 512)).toBeNull();
});
