/**
 * One update at a time, on networks of its own: takes a checkpoint or fresh weights, never touches the run they come
 * from. Both updates of a batch see the same noise, so that before and after can be compared.
 */
import type { ImageSet } from "../data/image-set";
import type {
  Engine,
  ModelState,
  StepBatch,
  TrainingSession,
  UpdateReport,
} from "../engine/engine";
import { copyState, initialState, parameterKey } from "../graph/parameters";
import { volume } from "../../shared/layers";
import { parametersOf } from "../../shared/settings/network";
import type { Parameter } from "../../shared/settings/network";
import type {
  BatchFigures,
  MicroscopeUpdate,
  ParameterView,
} from "../../shared/contract/microscope";
import type {
  NetworkRole,
  TrainingSettings,
} from "../../shared/settings/settings";
import { activationsOf } from "./activations";
import type { Activation } from "./activations";
import type { Checkpoint } from "../trainer/events";
import { explainUpdate, whyNoGradient } from "./explanations";
import { Feed } from "../trainer/feed";
import { histogramOf, normOf } from "./histogram";
import { lossesOf } from "./losses";
import { createSchedule } from "../trainer/schedule";
import { mean, toScores } from "../graph/scores";
import { seenByDiscriminator } from "../trainer/seen";
import { weightStream } from "../trainer/streams";

/** Everything that the window shows of an open microscope, pictures still as pixels. */
export interface Observation {
  parameters: ParameterView[];
  figures: BatchFigures;
  last: MicroscopeUpdate | null;
  batch: number;
  /** `[batch, channels, size, size]` in the data's range, as D sees them: augmented, where the settings say so. */
  real: Float32Array;
  fake: Float32Array;
}

export interface Specimen {
  settings: TrainingSettings;
  images: ImageSet;
  engine: Engine;
  from: Checkpoint | null;
}

export async function openMicroscope(specimen: Specimen): Promise<Microscope> {
  const { settings, engine, from } = specimen;
  const state =
    from?.state ?? initialState(settings, weightStream(settings.seed));
  const session = await engine.createSession(settings, state, settings.engine);
  return new Microscope(specimen, session, copyState(state));
}

export class Microscope {
  private feed: Feed;
  private batch: StepBatch;
  private last: MicroscopeUpdate | null = null;
  private report: UpdateReport | null = null;
  private counts: Record<NetworkRole, number> = {
    generator: 0,
    discriminator: 0,
  };

  constructor(
    private readonly specimen: Specimen,
    private readonly session: TrainingSession,
    private readonly opened: ModelState,
  ) {
    this.feed = this.createFeed();
    this.batch = this.nextBatch();
  }

  async observe(): Promise<Observation> {
    return {
      parameters: this.parameters(await this.session.readState()),
      figures: await this.figures(),
      last: this.last,
      batch: this.batch.batch,
      real: this.real(),
      fake: await this.fakes(),
    };
  }

  /** One update. A new batch is drawn for it, but for the first and where the last one is wanted again. */
  async update(network: NetworkRole, sameBatch: boolean): Promise<void> {
    if (this.last && !sameBatch) this.batch = this.nextBatch();
    const before = await this.figures();
    const report = await this.session.update(network, this.batch);
    const after = await this.figures();
    this.counts = { ...this.counts, [network]: this.counts[network] + 1 };
    this.report = report;
    this.last = {
      network,
      counts: this.counts,
      metrics: report.metrics,
      before,
      after,
      explanation: explainUpdate(
        network,
        this.specimen.settings,
        before,
        after,
      ),
    };
  }

  /** What each layer makes of one member of the batch. */
  async activations(
    network: NetworkRole,
    index: number,
    image: "real" | "fake",
  ): Promise<Activation[]> {
    const { batch } = this.batch;
    if (index >= batch)
      throw new Error(`The batch has members 0 to ${batch - 1}, not ${index}.`);
    const input =
      network === "generator"
        ? this.input("noise.fake")
        : image === "real"
          ? this.real()
          : await this.fakes();
    const outputs = await this.session.activations(
      network,
      input,
      batch,
      "batch",
      this.labels,
    );
    return activationsOf(
      this.specimen.settings[network],
      [input, ...outputs],
      index,
      batch,
    );
  }

  /** Back to how it was opened. */
  async reset(): Promise<void> {
    await this.session.writeState(copyState(this.opened));
    this.feed = this.createFeed();
    this.batch = this.nextBatch();
    this.last = null;
    this.report = null;
    this.counts = { generator: 0, discriminator: 0 };
  }

  close(): Promise<void> {
    return this.session.dispose();
  }

  private createFeed(): Feed {
    const { settings, images, from } = this.specimen;
    const schedule = createSchedule(settings, images.count);
    return new Feed(settings, images, schedule, from?.position ?? null);
  }

  private nextBatch(): StepBatch {
    const { generator, discriminator } = this.specimen.settings.optimizers;
    const rates = this.specimen.from?.position.learningRates ?? {
      generator: generator.learningRate,
      discriminator: discriminator.learningRate,
    };
    const taken = this.feed.take(1, rates);
    const inputs = new Map(
      [...taken.inputs].map(([name, values]) => [name, values.slice()]),
    );
    const noise = inputs.get("noise.fake");
    if (noise && inputs.has("noise.score"))
      inputs.set("noise.score", noise.slice());
    return { ...taken, inputs, generatorUpdates: [true] };
  }

  private input(name: string): Float32Array {
    const values = this.batch.inputs.get(name);
    if (!values) throw new Error(`A step has no input ${name}.`);
    return values;
  }

  /** The classes of the batch, where the networks read them. */
  private get labels(): Float32Array | undefined {
    return this.batch.inputs.get("labels");
  }

  /** As D sees them, like the fakes. */
  private real(): Float32Array {
    return this.seen(this.input("real"), "real");
  }

  private async fakes(): Promise<Float32Array> {
    const { batch } = this.batch;
    const noise = this.input("noise.fake");
    const made = await this.session.generate(noise, batch, "batch", {
      labels: this.labels,
    });
    return this.seen(made, "fake");
  }

  private seen(images: Float32Array, pass: "real" | "fake"): Float32Array {
    const { settings } = this.specimen;
    return seenByDiscriminator(settings, images, pass, this.batch.inputs);
  }

  private async figures(): Promise<BatchFigures> {
    const { objective } = this.specimen.settings;
    const { batch } = this.batch;
    const judged = (images: Float32Array) =>
      this.session.discriminate(images, batch, "batch", this.labels);
    const real = await judged(this.real());
    const fake = await judged(await this.fakes());
    return {
      real: mean(toScores(real, objective)),
      fake: mean(toScores(fake, objective)),
      losses: lossesOf(objective, real, fake),
    };
  }

  private parameters(state: ModelState): ParameterView[] {
    return (["generator", "discriminator"] as const).flatMap((network) =>
      parametersOf(this.specimen.settings[network]).map((parameter) =>
        this.parameter(network, parameter, state),
      ),
    );
  }

  private parameter(
    network: NetworkRole,
    { name, shape, trainable }: Parameter,
    state: ModelState,
  ): ParameterView {
    const values =
      state.get(parameterKey(network, name))?.data ??
      new Float32Array(volume(shape));
    const change = this.report?.changes.find(
      (it) => it.network === network && it.name === name,
    );
    const gradient = change?.gradient ?? null;
    return {
      network,
      name,
      shape: [...shape],
      trainable,
      norm: normOf(values),
      values: histogramOf(values),
      gradientNorm: change?.gradientNorm ?? null,
      gradient: gradient && histogramOf(gradient),
      updateNorm: change?.updateNorm ?? null,
      withoutGradient:
        this.report && !gradient
          ? whyNoGradient(network, trainable, this.report.network)
          : null,
    };
  }
}
