/** What the microscope shows as D's view is what the engine's step shows D. */
import { expect, it } from "vitest";
import { createEngine } from "../../src/main/engine";
import { openMicroscope } from "../../src/main/studio/microscope";
import {
  noImprovements,
  wholeAugmentation,
} from "../../src/shared/settings/improvements";
import { smallSettings, noiseImages } from "../trainer/runs";

it("shows the images of a step disturbed, as the step itself disturbs them", async () => {
  const settings = smallSettings(8, {
    engine: { id: "onnx", threads: 1, spinning: false },
    improvements: {
      ...noImprovements,
      instanceNoise: { deviation: 0.3, steps: 100 },
      augmentation: wholeAugmentation,
    },
  });
  const open = async (changed: typeof settings) =>
    openMicroscope({
      settings: changed,
      images: noiseImages(22),
      engine: await createEngine("onnx"),
      from: null,
    });
  const microscope = await open(settings);
  const plain = await open({ ...settings, improvements: noImprovements });
  const before = await microscope.observe();
  const undisturbed = await plain.observe();
  expect(before.real).not.toEqual(undisturbed.real);
  await microscope.update("discriminator", true);
  const { last } = await microscope.observe();
  expect(last?.metrics["score/real"]).toBeCloseTo(before.figures.real, 6);
  expect(last?.metrics["score/fake"]).toBeCloseTo(before.figures.fake, 6);
  expect(undisturbed.figures.real).not.toBeCloseTo(before.figures.real, 4);
  await microscope.close();
  await plain.close();
});
