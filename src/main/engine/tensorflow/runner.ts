/**
 * Programs on TensorFlow. Between training steps the state stays in their session, on the device; it comes to the host when
 * somebody wants to see it, or when another program takes over.
 */
import { errorMessage } from "../../../shared/errors";
import type { Program } from "../../graph/program";
import type { StateLayout } from "../../graph/state";
import { preferredSteps } from "../../graph/steps";
import type { ModelSettings } from "../engine";
import type { ProgramCall, ProgramRunner, Values } from "../runner";
import { Kept } from "./kept";
import type { TensorFlow } from "./load";
import { LoadedModel } from "./loaded-model";
import type { OnceModel } from "./once-model";
import { onceModel, runSignature } from "./once-model";
import { named, Training, valuesOf } from "./training";

/** Training programs that stay compiled: batch sizes, and patterns of updates. */
const keptTrainings = 4;
/** Of programs that run once: pictures and scores of some numbers, in both modes. */
const keptOthers = 8;
/** Steps whose updates differ are compiled one after the other, up to so many. */
const longestPattern = 10;
/** What a graphics card computes in a moment, so that a run can still be paused at once. */
const operationsPerGpuCall = 5e11;

export interface RunnerOptions {
  gpu: boolean;
  /** Whether training steps are compiled by XLA. */
  compile: boolean;
}

/** A program that runs once. */
interface Once {
  model: OnceModel;
  loaded: LoadedModel;
  dispose(): void;
}

export class TensorFlowRunner implements ProgramRunner {
  readonly acceptsBytes = false;
  private readonly trainings = new Kept<Training>(keptTrainings);
  private readonly others = new Kept<Once>(keptOthers);
  /** The state on the host; null where the device is ahead of it. */
  private host: Values | null = null;
  /** Where the state is on the device, as new as on the host or newer. */
  private home: Training | null = null;
  private compile: boolean;
  /** Trainings that have run, and so were compiled. */
  private readonly proven = new WeakSet<Training>();

  constructor(
    private readonly tf: TensorFlow,
    private readonly settings: ModelSettings,
    private readonly layout: StateLayout,
    private readonly options: RunnerOptions,
  ) {
    this.compile = options.compile;
  }

  preferredSteps(batch: number): number {
    const { gpu } = this.options;
    return preferredSteps(
      this.settings,
      batch,
      gpu ? operationsPerGpuCall : undefined,
    );
  }

  /** From one update of the generator to the next: a loop repeats that, and need not be unrolled. */
  longestPattern(): number {
    return Math.min(longestPattern, this.settings.objective.generatorEvery);
  }

  async run(call: ProgramCall): Promise<Values> {
    return call.repeats === undefined
      ? this.runOnce(call)
      : this.train(call, call.repeats);
  }

  read(): Promise<Values> {
    this.host ??= this.home?.read("all") ?? new Map<string, Float32Array>();
    return Promise.resolve(this.host);
  }

  write(variables: Values): Promise<void> {
    this.host = variables;
    this.home = null;
    return Promise.resolve();
  }

  dispose(): Promise<void> {
    this.trainings.dispose();
    this.others.dispose();
    this.host = null;
    this.home = null;
    return Promise.resolve();
  }

  private async train(call: ProgramCall, count: number): Promise<Values> {
    const training = await this.trainings.get(
      call.key,
      () => this.loadTraining(call),
      this.home,
    );
    await this.moveTo(training);
    try {
      const results = training.run(call.inputs, count);
      this.proven.add(training);
      this.host = null;
      return results;
    } catch (error) {
      // A failed call has changed no variable.
      if (!this.compile || this.proven.has(training)) throw error;
      return this.trainUncompiled(call, count, error);
    }
  }

  /** XLA is not in every library, and on a GPU wants files that some installations lack. */
  private async trainUncompiled(
    call: ProgramCall,
    count: number,
    error: unknown,
  ): Promise<Values> {
    process.emitWarning(
      `TensorFlow's compiler XLA does not work here, so training is slower without it: ${errorMessage(error)}`,
    );
    this.compile = false;
    this.home = null;
    this.trainings.set(call.key, await this.loadTraining(call));
    return this.train(call, count);
  }

  private loadTraining(call: ProgramCall): Promise<Training> {
    const { compile } = this;
    const most = Math.max(1, call.usualRepeats ?? 1);
    return Training.load(this.tf, call.build(), this.layout, { most, compile });
  }

  private async moveTo(training: Training): Promise<void> {
    if (this.home === training) return;
    training.write(await this.read());
    this.home = training;
  }

  private async runOnce(call: ProgramCall): Promise<Values> {
    const { model, loaded } = await this.others.get(call.key, () =>
      this.loadOnce(call.build()),
    );
    const state = await this.stateFor(model);
    const feeds = model.inputs.map(({ name, key, shape }) => {
      const values = call.inputs.get(name) ?? valuesOf(state, name);
      return [key, { values, shape }] as const;
    });
    const results = new Map(
      named(model.outputs, loaded.run(runSignature, new Map(feeds))),
    );
    await this.keep(results, state);
    return results;
  }

  /** What a program reads of the state: pictures and scores need no more than the weights. */
  private async stateFor({ inputs }: OnceModel): Promise<Values> {
    if (this.host || !this.home) return this.read();
    const weights = this.home.read("weights");
    const names = new Set(this.layout.variables.map(({ name }) => name));
    const isEnough = inputs.every(
      ({ name }) => !names.has(name) || weights.has(name),
    );
    return isEnough ? weights : this.read();
  }

  /** The new state, if the program made one. */
  private async keep(results: Values, state: Values): Promise<void> {
    const changed = [...results].filter(([name]) => state.has(name));
    if (changed.length > 0)
      await this.write(new Map([...(await this.read()), ...changed]));
  }

  private async loadOnce(program: Program): Promise<Once> {
    const model = onceModel(program);
    const loaded = await LoadedModel.load(this.tf, model.model);
    return { model, loaded, dispose: () => loaded.dispose() };
  }
}
