/** A training program in a session of its own, with the state on the device. */
import { volume } from "../../../shared/layers";
import type { Program } from "../../graph/program";
import type { StateLayout } from "../../graph/state";
import type { Values } from "../runner";
import type { TensorFlow } from "./load";
import type { Feed } from "./loaded-model";
import { LoadedModel } from "./loaded-model";
import type { Port } from "./nodes";
import { repeats } from "./steps-loop";
import type { StepsModel } from "./steps-model";
import { stepsModel } from "./steps-model";

export interface TrainingOptions {
  /** How many repeats one call takes. */
  most: number;
  /** Whether XLA compiles it, the first time that it runs. */
  compile: boolean;
}

export class Training {
  private constructor(
    private readonly model: StepsModel,
    private readonly loaded: LoadedModel,
  ) {}

  static async load(
    tf: TensorFlow,
    program: Program,
    layout: StateLayout,
    { most, compile }: TrainingOptions,
  ): Promise<Training> {
    const model = stepsModel(program, layout, most, compile);
    return new Training(model, await LoadedModel.load(tf, model.model));
  }

  /** Sets all variables. */
  write(values: Values): void {
    const feeds = this.model.variables.all.map(
      ({ name, key, shape }) =>
        [key, { values: valuesOf(values, name), shape }] as const,
    );
    this.loaded.run("init", new Map(feeds));
  }

  /** The variables, or without the optimisers' slots. */
  read(what: "all" | "weights"): Map<string, Float32Array> {
    const kinds = what === "all" ? (["weights", "slots"] as const) : [what];
    return new Map(
      kinds.flatMap((kind) => {
        const ports = this.model.variables[kind];
        if (ports.length === 0) return [];
        return named(ports, this.loaded.run(kind, new Map()));
      }),
    );
  }

  /** Runs the program `count` times. Inputs hold so many repeats, and so do the outputs, end to end. */
  run(inputs: Values, count: number): Map<string, Float32Array> {
    const parts: Map<string, Float32Array>[] = [];
    for (let from = 0; from < count; from += this.model.most)
      parts.push(
        this.call(inputs, from, Math.min(count, from + this.model.most)),
      );
    return new Map(
      this.model.outputs.map(({ name }) => [
        name,
        joined(parts.map((part) => valuesOf(part, name))),
      ]),
    );
  }

  dispose(): void {
    this.loaded.dispose();
  }

  private call(
    inputs: Values,
    from: number,
    to: number,
  ): Map<string, Float32Array> {
    const { most } = this.model;
    const feeds = new Map<string, Feed>([
      [repeats.name, { values: Int32Array.of(to - from), shape: [] }],
    ]);
    for (const { name, key, shape } of this.model.inputs) {
      const size = volume(shape);
      const values = valuesOf(inputs, name).subarray(from * size, to * size);
      const [rows, ...rest] = shape;
      feeds.set(key, {
        values: padded(values, most * size),
        shape: [most * rows, ...rest],
      });
    }
    const results = this.loaded.run("train", feeds);
    return new Map(
      named(this.model.outputs, results).map(([name, values]) => [
        name,
        values.subarray(0, ((to - from) * values.length) / most),
      ]),
    );
  }
}

export function valuesOf(values: Values, name: string): Float32Array {
  const found = values.get(name);
  if (!found) throw new Error(`The engine has no value ${name}.`);
  return found;
}

/** Results under our names for them. */
export function named(
  ports: readonly Port[],
  results: Values,
): [string, Float32Array][] {
  return ports.map(({ name, key }) => [name, valuesOf(results, key)]);
}

/** As long as a full call's, which nobody reads to its end. */
function padded(values: Float32Array, length: number): Float32Array {
  if (values.length === length) return values;
  const longer = new Float32Array(length);
  longer.set(values);
  return longer;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0];
  const all = new Float32Array(
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
