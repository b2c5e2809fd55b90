import { describe, expect, it } from "vitest";
import { countParameters } from "../../src/shared/settings/network";
import { presets } from "../../src/shared/settings/presets/index";
import { jaketaeMlp } from "../../src/shared/settings/presets/jaketae-mlp";
import { jrtechsDcgan } from "../../src/shared/settings/presets/jrtechs";
import { planSweep } from "../../src/shared/sweeps/plan";
import type { SweepOrder } from "../../src/shared/sweeps/plan";
import { Draft } from "../../src/renderer/state/draft.svelte";
import { Variants } from "../../src/renderer/state/variants.svelte";
import { withImages } from "../../src/shared/settings/fit-networks";
import { memoryOf, totalSteps } from "../../src/shared/estimate";
import { describeNetwork } from "../../src/renderer/views/train/describe-network";

describe("the settings of a new run", () => {
  it("are the preset's own, and fit", () => {
    const draft = new Draft();
    for (const preset of presets) {
      draft.choosePreset(preset);
      expect(draft.settings).toEqual(preset.settings);
      expect(draft.problems).toEqual([]);
      expect(draft.isChanged).toBe(false);
    }
  });

  it("keep a data set that was chosen by hand when the preset changes", () => {
    const draft = new Draft();
    draft.chooseData("strokes");
    draft.choosePreset(jrtechsDcgan);
    expect(draft.settings.data.source).toBe("strokes");
    expect(draft.settings.data.size).toBe(32);
  });

  it("are changed one by one through their paths, and nothing else is", () => {
    const draft = new Draft();
    const before = draft.settings;
    draft.set("objective.generatorEvery", 5);
    draft.set("checkpoints.keepBest", false);
    expect(draft.settings).toEqual({
      ...before,
      objective: { ...before.objective, generatorEvery: 5 },
      checkpoints: { ...before.checkpoints, keepBest: false },
    });
    expect(draft.isTouched("objective")).toBe(true);
    expect(draft.isTouched("schedule")).toBe(false);
    draft.set("objective.generatorEvery", 0);
    expect(draft.problemAt("objective.generatorEvery")).toMatch(/\w/);
  });

  it("say beside the field what is wrong with it", () => {
    const draft = new Draft();
    const { optimizers, schedule } = draft.settings;
    draft.change({
      optimizers: {
        ...optimizers,
        generator: { ...optimizers.generator, learningRate: 0 },
      },
      schedule: { ...schedule, batchSize: 1.5 },
      seed: NaN,
    });
    expect(draft.problemAt("optimizers.generator.learningRate")).toBe(
      "Needs a number above 0.",
    );
    expect(draft.problemAt("schedule.batchSize")).toBe("Needs a whole number.");
    expect(draft.problemAt("seed")).toMatch(/^Needs a/);
    expect(draft.problemAt("optimizers.discriminator")).toBeNull();
  });

  it("name the layer that does not fit", () => {
    const draft = new Draft();
    draft.change({
      generator: {
        ...jaketaeMlp.settings.generator,
        layers: jaketaeMlp.settings.generator.layers.slice(0, 4),
      },
    });
    expect(draft.problemAt("generator.layers")).toMatch(
      /makes 256 and the images are 1 x 28 x 28/,
    );
  });
});

describe("images of another size or colour", () => {
  it.each(presets)("still fit the networks of $id", (preset) => {
    const draft = new Draft();
    draft.change(withImages(preset.settings, { channels: 3 }));
    expect(draft.problems).toEqual([]);
  });

  it("resize the ends of a dense pair", () => {
    const changed = withImages(jaketaeMlp.settings, { size: 32 });
    expect(changed.discriminator.input).toEqual([1024]);
    expect(describeNetwork(changed.generator).at(-1)?.shape).toBe("1024");
  });
});

describe("the estimate", () => {
  it("counts the steps of the schedule", () => {
    const { schedule } = jaketaeMlp.settings;
    expect(totalSteps(schedule, 60_000)).toBe(20 * 937);
    expect(totalSteps({ ...schedule, lastBatch: "keep" }, 60_000)).toBe(
      20 * 938,
    );
    expect(totalSteps(schedule, null)).toBeNull();
  });

  it("grows with the images", () => {
    const few = memoryOf(jaketaeMlp.settings, 1_000) ?? 0;
    const many = memoryOf(jaketaeMlp.settings, 60_000) ?? 0;
    expect(many - few).toBe(59_000 * 784);
  });
});

it("the network editor's counts are the network's", () => {
  const { generator } = jrtechsDcgan.settings;
  const sum = describeNetwork(generator).reduce(
    (total, { parameters }) => total + parameters,
    0,
  );
  expect(sum).toBe(countParameters(generator));
});

describe("variants", () => {
  const rate = "optimizers.discriminator.learningRate";

  it("are several values in fields, of which each that cannot be read is named", () => {
    const variants = new Variants();
    const draft = new Draft(variants);
    expect(variants.isOn).toBe(false);
    variants.vary(rate, "1e-4, 2e-4, ");
    variants.vary("objective.clip", "0, 0.01", true);
    expect(variants.order(draft.base, draft.settings)?.axes).toEqual([
      { key: rate, values: { kind: "list", values: [1e-4, 2e-4] } },
      {
        key: "objective.clip",
        values: { kind: "list", values: [null, 0.01] },
      },
    ]);
    variants.vary(rate, "1e-4 .. x 3");
    expect(variants.problem).toContain("D learning rate");
    expect(variants.order(draft.base, draft.settings)).toBeNull();
    variants.vary(rate, null);
    variants.seeds = 2;
    expect(variants.order(draft.base, draft.settings)?.seeds).toEqual([0, 1]);
    draft.reset();
    expect(variants.isOn).toBe(false);
  });

  it("of presets keep the data set and what was changed in the form, and nothing else of the one shown", () => {
    const variants = new Variants();
    const draft = new Draft(variants);
    draft.choosePreset(jaketaeMlp);
    draft.chooseData("strokes");
    draft.set("schedule.batchSize", 77);
    variants.vary("preset", '"jaketae-mlp", "jrtechs-dcgan"');
    const order = orderOf(variants, draft);
    const plan = planSweep(order);
    const [mlp, dcgan] = plan.configurations.map(({ settings }) => settings);
    expect(mlp).toEqual(draft.settings);
    expect(dcgan).toEqual({
      ...jrtechsDcgan.settings,
      data: { ...jrtechsDcgan.settings.data, source: "strokes" },
      schedule: { ...jrtechsDcgan.settings.schedule, batchSize: 77 },
    });
  });

  it("of the number of images are those of all settings where all are taken otherwise", () => {
    const variants = new Variants();
    const draft = new Draft(variants);
    variants.vary("data.limit.count", "0, 500", true);
    const order = orderOf(variants, draft);
    expect(
      planSweep(order).configurations.map(
        ({ settings }) => settings.data.limit,
      ),
    ).toEqual([null, { count: 500, pick: "random" }]);
  });
});

function orderOf(variants: Variants, draft: Draft): SweepOrder {
  const order = variants.order(draft.base, draft.settings);
  if (!order) throw new Error("Nothing varies.");
  return order;
}
