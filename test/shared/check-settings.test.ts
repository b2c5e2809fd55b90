import { describe, expect, it, test } from "vitest";
import { checkSettings, imagesProblem } from "../../src/shared/settings/check";
import { presets } from "../../src/shared/settings/presets";
import type { TrainingSettings } from "../../src/shared/settings/settings";
import { smallSettings } from "../trainer/runs";

/** The problems of small settings after one change. */
function problemsOf(change: (settings: TrainingSettings) => void) {
  const settings = structuredClone(smallSettings(10));
  change(settings);
  return checkSettings(settings);
}

describe("checkSettings", () => {
  it.each(presets.map((preset) => [preset.id, preset.settings] as const))(
    "finds nothing wrong with %s",
    (_, settings) => {
      expect(checkSettings(settings)).toEqual([]);
    },
  );

  it("names the layer that does not fit", () => {
    const [problem] = problemsOf(({ generator }) => {
      generator.layers.splice(2, 0, { type: "upsample", factor: 2 });
    });
    expect(problem).toEqual({
      path: "generator.layers.2",
      message:
        "layer 3 (Upsample) got 8 and needs an image (channels x height x width), so put a reshape layer before it.",
    });
  });

  it("refuses a generator that makes images of another size", () => {
    const [problem] = problemsOf(({ data }) => (data.size = 32));
    expect(problem.path).toBe("generator.layers.3");
    expect(problem.message).toContain("must give 1024 values");
  });

  it("refuses a discriminator with more than one answer", () => {
    const [problem] = problemsOf(({ discriminator }) => {
      discriminator.layers.splice(2);
    });
    expect(problem.message).toContain("gives 8 values an image");
  });

  it("refuses a step of too much arithmetic, and names the costliest layer", () => {
    const [problem] = problemsOf(({ discriminator, schedule }) => {
      const kernel = { kernel: 3, stride: 1, padding: 1, bias: true };
      discriminator.input = [1, 28, 28];
      discriminator.layers.unshift(
        { type: "conv", name: "wide", filters: 4096, ...kernel },
        { type: "conv", name: "narrow", filters: 1, ...kernel },
        { type: "flatten" },
      );
      schedule.batchSize = 4096;
    });
    expect(problem.path).toBe("discriminator.layers.0");
    expect(problem.message).toMatch(
      /layer 1 \(Conv\) of the discriminator.*make that layer or the batch of 4096 smaller/,
    );
  });

  it("refuses two layers of one name", () => {
    const [problem] = problemsOf(({ generator }) => {
      generator.layers.push({
        type: "dense",
        name: "0",
        units: 784,
        bias: true,
      });
    });
    expect(problem).toMatchObject({ path: "generator.layers.4" });
    expect(problem.message).toContain("a name that another layer has");
  });

  it("refuses a sigmoid generator on data from -1 to 1", () => {
    const [problem] = problemsOf(({ generator }) => {
      generator.layers[3] = { type: "sigmoid" };
    });
    expect(problem.path).toBe("data.range");
  });

  it("refuses a critic that ends in a sigmoid", () => {
    const [problem] = problemsOf(({ objective }) => {
      objective.loss = "wasserstein";
    });
    expect(problem.message).toContain("needs a critic without bounds");
  });

  it("refuses a limit below one batch", () => {
    const [problem] = problemsOf(({ data }) => {
      data.limit = { count: 3, pick: "first" };
    });
    expect(problem.path).toBe("schedule.batchSize");
  });

  it("refuses a log line that names what does not exist", () => {
    const [problem] = problemsOf(({ log }) => (log.template = "{fid}"));
    expect(problem.path).toBe("log.template");
  });
});

describe("imagesProblem", () => {
  const settings = structuredClone(smallSettings(10));
  settings.schedule = {
    ...settings.schedule,
    batchSize: 64,
    lastBatch: "keep",
  };
  const normalised = structuredClone(settings);
  normalised.generator.layers.splice(1, 0, {
    type: "batchNorm",
    name: "bn",
    eps: 1e-5,
    momentum: 0.1,
  });

  it("refuses a last batch of one image under batch normalisation only", () => {
    expect(imagesProblem(normalised, 129)).toContain(
      "the last batch holds one image",
    );
    expect(imagesProblem(normalised, 130)).toBeNull();
    expect(imagesProblem(settings, 129)).toBeNull();
  });

  it("refuses a data set of one image under batch normalisation", () => {
    normalised.schedule = { ...normalised.schedule, order: "random" };
    expect(imagesProblem(normalised, 1)).toContain("has one image");
  });
});

test.each(["lecture-mlp", "lecture-dcgan"])(
  "%s prints D(G(z)) of G's update, as its tutorial does",
  (id) => {
    const preset = presets.find((one) => one.id === id);
    expect(preset?.settings.log.template).toContain("D(G(z))={dFakeAfter:.4f}");
  },
);
