/**
 * Programs on ONNX Runtime's WebGPU provider. The state stays on the device: what one run makes of it is the next run's
 * input. Steps that repeat are separate runs, whose outputs are read back together at the end of a call.
 */
import { preferredSteps, unrolledSteps } from "../../graph/steps";
import type { Shape } from "../../../shared/layers";
import { volume } from "../../../shared/layers";
import type { StateLayout } from "../../graph/state";
import type { InferenceSession, Runtime, Tensor } from "../onnx/load";
import type { Model } from "../onnx/models";
import { nextName, plainModel } from "../onnx/models";
import type { Program } from "../../graph/program";
import type { ModelSettings } from "../engine";
import type { ProgramCall, ProgramRunner, Values } from "../runner";
import { copyModel, stackModel } from "./models";

/** What a small graphics card computes in a moment, so that a run can still be paused at once. */
const operationsPerCall = 1e11;

/** Programs that stay compiled at once. */
const keptPrograms = 8;

interface Compiled {
  model: Model;
  session: InferenceSession;
  /** The outputs that are no state. */
  outputs: readonly string[];
}

export class WebgpuRunner implements ProgramRunner {
  readonly acceptsBytes = false;
  /** In the order of their last use. */
  private readonly compiled = new Map<string, Compiled>();
  /** Models that copy: onto the device, back from it, and several outputs end to end. */
  private readonly copies = new Map<string, InferenceSession>();
  private variables = new Map<string, Tensor>();

  constructor(
    private readonly runtime: Runtime,
    private readonly model: ModelSettings,
    private readonly layout: StateLayout,
  ) {}

  preferredSteps(batch: number): number {
    return preferredSteps(this.model, batch, operationsPerCall);
  }

  longestPattern(batch: number): number {
    return Math.min(
      unrolledSteps(this.model, batch),
      this.preferredSteps(batch),
    );
  }

  async run({ key, build, inputs, repeats }: ProgramCall): Promise<Values> {
    const program = await this.compile(key, build);
    const count = repeats ?? 1;
    const results = new Map<string, Tensor[]>();
    try {
      for (let index = 0; index < count; index++)
        for (const [name, tensor] of await this.once(program, inputs, index)) {
          const earlier = results.get(name) ?? [];
          results.set(name, [...earlier, tensor]);
        }
      const values = new Map<string, Float32Array>();
      for (const [name, tensors] of results)
        values.set(name, await this.readBack(tensors));
      return values;
    } finally {
      for (const tensors of results.values()) tensors.forEach(release);
    }
  }

  async read(): Promise<Values> {
    const tensors = [...this.variables];
    const shapes = tensors.map(([, { dims }]) => dims);
    const session = await this.copy("back", copyModel(shapes), "cpu");
    const copied = await session.run(
      Object.fromEntries(tensors.map(([, tensor], i) => [`in.${i}`, tensor])),
    );
    return new Map(
      tensors.map(([name], i) => [name, floatsOf(copied[`out.${i}`])]),
    );
  }

  async write(variables: Values): Promise<void> {
    this.variables.forEach(release);
    this.variables = new Map();
    for (const { name, shape } of this.layout.variables) {
      const values = variables.get(name);
      if (values) this.variables.set(name, await this.upload(values, shape));
    }
  }

  async dispose(): Promise<void> {
    this.variables.forEach(release);
    this.variables.clear();
    for (const { session } of this.compiled.values()) await session.release();
    for (const session of this.copies.values()) await session.release();
    this.compiled.clear();
    this.copies.clear();
  }

  /** Runs a program on the part of the inputs that belongs to one repetition; gives what is no state, on the device. */
  private async once(
    { model, session, outputs }: Compiled,
    inputs: Values,
    index: number,
  ): Promise<[string, Tensor][]> {
    const feeds: Record<string, Tensor> = {};
    for (const { name, shape } of model.inputs)
      feeds[name] =
        this.shaped(name, shape) ?? this.part(name, shape, inputs, index);
    const results = await session.run(feeds);
    for (const [name, old] of this.variables) {
      const next = results[nextName(name)];
      if (!(nextName(name) in results)) continue;
      release(old);
      this.variables.set(name, next);
    }
    return outputs.map((name) => [name, results[name]]);
  }

  private shaped(name: string, shape: readonly number[]): Tensor | undefined {
    const variable = this.variables.get(name);
    if (variable && variable.size !== volume(shape))
      throw new Error(`${name} has ${variable.size} values on the device.`);
    return variable;
  }

  private part(
    name: string,
    shape: readonly number[],
    inputs: Values,
    index: number,
  ): Tensor {
    const size = volume(shape);
    const values = inputs.get(name)?.subarray(index * size, (index + 1) * size);
    if (values?.length !== size)
      throw new Error(
        `${name} has ${values?.length ?? 0} values and needs ${size}.`,
      );
    return new this.runtime.Tensor("float32", values, [...shape]);
  }

  private async compile(key: string, build: () => Program): Promise<Compiled> {
    const known = this.compiled.get(key);
    this.compiled.delete(key);
    const compiled = known ?? (await this.create(build()));
    this.compiled.set(key, compiled);
    for (const [oldest, { session }] of this.compiled) {
      if (this.compiled.size <= keptPrograms) break;
      this.compiled.delete(oldest);
      await session.release();
    }
    return compiled;
  }

  private async create(program: Program): Promise<Compiled> {
    const model = plainModel(program, "gpu");
    const session = await this.open(model.bytes, "gpu-buffer");
    return { model, session, outputs: [...program.outputs.keys()] };
  }

  private async upload(values: Float32Array, shape: Shape): Promise<Tensor> {
    const session = await this.copy("to", copyModel([shape]), "gpu-buffer");
    const input = new this.runtime.Tensor("float32", values, [...shape]);
    return (await session.run({ "in.0": input }))["out.0"];
  }

  /** Tensors of equal shape as one array; reading them from JavaScript would end the process. */
  private async readBack(tensors: readonly Tensor[]): Promise<Float32Array> {
    const model = stackModel(tensors.length, tensors[0].dims);
    const session = await this.copy("stack", model, "cpu");
    const feeds = tensors.map((tensor, i) => [`in.${i}`, tensor] as const);
    return floatsOf((await session.run(Object.fromEntries(feeds)))["out.0"]);
  }

  private async copy(
    purpose: string,
    { key, bytes }: { key: string; bytes: () => Uint8Array },
    location: "cpu" | "gpu-buffer",
  ): Promise<InferenceSession> {
    const name = `${purpose} ${key}`;
    const known = this.copies.get(name);
    if (known) return known;
    const session = await this.open(bytes(), location);
    this.copies.set(name, session);
    return session;
  }

  private open(
    bytes: Uint8Array,
    location: "cpu" | "gpu-buffer",
  ): Promise<InferenceSession> {
    return this.runtime.InferenceSession.create(bytes, {
      executionProviders: ["webgpu"],
      preferredOutputLocation: location,
      graphOptimizationLevel: "all",
      logSeverityLevel: 3,
    });
  }
}

function release(tensor: Tensor): void {
  if (tensor.location !== "cpu") tensor.dispose();
}

function floatsOf({ data }: Tensor): Float32Array {
  if (data instanceof Float32Array) return data;
  throw new Error("A value came out of ONNX Runtime with another type.");
}
