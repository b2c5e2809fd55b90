/** One reading for all who ask at once, and never an answer that is older than its question. */
import { expect, test } from "vitest";
import { SharedReading } from "../../src/main/runs/shared-reading";
import { createStore } from "../../src/main/runs/store";
import { finishedRun, temporaryStore } from "./library";

/** A reading that takes until it is let go on, and gives what was true as it began. */
function slowReading() {
  const world = { truth: 0, readings: 0 };
  let goOn: () => void = () => undefined;
  const shared = new SharedReading(async () => {
    world.readings++;
    const { truth } = world;
    await new Promise<void>((resolve) => (goOn = resolve));
    if (truth < 0) throw new Error("It cannot be read.");
    return truth;
  });
  const begun = async (count: number) => {
    while (world.readings < count)
      await new Promise((resolve) => setImmediate(resolve));
  };
  return { world, shared, begun, goOn: () => goOn() };
}

test("those who ask together share one reading", async () => {
  const { world, shared, begun, goOn } = slowReading();
  const answers = [shared.ask(), shared.ask(), shared.ask()];
  await begun(1);
  goOn();
  expect(await Promise.all(answers)).toEqual([0, 0, 0]);
  expect(world.readings).toBe(1);
});

test("whoever asks after a change is told of it, although a reading is under way", async () => {
  const { world, shared, begun, goOn } = slowReading();
  const before = shared.ask();
  await begun(1);
  world.truth = 1;
  const after = [shared.ask(), shared.ask()];
  goOn();
  expect(await before).toBe(0);
  await begun(2);
  goOn();
  expect(await Promise.all(after)).toEqual([1, 1]);
  expect(world.readings).toBe(2);
});

test("a reading that fails does so for those who shared it, and for nobody after them", async () => {
  const { world, shared, begun, goOn } = slowReading();
  world.truth = -1;
  const failing = [shared.ask(), shared.ask()];
  const told = Promise.allSettled(failing);
  await begun(1);
  world.truth = 2;
  const next = shared.ask();
  goOn();
  for (const { status } of await told) expect(status).toBe("rejected");
  await begun(2);
  goOn();
  expect(await next).toBe(2);
});

test("two tables that are asked for together read the library once, and one after a change has it", async () => {
  const store = await temporaryStore();
  const id = await finishedRun(store);
  const other = await createStore(store.library);
  const [first, second] = await Promise.all([store.records(), store.records()]);
  expect(second).toBe(first);
  const early = store.records();
  await other.edit(id, { name: "Changed elsewhere" });
  const late = store.records();
  await early;
  expect(await late).toMatchObject([{ record: { name: "Changed elsewhere" } }]);
});
