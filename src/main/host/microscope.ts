/** The step microscope: updates in the studio thread, pictures as files. */
import type { AppContract } from "../../shared/contract/index";
import type {
  ActivationView,
  MicroscopeView,
  Picture,
  Specimen,
} from "../../shared/contract/microscope";
import type { Handlers } from "../../shared/rpc";
import type {
  SamplingSettings,
  TrainingSettings,
} from "../../shared/settings/settings";
import type { Activation } from "../studio/activations";
import type { Checkpoint } from "../trainer/events";
import type { Observation } from "../studio/microscope";
import type { Studio } from "../studio/studio";
import type { Host } from "./host";
import type { Pictures } from "./pictures";
import { trainedRun } from "./trained-run";

/** What the host remembers of an open microscope. */
interface Opened {
  title: string;
  step: number;
  settings: TrainingSettings;
}

export function createMicroscopeCalls(
  { store, dataFolder }: Pick<Host, "store" | "dataFolder">,
  studio: Studio,
  pictures: Pictures,
): Handlers<AppContract>["microscope"] {
  const opened = new Map<string, Opened>();

  return {
    async open({ specimen }) {
      const { from, ...own } = await prepare(specimen);
      const { settings } = own;
      const order = { settings, dataFolder, from };
      const { id, observation } = await studio.calls.open(order);
      opened.set(id, own);
      return view(id, own, observation);
    },
    async update({ id, network, sameBatch }) {
      const own = find(id);
      const order = { id, network, sameBatch };
      return view(id, own, await studio.calls.update(order));
    },
    async activations(request) {
      find(request.id);
      const layers = await studio.calls.activations(request);
      return Promise.all(layers.map(activationView));
    },
    async reset({ id }) {
      const own = find(id);
      return view(id, own, await studio.calls.reset({ id }));
    },
    async close({ id }) {
      if (opened.delete(id)) await studio.calls.close({ id });
      return null;
    },
  };

  async function prepare(
    specimen: Specimen,
  ): Promise<Opened & { from: Checkpoint | null }> {
    if (specimen.kind === "fresh") {
      const { settings } = specimen;
      const title = `Fresh networks of ${settings.preset}, seed ${settings.seed}`;
      return { title, step: 0, settings, from: null };
    }
    const { run, step } = specimen;
    const { name, settings } = await trainedRun(store, run);
    const from = await store.readCheckpoint(run, step);
    const title = `A copy of ${name} at step ${step.toLocaleString("en")}`;
    return { title, step, settings, from };
  }

  function find(id: string): Opened {
    const own = opened.get(id);
    if (!own)
      throw new Error("This microscope is no longer open; open it again.");
    return own;
  }

  async function view(
    id: string,
    { title, step, settings }: Opened,
    observation: Observation,
  ): Promise<MicroscopeView> {
    const { parameters, figures, last, batch, real, fake } = observation;
    const { data, sampling } = settings;
    const draw = (pixels: Float32Array) =>
      sheet(
        { count: batch, channels: data.channels, size: data.size, pixels },
        sampling.grid,
        data.range,
      );
    return {
      id,
      title,
      step,
      parameters,
      figures,
      last,
      real: await draw(real),
      fake: await draw(fake),
    };
  }

  async function activationView({
    tiles,
    tile,
    pixels,
    ...figures
  }: Activation): Promise<ActivationView> {
    const grid: SamplingSettings["grid"] = {
      perRow: Math.ceil(Math.sqrt(tiles)),
      padding: 1,
      padValue: 0.5,
      normalize: false,
    };
    const images = { count: tiles, channels: 1 as const, size: tile, pixels };
    return { ...figures, picture: await sheet(images, grid, "unit") };
  }

  async function sheet(
    ...drawing: Parameters<Pictures["add"]>
  ): Promise<Picture> {
    const { url, sheet: layout } = await pictures.add(...drawing);
    return { url, sheet: layout };
  }
}
