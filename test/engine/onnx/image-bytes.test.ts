/** Real images as bytes: the engine makes the same values of them as the batch reader, to the bit. */
import { expect, it } from "vitest";
import { levelTable } from "../../../src/main/data/batches";
import type { StepBatch } from "../../../src/main/engine/engine";
import { createOnnxEngine } from "../../../src/main/engine/onnx";
import { Random } from "../../../src/shared/random";
import type { DataSettings } from "../../../src/shared/settings/settings";
import { batchOf, expectSameState, findCase, open } from "../sessions";

const cases = [
  "wiseodd-mlp",
  "dropout",
  "generator-every-second-step",
  "r3gan",
  "penalty-interpolated",
  "augmentation-grey",
];

for (const name of cases)
  for (const range of ["unit", "symmetric"] as const)
    it(`trains on bytes as on values, ${range}: ${name}`, async () => {
      const engineCase = findCase(name);
      const engine = await createOnnxEngine();
      const steps = engineCase.generatorUpdates.length;
      const { bytes, values } = bothWays(batchOf(engineCase, 0, steps), range);
      const [one, other] = [
        await open(engine, engineCase),
        await open(engine, engineCase),
      ];
      expect(one.acceptsBytes).toBe(true);
      expect(await one.train(bytes)).toEqual(await other.train(values));
      expectSameState(await one.readState(), await other.readState());
      await one.dispose();
      await other.dispose();
    });

/** The same random images. */
function bothWays(batch: StepBatch, range: DataSettings["range"]) {
  const random = Random.fromSeed(3, "levels");
  const real = batch.inputs.get("real") ?? new Float32Array();
  const levels = Uint8Array.from(real, () => random.below(256));
  const table = levelTable(range);
  const inputs = new Map(batch.inputs);
  inputs.set(
    "real",
    Float32Array.from(levels, (level) => table[level]),
  );
  const others = new Map(inputs);
  others.delete("real");
  return {
    values: { ...batch, inputs },
    bytes: { ...batch, inputs: others, images: { levels, range } },
  };
}
