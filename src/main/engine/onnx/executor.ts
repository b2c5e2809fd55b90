/** Compiles models and runs them. Sessions are kept, because making one takes longer than many steps. */
import { availableParallelism } from "node:os";
import { volume } from "../../../shared/network";
import type { EngineSettings } from "../../../shared/settings";
import type { InferenceSession, Runtime, Tensor } from "./load";
import type { Model } from "./models";

/** Batch sizes and purposes that stay compiled at once; each keeps working memory of its own. */
const keptSessions = 8;

interface Compiled {
  model: Model;
  session: InferenceSession;
}

export class Executor {
  /** In the order of their last use. */
  private readonly compiled = new Map<string, Compiled>();

  constructor(
    private readonly runtime: Runtime,
    private readonly options: EngineSettings,
  ) {}

  /**
   * Runs a model that `build` gives when the key is new. `inputs` holds every value that the model may need; those
   * that vary from step to step hold `steps` rows.
   */
  async run(
    key: string,
    build: () => Model,
    inputs: ReadonlyMap<string, Float32Array>,
    steps = 1,
  ): Promise<Map<string, Float32Array>> {
    const { model, session } = await this.compile(key, build);
    const feeds: Record<string, Tensor> = {};
    for (const { name, shape, perStep } of model.inputs)
      feeds[name] = this.tensor(
        name,
        inputs.get(name),
        perStep ? [steps, ...shape] : [...shape],
      );
    const results = await session.run(feeds);
    return new Map(
      model.outputs.map((name) => [name, floatsOf(name, results[name])]),
    );
  }

  async dispose(): Promise<void> {
    for (const { session } of this.compiled.values()) await session.release();
    this.compiled.clear();
  }

  private async compile(key: string, build: () => Model): Promise<Compiled> {
    const known = this.compiled.get(key);
    this.compiled.delete(key);
    const compiled = known ?? (await this.create(build()));
    this.compiled.set(key, compiled);
    for (const [oldest, { session }] of this.compiled) {
      if (this.compiled.size <= keptSessions) break;
      this.compiled.delete(oldest);
      await session.release();
    }
    return compiled;
  }

  private async create(model: Model): Promise<Compiled> {
    const session = await this.runtime.InferenceSession.create(model.bytes, {
      executionProviders: ["cpu"],
      graphOptimizationLevel: "all",
      intraOpNumThreads: threadsOf(this.options),
      interOpNumThreads: 1,
      // Planning one block for all values costs a DCGAN gigabytes and wins no time.
      enableMemPattern: false,
      logSeverityLevel: 3,
      extra: {
        session: {
          // Else they go on spinning for some 25 ms after a call, and take a core from whatever runs next.
          force_spinning_stop: "1",
          intra_op: { allow_spinning: this.options.spinning ? "1" : "0" },
        },
      },
    });
    return { model, session };
  }

  private tensor(
    name: string,
    values: Float32Array | undefined,
    shape: number[],
  ): Tensor {
    if (values?.length !== volume(shape))
      throw new Error(
        `${name} has ${values?.length ?? 0} values and needs ${volume(shape)}.`,
      );
    return new this.runtime.Tensor("float32", values, shape);
  }
}

/** The threads that work on one operation. */
export function threadsOf({ threads }: Pick<EngineSettings, "threads">) {
  return threads ?? availableParallelism();
}

function floatsOf(name: string, { data }: Tensor): Float32Array {
  if (data instanceof Float32Array) return data;
  throw new Error(`${name} came out of ONNX Runtime with another type.`);
}
