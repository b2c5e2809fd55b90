/** The state's layout and the weights that training starts from. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { ModelSettings, ModelState } from "../../src/main/engine/engine";
import {
  copyState,
  initialState,
  networkRoles,
  stateLayout,
  stateMismatch,
} from "../../src/main/graph/parameters";
import {
  countParameters,
  parametersOf,
} from "../../src/shared/settings/network";
import { findPreset, presets } from "../../src/shared/settings/presets";
import { Random } from "../../src/shared/random";
import { engineCases } from "../engine/cases";
import { readFixture, readJson } from "../engine/fixtures";

const described = z.record(
  z.string(),
  z.record(
    z.enum(networkRoles),
    z.object({
      tensors: z.array(z.tuple([z.string(), z.array(z.number())])),
      count: z.number(),
    }),
  ),
);

describe("a preset's networks", () => {
  const tutorials = described.parse(readJson("tutorial-parameters"));
  for (const [id, networks] of Object.entries(tutorials))
    it(`own what the tutorial's own PyTorch modules own: ${id}`, () => {
      const settings = settingsOf(id);
      for (const role of networkRoles) {
        const own = parametersOf(settings[role]);
        expect(own.map(({ name, shape }) => [name, shape])).toEqual(
          networks[role].tensors,
        );
        expect(countParameters(settings[role])).toBe(networks[role].count);
      }
    });

  it("name their parameters as PyTorch does, in its order", () => {
    for (const { name, model } of engineCases)
      for (const role of networkRoles)
        expect(parametersOf(model[role]).map((own) => own.name)).toEqual(
          readFixture(name).parameters[role],
        );
  });
});

describe("initialState", () => {
  it("fills the layout in order", () => {
    for (const { id, settings } of presets) {
      if (id === "lecture-dcgan") continue;
      const state = [...drawn(settings)];
      expect(state.map(([name, { shape }]) => ({ name, shape }))).toEqual(
        stateLayout(settings),
      );
    }
  });

  it("draws the same weights from the same seed, and others from another", () => {
    const settings = settingsOf("jaketae-mlp");
    const weights = (seed: number) =>
      drawn(settings, seed).get("generator.0.weight")?.data;
    expect(weights(5)).toEqual(weights(5));
    expect(weights(5)).not.toEqual(weights(6));
  });

  it("draws PyTorch's default: uniform within one over the root of the fan in", () => {
    const state = drawn(settingsOf("jaketae-mlp"));
    for (const name of ["generator.0.weight", "generator.0.bias"]) {
      const { low, high, mean } = spread(state, name);
      expect(low).toBeGreaterThanOrEqual(-1 / 8);
      expect(high).toBeLessThanOrEqual(1 / 8);
      expect(high - low).toBeGreaterThan(0.24);
      expect(Math.abs(mean)).toBeLessThan(0.02);
    }
  });

  it("draws the fan in of a transposed convolution as PyTorch does, from its outputs", () => {
    const { model } = caseNamed("kernels");
    const { high } = spread(drawn(model), "generator.net.0.weight");
    const bound = 1 / Math.sqrt(4 * 3 * 3);
    expect(high).toBeLessThanOrEqual(bound);
    expect(high).toBeGreaterThan(0.9 * bound);
  });

  it("draws wiseodd's weights with a variance of two over the fan in, and no biases", () => {
    const state = drawn(settingsOf("wiseodd-mlp"));
    const { deviation, mean } = spread(state, "generator.hx.weight");
    expect(deviation).toBeCloseTo(1 / Math.sqrt(64), 3);
    expect(mean).toBeCloseTo(0, 3);
    expect(spread(state, "generator.hx.bias").high).toBe(0);
  });

  it("draws the DCGAN weights of Radford et al.", () => {
    const state = drawn(settingsOf("jrtechs-dcgan"));
    const filters = spread(state, "generator.conv_blocks.2.weight");
    expect(filters.deviation).toBeCloseTo(0.02, 3);
    const scale = spread(state, "generator.conv_blocks.3.weight");
    expect(scale.mean).toBeCloseTo(1, 2);
    expect(scale.deviation).toBeGreaterThan(0.015);
    expect(spread(state, "generator.conv_blocks.3.bias").high).toBe(0);
    expect(spread(state, "generator.conv_blocks.3.running_var").low).toBe(1);
  });

  it("starts with an optimiser that remembers nothing", () => {
    const state = drawn(settingsOf("jaketae-mlp"));
    const remembered = [...state].filter(([name]) =>
      name.startsWith("optimizer."),
    );
    expect(remembered).toHaveLength(2 * (6 * 2 + 1));
    for (const [, { data }] of remembered)
      expect(data.every((value) => value === 0)).toBe(true);
  });
});

describe("stateMismatch", () => {
  const settings = settingsOf("lecture-mlp");

  it("finds nothing wrong with a state that fits", () => {
    expect(stateMismatch(settings, drawn(settings))).toBeNull();
  });

  it("names a tensor that is missing", () => {
    const state = drawn(settings);
    state.delete("generator.fc1.bias");
    expect(stateMismatch(settings, state)).toBe(
      "The saved state has no tensor generator.fc1.bias.",
    );
  });

  it("names a tensor of another shape, and both shapes", () => {
    const state = drawn(settings);
    state.set("generator.fc1.bias", {
      shape: [64],
      data: new Float32Array(64),
    });
    expect(stateMismatch(settings, state)).toBe(
      "The saved tensor generator.fc1.bias is [64] and the network needs [128].",
    );
  });

  it("names a tensor that the network does not have", () => {
    const state = drawn(settings);
    state.set("generator.fc9.bias", { shape: [1], data: new Float32Array(1) });
    expect(stateMismatch(settings, state)).toContain("generator.fc9.bias");
  });
});

describe("copyState", () => {
  it("shares no memory", () => {
    const state = drawn(settingsOf("lecture-mlp"));
    const copy = copyState(state);
    copy.get("generator.fc1.weight")?.data.fill(7);
    expect(spread(state, "generator.fc1.weight").high).toBeLessThan(1);
  });
});

function settingsOf(id: string): ModelSettings {
  const preset = findPreset(id);
  if (!preset) throw new Error(`There is no preset ${id}.`);
  return preset.settings;
}

function caseNamed(name: string) {
  const found = engineCases.find((engineCase) => engineCase.name === name);
  if (!found) throw new Error(`There is no case ${name}.`);
  return found;
}

function drawn(model: ModelSettings, seed = 1): ModelState {
  return initialState(model, Random.fromSeed(seed, "weights"));
}

function spread(state: ModelState, name: string) {
  const data = state.get(name)?.data ?? new Float32Array();
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const squares = data.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / data.length);
  const low = data.reduce((least, value) => Math.min(least, value));
  const high = data.reduce((most, value) => Math.max(most, value));
  return { mean, deviation, low, high };
}
