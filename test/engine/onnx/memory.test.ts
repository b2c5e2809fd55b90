import { expect, it } from "vitest";
import { createOnnxEngine } from "../../../src/main/engine/onnx";
import type { ModelState } from "../../../src/main/engine/engine";
import { batchOf, expectSameState, findCase, open } from "../sessions";

it("writes each state over the one before the last, and gets the same bits as in fresh memory", async () => {
  const engineCase = findCase("jaketae-mlp");
  const session = await open(await createOnnxEngine(), engineCase);
  const batch = batchOf(engineCase, 0, 1);
  const train = async (calls: number) => {
    for (let call = 0; call < calls; call++) await session.train(batch);
  };
  const sizeOf = (state: ModelState) =>
    [...state.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
  const bytes = () => process.memoryUsage().arrayBuffers;

  await train(3);
  const start = await session.readState();
  const before = bytes();
  await train(3);
  expect(bytes() - before).toBeLessThan(sizeOf(start));

  const reused = await session.readState();
  await session.writeState(start);
  for (let call = 0; call < 3; call++) {
    await train(1);
    await session.writeState(await session.readState());
  }
  expectSameState(await session.readState(), reused);
  await session.dispose();
});
