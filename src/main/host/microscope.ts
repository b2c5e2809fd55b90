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

export class MicroscopeArea {
  readonly calls: Handlers<AppContract>["microscope"];
  private readonly opened = new Map<string, Opened>();

  constructor(
    private readonly host: Pick<Host, "store" | "dataFolder">,
    private readonly studio: Studio,
    private readonly pictures: Pictures,
  ) {
    this.calls = {
      open: ({ specimen }) => this.open(specimen),
      update: async (order) => {
        const own = this.find(order.id);
        return this.view(order.id, own, await studio.calls.update(order));
      },
      activations: async (request) => {
        this.find(request.id);
        const layers = await studio.calls.activations(request);
        return Promise.all(layers.map((layer) => this.activationView(layer)));
      },
      reset: async ({ id }) => {
        const own = this.find(id);
        return this.view(id, own, await studio.calls.reset({ id }));
      },
      close: ({ id }) => this.close(id),
    };
  }

  private async open(specimen: Specimen): Promise<MicroscopeView> {
    const { from, ...own } = await this.prepare(specimen);
    const { settings } = own;
    const order = { settings, dataFolder: this.host.dataFolder, from };
    const { id, observation } = await this.studio.calls.open(order);
    this.opened.set(id, own);
    return this.view(id, own, observation);
  }

  private async close(id: string): Promise<null> {
    if (this.opened.delete(id)) await this.studio.calls.close({ id });
    return null;
  }

  private async prepare(
    specimen: Specimen,
  ): Promise<Opened & { from: Checkpoint | null }> {
    if (specimen.kind === "fresh") {
      const { settings } = specimen;
      const title = `Fresh networks of ${settings.preset}, seed ${settings.seed}`;
      return { title, step: 0, settings, from: null };
    }
    const { store } = this.host;
    const { run, step } = specimen;
    const { name, settings } = await trainedRun(store, run);
    const from = await store.readCheckpoint(run, step);
    const title = `A copy of ${name} at step ${step.toLocaleString("en")}`;
    return { title, step, settings, from };
  }

  /** Throws a sentence where it is not open any more. */
  private find(id: string): Opened {
    const own = this.opened.get(id);
    if (!own)
      throw new Error("This microscope is no longer open; open it again.");
    return own;
  }

  private async view(
    id: string,
    { title, step, settings }: Opened,
    observation: Observation,
  ): Promise<MicroscopeView> {
    const { parameters, figures, last, batch, real, fake } = observation;
    const { data, sampling } = settings;
    const draw = (pixels: Float32Array) =>
      this.sheet(
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

  private async activationView({
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
    return { ...figures, picture: await this.sheet(images, grid, "unit") };
  }

  private async sheet(
    ...drawing: Parameters<Pictures["add"]>
  ): Promise<Picture> {
    const { url, sheet } = await this.pictures.add(...drawing);
    return { url, sheet };
  }
}
