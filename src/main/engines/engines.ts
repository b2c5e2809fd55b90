/**
 * Which engines can train on this machine, and which one a run gets. `auto` is measured among those that passed their
 * self-test, once for each size of networks; verdicts and times are remembered until a driver or the application changes.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Environment } from "../../shared/run";
import type { EngineListing } from "../../shared/contract/app";
import type {
  EngineId,
  TrainingSettings,
} from "../../shared/settings/settings";
import { engineIds } from "../../shared/settings/settings";
import { keepTensorFlowIn } from "../engine/tensorflow/place";
import type { WorkOptions } from "../data/source";
import { EngineBook } from "./book";
import type { Check, Speeds } from "./book";
import { CrashMarks } from "./crash-marks";
import type { Crash } from "./crash-marks";
import type { CudaPlan } from "./cuda/plan";
import { planCuda } from "./cuda/plan";
import { setUpCuda } from "./cuda/set-up";
import type { Fork } from "./fork";
import { listingOf, nameOf, whyFastest } from "./listing";
import { machineStamp } from "./machine";
import { whyAbsent } from "./presence";
import { Trial } from "./trial";

export interface Choice {
  id: EngineId;
  /** The GPU that its self-test found; undefined for the processor. */
  device?: string;
  /** In a sentence, as the record keeps it. */
  why: string;
}

export interface ChoiceOptions {
  /** What a run that is resumed or forked was trained on. */
  before: Pick<Environment, "engine" | "choice"> | null;
  signal?: AbortSignal;
  /** Told once before a test or a measurement that takes seconds. */
  onTrial?: (title: string) => void;
}

type Ask = Pick<ChoiceOptions, "signal" | "onTrial">;

export class Engines {
  /** Where `setUpCuda` puts TensorFlow's library. */
  readonly tensorFlow: string;
  readonly marks: CrashMarks;
  private readonly book: EngineBook;
  private readonly trial: Trial;
  private readonly testing = new Map<EngineId, Promise<Check>>();

  constructor(
    dataFolder: string,
    private readonly version: string,
    fork: Fork,
  ) {
    this.tensorFlow = join(dataFolder, "tensorflow");
    keepTensorFlowIn(this.tensorFlow);
    this.book = new EngineBook(dataFolder, machineStamp(version));
    this.marks = new CrashMarks(dataFolder);
    this.trial = new Trial(fork, this.tensorFlow);
  }

  /** All of them, each tried where that was not done before. */
  async list(): Promise<EngineListing[]> {
    const checks = await Promise.all(engineIds.map((id) => this.check(id)));
    const usable = engineIds.filter((id) => this.isUsable(id));
    return engineIds.map((id, i) =>
      listingOf(id, checks[i], {
        crashedAt: this.book.crashedAt(id),
        isOnly: usable.length === 1 && usable[0] === id,
      }),
    );
  }

  /** Forgets what is known of an engine and tries it anew. */
  async test(id: EngineId): Promise<void> {
    this.book.forget(id, machineStamp(this.version));
    await this.check(id);
  }

  /** What `auto` would take for these settings, as far as that was measured; null: it will be at the start of a run. */
  foreseen(settings: TrainingSettings): Choice | null {
    const usable = engineIds.filter((id) => this.isUsable(id));
    if (engineIds.some((id) => !this.isKnown(id))) return null;
    const speeds = this.book.speeds(sizeOf(settings));
    if (usable.length > 1 && usable.some((id) => speeds[id] === undefined))
      return null;
    return this.fastest(usable, speeds);
  }

  /** What `setUpCuda` will download. Rejects with one sentence where CUDA cannot work here. */
  planCuda(): Promise<CudaPlan> {
    return planCuda();
  }

  /** Brings TensorFlow's library for CUDA and tests it. Rejects with one sentence, or with the signal's reason. */
  async setUpCuda(plan: CudaPlan, options: WorkOptions): Promise<void> {
    await setUpCuda(plan, this.tensorFlow, options);
    await this.test("tfjs");
  }

  /** Rejects with one sentence where the engine that was named cannot train here, or with the signal's reason. */
  async choose(
    settings: TrainingSettings,
    options: ChoiceOptions,
  ): Promise<Choice> {
    const { before } = options;
    const wanted = settings.engine.id;
    if (wanted === "onnx") return this.choice("onnx", "Chosen by name.");
    if (wanted !== "auto") {
      const check = await this.check(wanted, options);
      if (check.passed) return this.choice(wanted, "Chosen by name.");
      // All engines compute the same, so a run that exists can go on anywhere.
      if (!before)
        throw new Error(`${nameOf(wanted)} cannot train here: ${check.reason}`);
    } else if (before && (await this.passes(before.engine, options)))
      return this.choice(
        before.engine,
        before.choice ?? "Kept from before the run was resumed.",
      );
    return this.measured(settings, options);
  }

  /** What a crash left behind; `auto` avoids its engine from now on. */
  async takeCrashes(): Promise<Crash[]> {
    const crashes = await this.marks.take();
    for (const { engine, at, machineWentDown } of crashes)
      // Without the processor nothing would be left.
      if (engine !== "onnx" && !machineWentDown) this.book.setCrash(engine, at);
    return crashes;
  }

  /** What is remembered is on the disk. */
  close(): Promise<void> {
    return this.book.flush();
  }

  private async measured(
    settings: TrainingSettings,
    ask: Ask,
  ): Promise<Choice> {
    for (const id of engineIds) await this.check(id, ask);
    const usable = engineIds.filter((id) => this.isUsable(id));
    const key = sizeOf(settings);
    let speeds = this.book.speeds(key);
    if (usable.length > 1)
      for (const id of usable) {
        if (speeds[id] !== undefined) continue;
        ask.onTrial?.(`Measuring ${nameOf(id)} for these networks`);
        const result = await this.measure(id, settings, ask);
        speeds = { ...speeds, [id]: result };
        this.book.setSpeeds(key, speeds);
      }
    return this.fastest(usable, speeds);
  }

  private measure(
    id: EngineId,
    settings: TrainingSettings,
    { signal }: Ask,
  ): Promise<number | string> {
    return this.trial.measure(
      {
        engine: id,
        model: settings,
        batch: settings.schedule.batchSize,
        options: settings.engine,
      },
      signal,
    );
  }

  private fastest(usable: readonly EngineId[], speeds: Speeds): Choice {
    const time = (id: EngineId): number => {
      const speed = speeds[id];
      return typeof speed === "number" ? speed : Infinity;
    };
    const sorted = usable.toSorted((a, b) => time(a) - time(b));
    const left = engineIds.filter(
      (id) => !usable.includes(id) && this.book.crashedAt(id) !== null,
    );
    const names = sorted.map(
      (id) => [this.deviceName(id), speeds[id]] as const,
    );
    // The processor is left when nothing else is.
    return this.choice(
      sorted.at(0) ?? "onnx",
      whyFastest(names, left.map(nameOf)),
    );
  }

  private choice(id: EngineId, why: string): Choice {
    const check = this.book.check(id);
    const device = id === "webgpu" && check?.passed ? check.device : undefined;
    return { id, device, why };
  }

  /** "WebGPU, NVIDIA RTX 4060"; the processor is only "CPU". */
  private deviceName(id: EngineId): string {
    const check = this.book.check(id);
    return id !== "onnx" && check?.passed
      ? `${nameOf(id)}, ${check.device.split(",")[0]}`
      : nameOf(id);
  }

  private async passes(id: EngineId, ask: Ask): Promise<boolean> {
    if (id === "onnx") return true;
    await this.check(id, ask);
    return this.isUsable(id);
  }

  private isUsable(id: EngineId): boolean {
    return (
      whyAbsent(id) === null &&
      this.book.check(id)?.passed === true &&
      this.book.crashedAt(id) === null
    );
  }

  private isKnown(id: EngineId): boolean {
    return whyAbsent(id) !== null || this.book.check(id) !== null;
  }

  private async check(id: EngineId, ask: Ask = {}): Promise<Check> {
    const reason = whyAbsent(id);
    if (reason !== null) return { passed: false, reason };
    const known = this.book.check(id);
    if (known) return known;
    ask.onTrial?.(`Testing ${nameOf(id)}`);
    const test = this.testing.get(id) ?? this.remember(id, ask.signal);
    return test;
  }

  /** Two that ask at the same time wait for the same process. */
  private async remember(id: EngineId, signal?: AbortSignal): Promise<Check> {
    const test = this.trial.test(id, signal);
    this.testing.set(id, test);
    try {
      const check = await test;
      this.book.setCheck(id, check);
      return check;
    } finally {
      this.testing.delete(id);
    }
  }
}

/** Equal for settings whose steps take equally long. */
function sizeOf({
  generator,
  discriminator,
  objective,
  optimizers,
  improvements,
  schedule,
  engine,
}: TrainingSettings): string {
  const size = [
    generator.input,
    generator.layers,
    discriminator.input,
    discriminator.layers,
    { ...objective, clip: objective.clip !== null },
    optimizers.generator.type,
    optimizers.discriminator.type,
    improvements,
    schedule.batchSize,
    engine.threads,
  ];
  return createHash("sha256").update(JSON.stringify(size)).digest("hex");
}
