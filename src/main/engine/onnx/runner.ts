/** Programs on ONNX Runtime. The state lies here, between runs of compiled models. */
import { preferredSteps, unrolledSteps } from "../../graph/steps";
import type { ModelSettings } from "../engine";
import type { ProgramCall, ProgramRunner, Values } from "../runner";
import type { Executor } from "./executor";
import { nextName, plainModel, scanModel } from "./models";

export class OnnxRunner implements ProgramRunner {
  readonly acceptsBytes = true;
  private variables = new Map<string, Float32Array>();

  constructor(
    private readonly executor: Executor,
    private readonly model: ModelSettings,
  ) {}

  preferredSteps(batch: number): number {
    return preferredSteps(this.model, batch);
  }

  longestPattern(batch: number): number {
    return unrolledSteps(this.model, batch);
  }

  async run({
    key,
    build,
    inputs,
    bytes,
    repeats,
  }: ProgramCall): Promise<Values> {
    const results = await this.executor.run(
      key,
      () => (repeats === undefined ? plainModel(build()) : scanModel(build())),
      new Map<string, Float32Array | Uint8Array>([
        ...this.variables,
        ...inputs,
        ...(bytes ?? []),
      ]),
      repeats,
    );
    for (const name of this.variables.keys()) {
      const next = results.get(nextName(name));
      if (next) this.variables.set(name, next);
    }
    return results;
  }

  read(): Promise<Values> {
    return Promise.resolve(this.variables);
  }

  write(variables: Values): Promise<void> {
    this.variables = new Map(variables);
    return Promise.resolve();
  }

  async dispose(): Promise<void> {
    await this.executor.dispose();
    this.variables.clear();
  }
}
