/** A run keeps its engine: when it is resumed, in its forks, and with the others of its sweep. */
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { machineStamp } from "../../src/main/engines/machine";
import { openNew } from "../../src/main/host/openings";
import { createStore } from "../../src/main/runs/store";
import type {
  TrainerEvent,
  TrainingOrder,
} from "../../src/main/trainer/messages";
import { TrainerThread } from "../../src/main/trainer/spawn";
import type { Trainer } from "../../src/main/trainer/spawn";
import { quickSettings, recordOf, temporaryApplication } from "./application";

const drivers = process.env.VK_ICD_FILENAMES;
beforeEach(() => (process.env.VK_ICD_FILENAMES = "/a/driver.json"));
afterEach(() => {
  if (drivers === undefined) delete process.env.VK_ICD_FILENAMES;
  else process.env.VK_ICD_FILENAMES = drivers;
});

/** Trains on the processor what is ordered for a GPU, and says that the GPU did it. */
function pretendingTrainer() {
  const orders: TrainingOrder[] = [];
  const real = new TrainerThread();
  async function* start(order: TrainingOrder): AsyncGenerator<TrainerEvent> {
    orders.push(order);
    const id = order.engine?.id ?? "auto";
    const onProcessor = { ...order, engine: { id: "onnx" as const } };
    for await (const event of real.start(onProcessor))
      yield event.type === "engine" && id !== "auto" ? { ...event, id } : event;
  }
  const trainer = Object.create(real, { start: { value: start } }) as Trainer;
  return { trainer, orders };
}

it("was chosen by name once, and stays where nothing is named", async () => {
  const home = await mkdtemp(join(tmpdir(), "engine-kept-"));
  const library = join(home, "library");
  const dataFolder = join(home, "data");
  await mkdir(dataFolder);
  const passed = {
    passed: true,
    version: "1",
    msPerStep: 1,
    processorMsPerStep: 2,
  };
  const book = {
    version: 1,
    stamp: machineStamp("0.0.0"),
    checks: { webgpu: { ...passed, device: "A card", difference: 0 } },
    crashes: {},
    speeds: {},
  };
  await writeFile(join(dataFolder, "engines.json"), JSON.stringify(book));
  const { trainer, orders } = pretendingTrainer();
  const application = await temporaryApplication({
    library,
    dataFolder,
    trainer,
  });
  const { training } = application.handlers;
  const ended = () =>
    vi.waitUntil(() => application.trainingRun() === null, 30_000);
  const automatic = quickSettings(10);
  const { engine } = automatic;
  const named = { ...automatic, engine: { ...engine, id: "webgpu" as const } };

  const first = await training.start({ settings: named, name: null });
  const run = first.kind === "run" ? first.record.id : "";
  await ended();
  expect((await recordOf(application, run)).environment).toMatchObject({
    engine: "webgpu",
    choice: "Chosen by name.",
  });
  await training.fork({
    run,
    step: 10,
    settings: quickSettings(20),
    name: null,
  });
  await ended();
  await training.resume({ run, steps: 20, settings: quickSettings(20) });
  await ended();
  await application.close();
  expect(orders.map(({ engine }) => engine)).toEqual(
    [0, 1, 2].map(() => ({
      id: "webgpu",
      device: "A card",
      why: "Chosen by name.",
    })),
  );

  const store = await createStore(library);
  const order = { settings: named, name: "One", sweep: { id: "s", index: 0 } };
  const one = await openNew(store, order, () => undefined);
  const { environment } = (await recordIn(store, run)) ?? {};
  if (environment) await one.recorder.setEnvironment(environment);
  const next = {
    settings: automatic,
    name: "Two",
    sweep: { id: "s", index: 1 },
  };
  const two = await openNew(store, next, () => undefined);
  expect(two.before).toEqual(environment);
  await one.recorder.close();
  await two.recorder.close();
  await store.close();
});

async function recordIn(
  store: Awaited<ReturnType<typeof createStore>>,
  run: string,
) {
  const listing = await store.get(run);
  return listing.kind === "run" ? listing.record : null;
}
