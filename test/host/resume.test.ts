/** Going on under changed settings, also where the first attempt ended before it had a checkpoint of its own. */
import { expect, test, vi } from "vitest";
import type { Application } from "../../src/main/host/app";
import type { Checkpoint } from "../../src/main/trainer/events";
import type { TrainingOrder } from "../../src/main/trainer/messages";
import { TrainerThread } from "../../src/main/trainer/spawn";
import type { Trainer } from "../../src/main/trainer/spawn";
import type { TrainingSettings } from "../../src/shared/settings/settings";
import { quickSettings, start, temporaryApplication } from "./application";

const endless = 1_000_000;

/** Twice the generator's learning rate, and an optimiser that remembers otherwise. */
function changed(settings: TrainingSettings): TrainingSettings {
  const { generator } = settings.optimizers;
  return {
    ...settings,
    optimizers: {
      generator: { ...generator, learningRate: 2 * generator.learningRate },
      discriminator: { type: "sgd", learningRate: 0.01, momentum: 0 },
    },
  };
}

async function interrupted(): Promise<{ library: string; id: string }> {
  const application = await temporaryApplication();
  const id = await start(application, 20);
  await ended(application);
  const { library } = await application.handlers.app.info({});
  await application.close();
  return { library, id };
}

/** The real one, and what it was asked for. */
function watchedTrainer(): { trainer: Trainer; orders: TrainingOrder[] } {
  const orders: TrainingOrder[] = [];
  const real = new TrainerThread();
  const trainer = Object.create(real, {
    start: {
      value: (order: TrainingOrder) => {
        orders.push(order);
        return real.start(order);
      },
    },
  }) as Trainer;
  return { trainer, orders };
}

test("a run interrupted before its first checkpoint under changed settings goes on under them", async () => {
  const { library, id } = await interrupted();
  const settings = changed(quickSettings(endless));
  const rates = {
    generator: settings.optimizers.generator.learningRate,
    discriminator: 0.01,
  };
  for (const attempt of [settings, undefined]) {
    const { trainer, orders } = watchedTrainer();
    const application = await temporaryApplication({ library, trainer });
    await application.handlers.training.resume({
      run: id,
      steps: endless,
      settings: attempt,
    });
    await vi.waitUntil(() => orders.length > 0);
    const [{ from }] = orders;
    expect(from?.position.step).toBe(20);
    expect(from?.position.learningRates).toEqual(rates);
    expect(remembered(from, "generator")).not.toEqual([]);
    expect(remembered(from, "discriminator")).toEqual([]);
    await application.close();
  }
});

/** The gradients that one network's Adam keeps. */
function remembered(from: Checkpoint | null, role: string): string[] {
  return [...(from?.state.keys() ?? [])].filter(
    (name) =>
      name.startsWith(`optimizer.${role}.`) && name.endsWith(".gradient_sum"),
  );
}

async function ended(application: Application): Promise<void> {
  await vi.waitUntil(() => application.trainingRun() === null, 20_000);
}
