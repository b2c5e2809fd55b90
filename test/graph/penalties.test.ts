/** The gradient of the gradient penalties, in float64, is PyTorch's double backward to 1e-6. */
import { expect, it } from "vitest";
import { networkRoles, parameterKey } from "../../src/main/graph/parameters";
import { outputNames } from "../../src/main/graph/program";
import { Programs } from "../../src/main/graph/programs";
import { scalarName, scalarsAt, scalarsOf } from "../../src/main/graph/scalars";
import { pack } from "../../src/main/graph/state";
import { parametersOf } from "../../src/shared/settings/network";
import type { Parameter } from "../../src/shared/settings/network";
import type { EngineCase } from "../engine/cases";
import { engineCases, inputsOf, stateOf, stepsInCase } from "../engine/cases";
import { readFixture, samplePlaces } from "../engine/fixtures";
import { evaluator } from "./float64";

const penalized = engineCases.filter(
  ({ model: { improvements }, heavy }) =>
    !heavy && Object.values(improvements.penalties).some((one) => one !== null),
);

it.each(penalized)("of $name", (engineCase) => {
  const { model, batch, name } = engineCase;
  const { layout, ...programs } = programOf(engineCase);
  const state = stateOf(engineCase);
  const inputs = new Map<string, ArrayLike<number>>();
  for (const variable of layout.variables)
    inputs.set(variable.name, pack(variable, state));
  for (const [input, values] of inputsOf(engineCase))
    inputs.set(input, values.subarray(0, values.length / stepsInCase));
  for (const role of networkRoles)
    scalarsOf(model, role).forEach((scalar, i) => {
      const learningRate = 1e-3;
      const all = scalarsAt(model, role, { update: 4, batch, learningRate });
      inputs.set(scalarName(role, scalar), [all[i]]);
    });
  const valueOf = evaluator(inputs);
  const { gradients } = readFixture(name).updates.discriminator;
  let compared = 0;
  for (const parameter of parametersOf(model.discriminator)) {
    if (!parameter.trainable) continue;
    const key = parameterKey("discriminator", parameter.name);
    const want = gradients[key];
    const node = programs.outputs.get(outputNames.gradient(key));
    if (!want || !node) continue;
    const found = inPytorchsOrder(valueOf(node), parameter);
    const rms = want.norm / Math.sqrt(found.length);
    samplePlaces(found.length).forEach((place, i) => {
      const allowed = 1e-6 * Math.max(Math.abs(want.at[i]), rms) + 1e-12;
      const off = Math.abs(found[place] - want.at[i]);
      expect(off, `${key}[${place}]`).toBeLessThanOrEqual(allowed);
    });
    compared++;
  }
  expect(compared).toBeGreaterThan(1);
});

function programOf({ model, batch }: EngineCase) {
  const programs = new Programs(model);
  const { outputs } = programs.update(batch, "discriminator");
  return { layout: programs.layout, outputs };
}

/** Convolution weights are `[filters, pixels, channels]` inside. */
function inPytorchsOrder(
  values: Float64Array,
  { shape }: Parameter,
): Float64Array {
  if (shape.length < 4) return values;
  const [, channels, height, width] = shape;
  const pixels = height * width;
  return values.map((_, index) => {
    const filter = Math.floor(index / (channels * pixels));
    const channel = Math.floor(index / pixels) % channels;
    const pixel = index % pixels;
    return values[(filter * pixels + pixel) * channels + channel];
  });
}
