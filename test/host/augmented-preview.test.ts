/** Images of a data set as D sees them: by the run's own code, and unchanged where nothing is drawn. */
import { expect, it } from "vitest";
import {
  disturbing,
  parseAugmentation,
} from "../../src/main/host/augmented-preview";
import { Random } from "../../src/shared/random";
import { wholeAugmentation } from "../../src/shared/settings/improvements";

const data = { size: 8, channels: 3, range: "symmetric" } as const;
const random = Random.fromSeed(0, "a picture");
const picture = Uint8Array.from({ length: 3 * 64 }, () => random.below(256));

it("leaves pictures as they are at probability 0", () => {
  const none = { ...wholeAugmentation, probability: 0 };
  expect(disturbing(none, data, 1)(picture, 0)).toEqual(picture);
});

it("disturbs each its own way, and one that is steered as at its strongest", () => {
  const steered = {
    ...wholeAugmentation,
    probability: 0,
    adaptive: { target: 0.6, swing: 1000 },
  };
  const disturb = disturbing(steered, data, 1);
  const [first, second] = [disturb(picture, 0), disturb(picture, 1)];
  expect(first).not.toEqual(picture);
  expect(first).not.toEqual(second);
  expect(disturbing(steered, data, 1)(picture, 0)).toEqual(first);
});

it("knows what is no augmentation", () => {
  expect(parseAugmentation(JSON.stringify(wholeAugmentation))).toEqual(
    wholeAugmentation,
  );
  expect(parseAugmentation("{")).toBeNull();
  expect(parseAugmentation('{"color":1}')).toBeNull();
});
