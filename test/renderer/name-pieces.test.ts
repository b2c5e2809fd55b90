/** What of a run's name stays where there is no room for all of it. */
import { expect, it } from "vitest";
import { piecesOf } from "../../src/renderer/components/name-pieces";

it.each([
  ["Learning rate 2e-4, Batch size 32 · seed 1", ["2e-4,", "32 · seed 1"]],
  ["Learning rate 2e-4, Batch size 32", ["2e-4,", "32"]],
  ["D learning rate 0.002 · seed 0", ["0.002 · seed 0"]],
  ["Three-layer MLP · fork @120", ["· fork @120"]],
  ["Preset wgan-gp, Loss hinge · seed 1", ["· seed 1"]],
  ["Three-layer MLP", []],
  ["Cats, dogs", []],
])("%s keeps its values and its seed", (name, ends) => {
  const pieces = piecesOf(name);
  expect(pieces.map(({ end }) => end)).toEqual(ends);
  if (pieces.length > 0)
    expect(pieces.map(({ words, end }) => `${words} ${end}`).join(" ")).toBe(
      name,
    );
});
