/**
 * A pair of networks in training, on any runtime: what is run with which inputs. How a program is compiled, and where the
 * state lies meanwhile, is the runner's.
 */
import type { NetworkRole } from "../../shared/settings/settings";
import { stepMetrics } from "../../shared/metrics";
import { fitInputs } from "../graph/fit";
import {
  networkRoles,
  stateLayout,
  stateMismatch,
  stepKey,
} from "../graph/parameters";
import { inputNames, outputNames } from "../graph/program";
import type { ForwardProgram, Programs } from "../graph/programs";
import { parameterChanges, presentMetrics } from "../graph/report";
import { scalarName, scalarsAt, scalarsOf } from "../graph/scalars";
import { pack, unpack } from "../graph/state";
import type { Stretch, Updates } from "../graph/steps";
import { inputsOf, isUpdated, stretches } from "../graph/steps";
import type {
  FitBatch,
  ForwardMode,
  ImageBytes,
  KeptState,
  Making,
  ModelSettings,
  ModelState,
  StepBatch,
  TrainingSession,
  UpdateReport,
} from "./engine";
import type { ProgramRunner, Values } from "./runner";

export class GraphSession implements TrainingSession {
  /** How often each network was updated. */
  private readonly updates = { generator: 0, discriminator: 0 };

  private constructor(
    private readonly model: ModelSettings,
    private readonly programs: Programs,
    private readonly runner: ProgramRunner,
  ) {}

  /** Rejects with one sentence where the state does not fit the model. */
  static async open(
    model: ModelSettings,
    programs: Programs,
    runner: ProgramRunner,
    state: ModelState,
  ): Promise<GraphSession> {
    const session = new GraphSession(model, programs, runner);
    await session.writeState(state);
    return session;
  }

  get acceptsBytes(): boolean {
    return this.runner.acceptsBytes;
  }

  preferredSteps(batch: number): number {
    return this.runner.preferredSteps(batch);
  }

  async train(batch: StepBatch): Promise<Float32Array[]> {
    const columns = stepMetrics.map(() => new Float32Array(batch.steps));
    const longest = this.runner.longestPattern(batch.batch);
    for (const stretch of stretches(batch, longest)) {
      const { from, to } = stretch;
      const rows = await this.take(batch, stretch);
      columns.forEach((column, i) => {
        for (let step = from; step < to; step++)
          column[step] = rows[(step - from) * columns.length + i];
      });
    }
    return columns;
  }

  async update(network: NetworkRole, batch: StepBatch): Promise<UpdateReport> {
    const before = await this.readState();
    const results = await this.runner.run({
      key: `update ${network} ${batch.batch}`,
      build: () => this.programs.update(batch.batch, network),
      inputs: this.feeds(batch, { from: 0, to: 1, pattern: [network] }),
    });
    this.count([network]);
    const after = await this.readState();
    return {
      network,
      metrics: presentMetrics(valuesOf(results, outputNames.metrics)),
      changes: parameterChanges(this.model, network, results, before, after),
    };
  }

  async fit({ steps, batch, ...fit }: FitBatch): Promise<Float32Array> {
    const learningRates = {
      generator: fit.learningRate,
      discriminator: fit.learningRate,
    };
    const results = await this.runner.run({
      key: `fit ${fit.loss} ${batch}`,
      build: () => this.programs.fit(batch, fit.loss),
      inputs: new Map([
        [fitInputs.images, fit.images],
        [fitInputs.targets, fit.targets],
        ...networkRoles.flatMap((role) =>
          this.scalars(
            role,
            { learningRates, batch },
            Array.from({ length: steps }, (_, step) => step),
          ),
        ),
      ]),
      repeats: steps,
      usualRepeats: steps,
    });
    for (const role of networkRoles) this.updates[role] += steps;
    return valuesOf(results, outputNames.metrics);
  }

  async generate(
    latents: Float32Array,
    count: number,
    mode: ForwardMode,
    { weights = "last", labels }: Making = {},
  ): Promise<Float32Array> {
    const pass = { role: "generator", count, mode, weights } as const;
    return this.forward(pass, latents, labels);
  }

  async discriminate(
    images: Float32Array,
    count: number,
    mode: ForwardMode,
    labels?: Float32Array,
  ): Promise<Float32Array> {
    const pass = { role: "discriminator", count, mode } as const;
    return this.forward({ ...pass, weights: "last" }, images, labels);
  }

  async activations(
    network: NetworkRole,
    input: Float32Array,
    count: number,
    mode: ForwardMode,
    labels?: Float32Array,
  ): Promise<Float32Array[]> {
    const results = await this.runner.run({
      key: `activations ${network} ${count} ${mode}`,
      build: () => this.programs.activations(network, count, mode),
      inputs: passInputs(input, labels),
    });
    return this.model[network].layers.map((_, i) =>
      valuesOf(results, outputNames.activation(i)),
    );
  }

  async readState(): Promise<ModelState> {
    return (await this.keepState()).read();
  }

  async keepState(): Promise<KeptState> {
    const values = new Map(await this.runner.read());
    const updates = { ...this.updates };
    return {
      arrays: [...values.values()],
      read: () => this.stateOf(values, updates),
    };
  }

  async writeState(state: ModelState): Promise<void> {
    const mismatch = stateMismatch(this.model, state);
    if (mismatch) throw new Error(mismatch);
    await this.runner.write(
      new Map(
        this.programs.layout.variables.map((variable) => [
          variable.name,
          pack(variable, state),
        ]),
      ),
    );
    for (const role of networkRoles)
      this.updates[role] = state.get(stepKey(role))?.data[0] ?? 0;
  }

  dispose(): Promise<void> {
    return this.runner.dispose();
  }

  /** In PyTorch's layout. */
  private stateOf(
    values: Values,
    updates: Record<NetworkRole, number>,
  ): ModelState {
    const parts = new Map(
      this.programs.layout.variables.flatMap((variable) =>
        unpack(variable, valuesOf(values, variable.name)),
      ),
    );
    for (const role of networkRoles)
      parts.set(stepKey(role), {
        shape: [],
        data: Float32Array.of(updates[role]),
      });
    const state: ModelState = new Map();
    for (const { name } of stateLayout(this.model)) {
      const tensor = parts.get(name);
      if (!tensor) throw new Error(`The engine's state has no tensor ${name}.`);
      state.set(name, tensor);
    }
    return state;
  }

  /** Gives the steps' metrics row by row. */
  private async take(
    batch: StepBatch,
    stretch: Stretch,
  ): Promise<Float32Array> {
    const { from, to, pattern } = stretch;
    const { images } = batch;
    const key = `train ${pattern.join()} ${batch.batch}`;
    const results = await this.runner.run({
      key: images ? `${key} ${images.range}` : key,
      build: () => this.programs.steps(batch.batch, pattern, images?.range),
      inputs: this.feeds(batch, stretch),
      bytes: images && bytesOf(images, batch.steps, stretch),
      repeats: (to - from) / pattern.length,
      usualRepeats: Math.ceil(
        this.preferredSteps(batch.batch) / pattern.length,
      ),
    });
    this.count(allUpdates(stretch));
    return valuesOf(results, outputNames.metrics);
  }

  private feeds(batch: StepBatch, stretch: Stretch): Map<string, Float32Array> {
    const feeds = inputsOf(this.model, batch, stretch.from, stretch.to);
    for (const role of networkRoles) {
      const steps = allUpdates(stretch).flatMap((updates, i) =>
        isUpdated(updates, role) ? [stretch.from + i] : [],
      );
      for (const [name, values] of this.scalars(role, batch, steps))
        feeds.set(name, values);
    }
    return feeds;
  }

  /** What a network's updates in these steps of a batch read, by the names of the inputs. */
  private scalars(
    role: NetworkRole,
    {
      learningRates,
      rateFactors,
      batch,
    }: Pick<StepBatch, "learningRates" | "rateFactors" | "batch">,
    steps: readonly number[],
  ): [string, Float32Array][] {
    const rows = steps.map((step, i) =>
      scalarsAt(this.model, role, {
        update: this.updates[role] + i + 1,
        batch,
        learningRate: learningRates[role] * (rateFactors?.[step] ?? 1),
      }),
    );
    return scalarsOf(this.model, role).map((scalar, column) => [
      scalarName(role, scalar),
      Float32Array.from(rows, (row) => row[column]),
    ]);
  }

  private count(updates: readonly Updates[]): void {
    for (const role of networkRoles)
      this.updates[role] += updates.filter((it) => isUpdated(it, role)).length;
  }

  private async forward(
    pass: ForwardProgram,
    input: Float32Array,
    labels?: Float32Array,
  ): Promise<Float32Array> {
    const { role, count, mode, weights } = pass;
    const results = await this.runner.run({
      key: `forward ${role} ${count} ${mode} ${weights}`,
      build: () => this.programs.forward(pass),
      inputs: passInputs(input, labels),
    });
    return valuesOf(results, outputNames.output);
  }
}

/** Those of some of so many steps, sharing their memory. */
function bytesOf(
  { levels }: ImageBytes,
  steps: number,
  { from, to }: Stretch,
): Map<string, Uint8Array> {
  const size = levels.length / steps;
  return new Map([["real", levels.subarray(from * size, to * size)]]);
}

function passInputs(
  input: Float32Array,
  labels?: Float32Array,
): Map<string, Float32Array> {
  const inputs = new Map([[inputNames.forward, input]]);
  return labels ? inputs.set(inputNames.labels, labels) : inputs;
}

/** What each of its steps updates. */
function allUpdates({ from, to, pattern }: Stretch): Updates[] {
  const steps = Array.from({ length: to - from }, (_, i) => i);
  return steps.map((step) => pattern[step % pattern.length]);
}

function valuesOf(results: Values, name: string): Float32Array {
  const values = results.get(name);
  if (!values) throw new Error(`The engine has no value ${name}.`);
  return values;
}
