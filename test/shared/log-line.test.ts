import { describe, expect, it } from "vitest";
import {
  checkTemplate,
  formatFloat32,
  formatLogLine,
  logNames,
} from "../../src/shared/log-line";
import type { LogName } from "../../src/shared/log-line";
import { presets } from "../../src/shared/settings/presets";

const values = Object.fromEntries(
  logNames.map((name, index) => [name, index]),
) as Record<LogName, number>;

describe("formatLogLine", () => {
  it("writes jaketae's line as the tutorial prints it", () => {
    const jaketae = presets.find(({ id }) => id === "jaketae-mlp");
    const line = formatLogLine(jaketae?.settings.log.template ?? "", {
      ...values,
      epoch: 1,
      epochs: 20,
      stepInEpoch: 400,
      stepsPerEpoch: 937,
      dLoss: 0.94071,
      gLoss: 2.1113,
      dReal: 0.7499,
      dFake: 0.29,
    });
    expect(line).toBe(
      "Epoch [1/20], Step [400/937], d_loss: 0.9407, g_loss: 2.1113, D(x): 0.75, D(G(z)): 0.29",
    );
  });

  // What Python's format prints for the same value and format.
  it.each([
    ["{step:5d}|", 42, "   42|"],
    ["{step:05d}", 42, "00042"],
    ["{dLoss:8.3f}|", Math.PI, "   3.142|"],
    ["{dLoss:.2e}", 0.00123, "1.23e-03"],
    ["{dLoss:.1%}", 0.256, "25.6%"],
    ["{dLoss:.4f}", NaN, "nan"],
    ["{dLoss:.4f}", -Infinity, "-inf"],
    ["{{{step}}}", 7, "{7}"],
  ])("formats %s of %d as Python does", (template, value, expected) => {
    const line = formatLogLine(template, {
      ...values,
      step: value,
      dLoss: value,
    });
    expect(line).toBe(expected);
  });

  // str(numpy.float32(x)).
  it.each([
    [1.3862943649291992, "1.3862944"],
    [0.1, "0.1"],
    [2, "2.0"],
    [1e-5, "1e-05"],
    [NaN, "nan"],
  ])("prints a bare float32 %d as NumPy does", (value, expected) => {
    expect(formatFloat32(value)).toBe(expected);
  });
});

describe("checkTemplate", () => {
  it.each(presets.map(({ id, settings }) => [id, settings.log.template]))(
    "accepts the line of %s",
    (_, template) => {
      expect(checkTemplate(template)).toBeNull();
    },
  );

  it.each([
    ["{dloss}", "names dloss"],
    ["{dLoss:.4x}", 'formats dLoss as ".4x"'],
    ["loss }", "a single }"],
    ["{step:.2d}", "formats step"],
  ])("refuses %s with a sentence", (template, words) => {
    expect(checkTemplate(template)).toContain(words);
  });
});
