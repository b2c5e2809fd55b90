/** A GPU that fails during a run: the processor goes on from the last checkpoint, and whoever watches is told. */
import { expect, it, vi } from "vitest";
import type { AppEvent } from "../../src/shared/contract/events";
import type {
  TrainerEvent,
  TrainingOrder,
} from "../../src/main/trainer/messages";
import { TrainerThread, TrainerError } from "../../src/main/trainer/spawn";
import type { Trainer } from "../../src/main/trainer/spawn";
import { quickSettings, recordOf, temporaryApplication } from "./application";

/** The real one, whose first run ends at its second checkpoint as it does where a device is lost. */
function losingTrainer(): { trainer: Trainer; orders: TrainingOrder[] } {
  const real = new TrainerThread();
  const orders: TrainingOrder[] = [];
  async function* losing(order: TrainingOrder): AsyncGenerator<TrainerEvent> {
    for await (const event of real.start(order)) {
      yield event;
      if (event.type === "checkpoint" && event.checkpoint.position.step === 20)
        throw new TrainerError("The GPU failed: device lost", false, true);
    }
  }
  const trainer = Object.create(real, {
    start: {
      value: (order: TrainingOrder) =>
        orders.push(order) === 1 ? losing(order) : real.start(order),
    },
  }) as Trainer;
  return { trainer, orders };
}

it("goes on on the processor from the last checkpoint, and says so", async () => {
  const { trainer, orders } = losingTrainer();
  const heard: AppEvent[] = [];
  const application = await temporaryApplication({ trainer });
  application.onEvent((event) => void heard.push(event));
  const settings = quickSettings(60);
  const listing = await application.handlers.training.start({
    settings: {
      ...settings,
      checkpoints: { ...settings.checkpoints, everySteps: 10 },
    },
    name: null,
  });
  const id = listing.kind === "run" ? listing.record.id : "";
  await vi.waitUntil(() => application.trainingRun() === null, 30_000);
  expect(
    orders.map(({ engine, from }) => [engine?.id, from?.position.step]),
  ).toEqual([
    ["onnx", undefined],
    ["onnx", 20],
  ]);
  const record = await recordOf(application, id);
  expect(record).toMatchObject({ state: "finished", progress: { step: 60 } });
  expect(record.environment?.choice).toBe(
    "The GPU failed: device lost. The run continued on the CPU at step 20.",
  );
  expect(heard).toContainEqual({
    type: "notice",
    notice: {
      level: "warning",
      text: "The GPU failed: device lost.",
      advice: "The run continues on the CPU from its checkpoint at step 20.",
      run: id,
    },
  });
  await application.close();
});
