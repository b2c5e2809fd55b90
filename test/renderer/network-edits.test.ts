import { describe, expect, it } from "vitest";
import { checkSettings } from "../../src/shared/settings/check";
import { lectureDcgan } from "../../src/shared/settings/presets/lecture-dcgan";
import {
  duplicateLayer,
  insertLayer,
  moveLayer,
  removeLayer,
} from "../../src/renderer/views/train/network-edits";

const network = lectureDcgan.settings.generator;
const typesOf = ({ layers }: typeof network) => layers.map(({ type }) => type);
const last = network.layers.length - 1;

describe("the network editor's edits", () => {
  it("move a layer down and up again, and leave the ends where they are", () => {
    const moved = moveLayer(network, 0, 1);
    expect(moved.layers[1]).toEqual(network.layers[0]);
    expect(moveLayer(moved, 1, -1)).toEqual(network);
    expect(moveLayer(network, 0, -1)).toBe(network);
    expect(moveLayer(network, last, 1)).toBe(network);
  });

  it("give a copied or inserted layer a name of its own", () => {
    const copied = duplicateLayer(duplicateLayer(network, 0), 0);
    const generator = insertLayer(copied, 1, "batchNorm");
    const names = generator.layers.flatMap((layer) =>
      "name" in layer ? [layer.name] : [],
    );
    expect(new Set(names).size).toBe(names.length);
    const named = checkSettings({ ...lectureDcgan.settings, generator });
    expect(named.map(({ message }) => message).join()).not.toMatch(/name/);
  });

  it("insert at either end and in the middle, and take out again", () => {
    for (const index of [0, 3, last + 1]) {
      const longer = insertLayer(network, index, "relu");
      expect(typesOf(longer)[index]).toBe("relu");
      expect(removeLayer(longer, index)).toEqual(network);
    }
  });
});
