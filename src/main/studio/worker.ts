/**
 * The studio thread: the latent explorer and the step microscope, beside the thread that trains. Answers one call after
 * the other, because a session's calls must not overlap.
 */
import type { TrainingSession } from "../engine/engine";
import type { Handlers } from "../../shared/rpc";
import type { TrainingSettings } from "../../shared/settings/settings";
import { createEngine } from "../engine";
import { draw } from "./explorer";
import { createImageLoader } from "../trainer/images";
import { openMicroscope } from "./microscope";
import type { Microscope } from "./microscope";
import { studioContract } from "./messages";
import { answerCalls } from "../thread/channel";

/** Open at once; the one that was used least recently makes room. */
const mostModels = 3;
const mostMicroscopes = 2;

/** All engines compute the same; this one leaves the GPU, its memory and its driver to the run that trains. */
const studioEngine = "onnx";

answerCalls(studioContract, { studio: createHandlers() });

function createHandlers(): Handlers<typeof studioContract>["studio"] {
  const loadImages = createImageLoader();
  const models = new Map<
    string,
    { session: TrainingSession; settings: TrainingSettings }
  >();
  const microscopes = new Map<string, Microscope>();
  let opened = 0;

  const microscope = (id: string) =>
    found(microscopes, id, "This microscope is no longer open; open it again.");

  return {
    holds: ({ model }) => Promise.resolve(models.has(model)),
    async load({ model, settings, state }) {
      const engine = await createEngine(studioEngine);
      const session = await engine.createSession(
        settings,
        state,
        considerate(settings).engine,
      );
      models.set(model, { session, settings });
      await shrink(models, mostModels, ({ session }) => session.dispose());
      return null;
    },
    async draw({ model, look, exploration }) {
      const { session, settings } = found(
        models,
        model,
        "This model is no longer loaded; ask again.",
      );
      return draw(session, settings, look, exploration);
    },
    async open({ settings, dataFolder, from }) {
      const engine = await createEngine(studioEngine);
      const images = await loadImages(settings, {
        dataFolder,
        signal: new AbortController().signal,
        onProgress: () => undefined,
      });
      if (!images) throw new Error("Loading the images was cancelled.");
      const own = await openMicroscope({
        settings: considerate(settings),
        images,
        engine,
        from,
      });
      const id = `microscope-${++opened}`;
      microscopes.set(id, own);
      await shrink(microscopes, mostMicroscopes, (it) => it.close());
      return { id, observation: await own.observe() };
    },
    async update({ id, network, sameBatch }) {
      const own = microscope(id);
      await own.update(network, sameBatch);
      return own.observe();
    },
    activations: async ({ id, network, index, image }) =>
      microscope(id).activations(network, index, image),
    async reset({ id }) {
      const own = microscope(id);
      await own.reset();
      return own.observe();
    },
    async close({ id }) {
      await microscopes.get(id)?.close();
      microscopes.delete(id);
      return null;
    },
  };
}

/** Threads that spin would take the time of a run that trains meanwhile. */
function considerate(settings: TrainingSettings): TrainingSettings {
  return { ...settings, engine: { ...settings.engine, spinning: false } };
}

/** The entry, which becomes the most recently used. Throws the sentence where it is gone. */
function found<T>(map: Map<string, T>, key: string, sentence: string): T {
  const value = map.get(key);
  if (value === undefined) throw new Error(sentence);
  map.delete(key);
  map.set(key, value);
  return value;
}

async function shrink<T>(
  map: Map<string, T>,
  most: number,
  close: (value: T) => Promise<void>,
): Promise<void> {
  for (const [key, value] of map) {
    if (map.size <= most) return;
    map.delete(key);
    await close(value);
  }
}
