/** A pair of networks in training on TensorFlow.js. */
import type { Network, Shape } from "../../../shared/settings/network";
import { inferShapes, volume } from "../../../shared/settings/network";
import type { NetworkRole } from "../../../shared/settings/settings";
import type { StepInput } from "../../../shared/step";
import { stepInputs, stepMetrics } from "../../../shared/step";
import type {
  ForwardMode,
  ModelSettings,
  ModelState,
  StepBatch,
  TrainingSession,
  UpdateReport,
} from "../engine";
import { networkRoles, stateMismatch } from "../../graph/parameters";
import { renewWornBackend } from "./handles";
import { tensorOfSamples, toFlat } from "./images";
import type { BackendName, Tensor, TensorFlow } from "./load";
import { useBackend } from "./load";
import { quietPass, runNetwork } from "./network";
import type { Figures, StepTensors } from "./pair";
import { Pair } from "./pair";
import type { Gradients } from "./report";
import { describeChanges } from "./report";
import { Scratch } from "./scratch";
import { copyOf, NetworkState } from "./state";
import { takeLoneUpdate, takeStep } from "./step";

/** On a GPU a step is over before JavaScript has asked for the next: reading figures back less often keeps it busy. */
const stepsAtOnce = { native: 8, cpu: 1 };

export class TfjsSession implements TrainingSession {
  private readonly inputs: StepInput[];
  private readonly pair: Pair;

  constructor(
    private readonly tf: TensorFlow,
    private readonly backend: BackendName,
    private readonly model: ModelSettings,
    state: ModelState,
  ) {
    refuseMismatch(model, state);
    useBackend(tf, backend);
    this.inputs = stepInputs(model);
    this.pair = new Pair(tf, model, {
      generator: new NetworkState(tf, model, "generator", state),
      discriminator: new NetworkState(tf, model, "discriminator", state),
    });
  }

  preferredSteps(): number {
    return stepsAtOnce[this.backend];
  }

  async train(batch: StepBatch): Promise<Float32Array[]> {
    const { tf } = this;
    const rows = batch.generatorUpdates.map((updateGenerator, step) =>
      this.withScratch((scratch) => {
        const inputs = this.tensorsOf(batch, step);
        const { learningRates } = batch;
        return stackFigures(
          tf,
          takeStep(this.pair, inputs, updateGenerator, learningRates, scratch),
        );
      }),
    );
    const table = tf.stack(rows, 1);
    tf.dispose(rows);
    renewWornBackend(tf, table);
    const values = await takeValues(table);
    return stepMetrics.map((_, index) =>
      values.slice(index * batch.steps, (index + 1) * batch.steps),
    );
  }

  async update(network: NetworkRole, batch: StepBatch): Promise<UpdateReport> {
    const { tf, pair } = this;
    const before = await this.readState();
    const gradients: Record<NetworkRole, Tensor | null> = {
      generator: null,
      discriminator: null,
    };
    const figures = this.withScratch((scratch) => {
      const inputs = this.tensorsOf(batch, 0);
      const { learningRates } = batch;
      const update = takeLoneUpdate(
        pair,
        network,
        inputs,
        learningRates,
        scratch,
      );
      for (const role of networkRoles) {
        const gradient = update.gradients[role];
        gradients[role] = gradient && tf.keep(gradient);
      }
      return stackFigures(tf, update.figures);
    });
    const metrics = present(await takeValues(figures));
    const arrays: Gradients = { generator: null, discriminator: null };
    for (const role of networkRoles) {
      const gradient = gradients[role];
      if (!gradient) continue;
      arrays[role] = await pair.states[role].externalize(gradient);
      gradient.dispose();
    }
    const after = await this.readState();
    const changes = describeChanges(this.model, network, arrays, before, after);
    return { network, metrics, changes };
  }

  generate(
    latents: Float32Array,
    count: number,
    mode: ForwardMode,
  ): Promise<Float32Array> {
    const { generator } = this.model;
    return this.forward("generator", generator, latents, count, mode);
  }

  discriminate(
    images: Float32Array,
    count: number,
    mode: ForwardMode,
  ): Promise<Float32Array> {
    const { critic } = this.pair;
    return this.forward("discriminator", critic, images, count, mode);
  }

  async activations(
    network: NetworkRole,
    input: Float32Array,
    count: number,
    mode: ForwardMode,
  ): Promise<Float32Array[]> {
    const { tf } = this;
    const layers: Tensor[] = [];
    await this.forward(
      network,
      this.model[network],
      input,
      count,
      mode,
      (output, shape) => {
        layers.push(tf.keep(toFlat(tf, output, shape).clone()));
      },
    );
    const arrays = await Promise.all(layers.map(copyOf));
    tf.dispose(layers);
    return arrays;
  }

  async readState(): Promise<ModelState> {
    useBackend(this.tf, this.backend);
    const { generator, discriminator } = this.pair.states;
    return new Map([
      ...(await generator.readParameters()),
      ...(await discriminator.readParameters()),
      ...(await generator.readOptimizer()),
      ...(await discriminator.readOptimizer()),
    ]);
  }

  writeState(state: ModelState): Promise<void> {
    refuseMismatch(this.model, state);
    useBackend(this.tf, this.backend);
    for (const role of networkRoles) this.pair.states[role].write(state);
    return Promise.resolve();
  }

  dispose(): Promise<void> {
    for (const role of networkRoles) this.pair.states[role].dispose();
    return Promise.resolve();
  }

  private async forward(
    role: NetworkRole,
    network: Network,
    data: Float32Array,
    count: number,
    mode: ForwardMode,
    onLayer: (output: Tensor, shape: Shape) => void = () => undefined,
  ): Promise<Float32Array> {
    const { tf } = this;
    useBackend(tf, this.backend);
    const state = this.pair.states[role];
    const running = mode === "evaluation" ? state.running : null;
    const output = tf.tidy(() => {
      const x = tensorOfSamples(tf, data.slice(), count, network.input);
      const pass = { ...quietPass, running, onLayer };
      const shape = inferShapes(network)[network.layers.length];
      return toFlat(tf, runNetwork(tf, network, state.split(), x, pass), shape);
    });
    return takeValues(output);
  }

  /** The inputs of one step of a batch, copied, because TensorFlow may keep the memory it is given. */
  private tensorsOf(batch: StepBatch, step: number): StepTensors {
    return new Map(
      this.inputs.map(({ name, shape }) => {
        const size = batch.batch * volume(shape);
        const data = batch.inputs.get(name);
        if (!data) throw new Error(`The batch has no input ${name}.`);
        const samples = data.slice(step * size, (step + 1) * size);
        return [name, tensorOfSamples(this.tf, samples, batch.batch, shape)];
      }),
    );
  }

  /** Runs within a tidy, with a scratch that ends with it. */
  private withScratch(compute: (scratch: Scratch) => Tensor): Tensor {
    useBackend(this.tf, this.backend);
    const scratch = new Scratch(this.tf);
    try {
      return this.tf.tidy(() => compute(scratch));
    } finally {
      scratch.dispose();
    }
  }
}

/** One column in the order of `stepMetrics`, NaN where a figure does not exist. */
function stackFigures(tf: TensorFlow, figures: Figures): Tensor {
  return tf.stack(
    stepMetrics.map((metric) => figures[metric] ?? tf.scalar(NaN)),
  );
}

async function takeValues(tensor: Tensor): Promise<Float32Array> {
  const values = await copyOf(tensor);
  tensor.dispose();
  return values;
}

function present(row: Float32Array): UpdateReport["metrics"] {
  const found = stepMetrics.map((metric, index) => [metric, row[index]]);
  return Object.fromEntries(
    found.filter(([, value]) => !Number.isNaN(value)),
  ) as UpdateReport["metrics"];
}

function refuseMismatch(model: ModelSettings, state: ModelState): void {
  const mismatch = stateMismatch(model, state);
  if (mismatch) throw new Error(mismatch);
}
