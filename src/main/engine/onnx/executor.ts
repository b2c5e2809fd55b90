/** Compiles models and runs them. Sessions are kept, because making one takes longer than many steps. */
import { availableParallelism } from "node:os";
import { volume } from "../../../shared/layers";
import type { EngineSettings } from "../../../shared/settings/settings";
import type { InferenceSession, Runtime, Tensor } from "./load";
import type { Model, ModelInput } from "./models";
import { SpinningChoice } from "./tuning/spinning";

/** Batch sizes and purposes that stay compiled at once; each keeps working memory of its own. */
const keptSessions = 8;

interface Compiled {
  model: Model;
  session: InferenceSession;
  spinning: boolean;
}

export class Executor {
  /** In the order of their last use. */
  private readonly compiled = new Map<string, Compiled>();
  /** For models of steps, by the same keys, where the settings leave it open how threads wait. */
  private readonly choices = new Map<string, SpinningChoice>();

  constructor(
    private readonly runtime: Runtime,
    private readonly options: EngineSettings,
    private readonly createChoice = () => new SpinningChoice(),
  ) {}

  /**
   * Runs a model that `build` gives when the key is new. `inputs` holds every value that the model may need; those
   * that vary from step to step hold `steps` rows. Absent `steps` mean a lone run, whose threads need not be measured.
   */
  async run(
    key: string,
    build: () => Model,
    inputs: ReadonlyMap<string, Float32Array | Uint8Array>,
    steps?: number,
  ): Promise<Map<string, Float32Array>> {
    const choice = steps === undefined ? null : this.choice(key);
    const { model, session } = await this.compile(
      key,
      build,
      choice?.spinning ?? this.options.spinning === true,
    );
    const feeds: Record<string, Tensor> = {};
    for (const input of model.inputs)
      feeds[input.name] = this.tensor(
        input,
        inputs.get(input.name),
        steps ?? 1,
      );
    const start = performance.now();
    const results = await session.run(feeds);
    if (steps !== undefined) choice?.record(performance.now() - start, steps);
    return new Map(
      model.outputs.map((name) => [name, floatsOf(name, results[name])]),
    );
  }

  async dispose(): Promise<void> {
    for (const { session } of this.compiled.values()) await session.release();
    this.compiled.clear();
    this.choices.clear();
  }

  private async compile(
    key: string,
    build: () => Model,
    spinning: boolean,
  ): Promise<Compiled> {
    const known = this.compiled.get(key);
    this.compiled.delete(key);
    // Compiled anew rather than kept both ways: a session's working memory can be large.
    if (known && known.spinning !== spinning) await known.session.release();
    const compiled =
      known?.spinning === spinning
        ? known
        : await this.create(known?.model ?? build(), spinning);
    this.compiled.set(key, compiled);
    for (const [oldest, { session }] of this.compiled) {
      if (this.compiled.size <= keptSessions) break;
      this.compiled.delete(oldest);
      await session.release();
    }
    return compiled;
  }

  /** Null where the settings choose. */
  private choice(key: string): SpinningChoice | null {
    if (this.options.spinning !== "auto") return null;
    const choice = this.choices.get(key) ?? this.createChoice();
    this.choices.set(key, choice);
    return choice;
  }

  private async create(model: Model, spinning: boolean): Promise<Compiled> {
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
          // Else they go on spinning for a while after a call, and take a core from whatever runs next.
          force_spinning_stop: "1",
          // Parts of elementwise passes go to whichever thread is free: two or three per cent of an MLP's step.
          dynamic_block_base: "1",
          intra_op: { allow_spinning: spinning ? "1" : "0" },
        },
      },
    });
    return { model, session, spinning };
  }

  private tensor(
    { name, shape, bytes, perStep }: ModelInput,
    values: Float32Array | Uint8Array | undefined,
    steps: number,
  ): Tensor {
    const whole = perStep ? [steps, ...shape] : [...shape];
    if (values?.length !== volume(whole))
      throw new Error(
        `${name} has ${values?.length ?? 0} values and needs ${volume(whole)}.`,
      );
    const { Tensor } = this.runtime;
    if (!bytes && values instanceof Float32Array)
      return new Tensor("float32", values, whole);
    if (bytes && values instanceof Uint8Array)
      return new Tensor("uint8", values, whole);
    throw new Error(`${name} ${bytes ? "is" : "is not"} an array of bytes.`);
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
