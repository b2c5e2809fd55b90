/** A pair of networks that trains on ONNX Runtime. The state lives here, between runs of compiled models. */
import type {
  EngineSettings,
  NetworkRole,
} from "../../../shared/settings/settings";
import { stepMetrics } from "../../../shared/step";
import type {
  ForwardMode,
  ModelSettings,
  ModelState,
  StepBatch,
  TrainingSession,
  UpdateReport,
} from "../engine";
import {
  networkRoles,
  stateLayout,
  stateMismatch,
  stepKey,
} from "../../graph/parameters";
import { Executor } from "./executor";
import { activationName, forwardInput, forwardModel } from "./forward";
import type { Runtime } from "./load";
import { logitNetworks } from "../../graph/losses";
import { nextName, scanModel } from "./models";
import { optimizerOf } from "../../graph/optimizer";
import type { StateLayout } from "../../graph/state";
import { layOutState, pack, unpack } from "../../graph/state";
import type { Stretch, Updates } from "../../graph/steps";
import {
  inputsOf,
  isUpdated,
  preferredSteps,
  stretches,
  unrolledSteps,
} from "../../graph/steps";
import { buildSteps, buildUpdate, scalarName } from "../../graph/train-step";
import { parameterChanges, presentMetrics, updateModel } from "./update";

export class OnnxSession implements TrainingSession {
  private readonly layout: StateLayout;
  private readonly executor: Executor;
  private readonly variables = new Map<string, Float32Array>();
  /** How often each network was updated. */
  private readonly updates = { generator: 0, discriminator: 0 };

  /** Throws an Error of one sentence where the state does not fit the model. */
  constructor(
    runtime: Runtime,
    private readonly model: ModelSettings,
    state: ModelState,
    options: EngineSettings,
  ) {
    this.layout = layOutState(model);
    this.executor = new Executor(runtime, options);
    this.load(state);
  }

  preferredSteps(batch: number): number {
    return preferredSteps(this.model, batch);
  }

  async train(batch: StepBatch): Promise<Float32Array[]> {
    const columns = stepMetrics.map(() => new Float32Array(batch.steps));
    const longest = unrolledSteps(this.model, batch.batch);
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
    const results = await this.executor.run(
      `update ${network} ${batch.batch}`,
      () =>
        updateModel(buildUpdate(this.model, this.layout, batch.batch, network)),
      this.feeds(batch, { from: 0, to: 1, pattern: [network] }),
    );
    this.advance(results, [network]);
    const after = await this.readState();
    return {
      network,
      metrics: presentMetrics(valuesOf(results, "metrics")),
      changes: parameterChanges(this.model, network, results, before, after),
    };
  }

  async generate(
    latents: Float32Array,
    count: number,
    mode: ForwardMode,
  ): Promise<Float32Array> {
    return this.forward("generator", latents, count, mode);
  }

  async discriminate(
    images: Float32Array,
    count: number,
    mode: ForwardMode,
  ): Promise<Float32Array> {
    return this.forward("discriminator", images, count, mode);
  }

  async activations(
    network: NetworkRole,
    input: Float32Array,
    count: number,
    mode: ForwardMode,
  ): Promise<Float32Array[]> {
    const results = await this.executor.run(
      `activations ${network} ${count} ${mode}`,
      () =>
        forwardModel(
          network,
          this.model,
          this.layout,
          count,
          mode,
          "activations",
        ),
      new Map([...this.variables, [forwardInput, input]]),
    );
    return this.model[network].layers.map((_, i) =>
      valuesOf(results, activationName(i)),
    );
  }

  async readState(): Promise<ModelState> {
    const parts = new Map(
      this.layout.variables.flatMap((variable) =>
        unpack(variable, valuesOf(this.variables, variable.name)),
      ),
    );
    for (const role of networkRoles)
      parts.set(stepKey(role), {
        shape: [],
        data: Float32Array.of(this.updates[role]),
      });
    const state: ModelState = new Map();
    for (const { name } of stateLayout(this.model)) {
      const tensor = parts.get(name);
      if (!tensor) throw new Error(`The engine's state has no tensor ${name}.`);
      state.set(name, tensor);
    }
    return state;
  }

  async writeState(state: ModelState): Promise<void> {
    this.load(state);
  }

  async dispose(): Promise<void> {
    await this.executor.dispose();
    this.variables.clear();
  }

  private load(state: ModelState): void {
    const mismatch = stateMismatch(this.model, state);
    if (mismatch) throw new Error(mismatch);
    for (const variable of this.layout.variables)
      this.variables.set(variable.name, pack(variable, state));
    for (const role of networkRoles)
      this.updates[role] = state.get(stepKey(role))?.data[0] ?? 0;
  }

  /** Gives the steps' metrics row by row. */
  private async take(
    batch: StepBatch,
    stretch: Stretch,
  ): Promise<Float32Array> {
    const { from, to, pattern } = stretch;
    const results = await this.executor.run(
      `train ${pattern.join()} ${batch.batch}`,
      () =>
        scanModel(buildSteps(this.model, this.layout, batch.batch, pattern)),
      this.feeds(batch, stretch),
      (to - from) / pattern.length,
    );
    this.advance(results, allUpdates(stretch));
    return valuesOf(results, "metrics");
  }

  private feeds(batch: StepBatch, stretch: Stretch): Map<string, Float32Array> {
    const feeds = inputsOf(this.model, batch, stretch.from, stretch.to);
    for (const [name, values] of this.variables) feeds.set(name, values);
    for (const role of networkRoles) {
      const updates = allUpdates(stretch).filter((it) => isUpdated(it, role));
      for (const [name, values] of this.scalars(role, batch, updates.length))
        feeds.set(name, values);
    }
    return feeds;
  }

  /** The optimiser's scalars of its next updates, by the names of the inputs. */
  private scalars(
    role: NetworkRole,
    { learningRates }: StepBatch,
    updates: number,
  ): [string, Float32Array][] {
    const optimizer = optimizerOf(this.model.optimizers[role]);
    const rows = Array.from({ length: updates }, (_, i) =>
      optimizer.scalarsAt(this.updates[role] + i + 1, learningRates[role]),
    );
    return optimizer.scalars.map((scalar, column) => [
      scalarName(role, scalar),
      Float32Array.from(rows, (row) => row[column]),
    ]);
  }

  private advance(
    results: ReadonlyMap<string, Float32Array>,
    updates: readonly Updates[],
  ): void {
    for (const name of this.variables.keys()) {
      const next = results.get(nextName(name));
      if (next) this.variables.set(name, next);
    }
    for (const role of networkRoles)
      this.updates[role] += updates.filter((it) => isUpdated(it, role)).length;
  }

  private async forward(
    role: NetworkRole,
    input: Float32Array,
    count: number,
    mode: ForwardMode,
  ): Promise<Float32Array> {
    const networks = logitNetworks(this.model);
    const results = await this.executor.run(
      `forward ${role} ${count} ${mode}`,
      () => forwardModel(role, networks, this.layout, count, mode, "output"),
      new Map([...this.variables, [forwardInput, input]]),
    );
    return valuesOf(results, "output");
  }
}

/** What each of its steps updates. */
function allUpdates({ from, to, pattern }: Stretch): Updates[] {
  const steps = Array.from({ length: to - from }, (_, i) => i);
  return steps.map((step) => pattern[step % pattern.length]);
}

function valuesOf(
  results: ReadonlyMap<string, Float32Array>,
  name: string,
): Float32Array {
  const values = results.get(name);
  if (!values) throw new Error(`The engine has no value ${name}.`);
  return values;
}
