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
import type { LoadOrder, OpenOrder, Opened } from "./messages";
import { RecentlyUsed } from "./recently-used";
import { answerCalls } from "../thread/channel";

interface Model {
  session: TrainingSession;
  settings: TrainingSettings;
}

/** All engines compute the same; this one leaves the GPU, its memory and its driver to the run that trains. */
const studioEngine = "onnx";

class StudioThread {
  readonly calls: Handlers<typeof studioContract>["studio"];
  private readonly loadImages = createImageLoader();
  private readonly models = new RecentlyUsed<Model>(
    3,
    ({ session }) => session.dispose(),
    "This model is no longer loaded; ask again.",
  );
  private readonly microscopes = new RecentlyUsed<Microscope>(
    2,
    (microscope) => microscope.close(),
    "This microscope is no longer open; open it again.",
  );
  private opened = 0;

  constructor() {
    const { microscopes, models } = this;
    this.calls = {
      holds: ({ model }) => models.has(model),
      load: (order) => this.load(order),
      draw({ model, look, exploration }) {
        const { session, settings } = models.get(model);
        return draw(session, settings, look, exploration);
      },
      open: (order) => this.open(order),
      async update({ id, network, sameBatch }) {
        const own = microscopes.get(id);
        await own.update(network, sameBatch);
        return own.observe();
      },
      activations: ({ id, network, index, image }) =>
        microscopes.get(id).activations(network, index, image),
      async reset({ id }) {
        const own = microscopes.get(id);
        await own.reset();
        return own.observe();
      },
      async close({ id }) {
        await microscopes.remove(id);
        return null;
      },
    };
  }

  private async load({ model, settings, state }: LoadOrder): Promise<null> {
    const engine = await createEngine(studioEngine);
    const session = await engine.createSession(
      settings,
      state,
      considerate(settings).engine,
    );
    await this.models.add(model, { session, settings });
    return null;
  }

  private async open({
    settings,
    dataFolder,
    from,
  }: OpenOrder): Promise<Opened> {
    const engine = await createEngine(studioEngine);
    const images = await this.loadImages(settings, {
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
    const id = `microscope-${++this.opened}`;
    await this.microscopes.add(id, own);
    return { id, observation: await own.observe() };
  }
}

/** Threads that spin would take the time of a run that trains meanwhile. */
function considerate(settings: TrainingSettings): TrainingSettings {
  return { ...settings, engine: { ...settings.engine, spinning: false } };
}

answerCalls(studioContract, { studio: new StudioThread().calls });
