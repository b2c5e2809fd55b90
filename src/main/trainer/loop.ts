/** The training loop: feed the engine, look at what it answers, and do what is due. Created by `train`. */
import { setImmediate as yieldToEvents } from "node:timers/promises";
import type { ImageSet } from "../data/image-set";
import type {
  Engine,
  StepBatch,
  TrainingSession,
  WeightChoice,
} from "../engine/engine";
import { networkRoles } from "../graph/parameters";
import { formatLogLine } from "../../shared/log-line";
import { volume } from "../../shared/layers";
import { metricsWith, stepMetrics } from "../../shared/metrics";
import { classCount, gridClasses, oneHot } from "../../shared/settings/labels";
import type {
  NetworkRole,
  TrainingSettings,
} from "../../shared/settings/settings";
import { CallLength } from "./call-length";
import type { Control, ControlRequest } from "./control";
import type { Checkpoint, SaveReason, TrainingEvent } from "./events";
import { Feed } from "./feed";
import { Figures } from "./figures";
import { allFinite } from "./finite";
import { MetricBuffer } from "./metric-buffer";
import { Plan } from "./plan";
import { nextPlace } from "./schedule";
import type { Place, Schedule } from "./schedule";
import { SoundStates } from "./sound-states";
import { noiseBank } from "./streams";

export interface TrainingJob {
  settings: TrainingSettings;
  images: ImageSet;
  engine: Engine;
  control: Control;
  /** Where to go on; null begins at step 0. */
  from: Checkpoint | null;
}

/**
 * Seconds after which a run is saved in any case, so that a crash costs less than a minute. The next checkpoint takes the
 * place of such a one.
 */
const safetyEvery = 45;

/** How long figures may wait before they are told, in seconds. */
const tellEvery = 0.2;

/** Whether the run goes on after what has just happened. */
type Outcome = "goes-on" | "ended";
type Events = AsyncGenerator<TrainingEvent, Outcome>;

export class TrainingLoop {
  private readonly feed: Feed;
  private readonly plan: Plan;
  private readonly figures: Figures;
  private readonly metrics: MetricBuffer;
  private readonly states: SoundStates;
  private readonly callLength = new CallLength();
  private learningRates: Record<NetworkRole, number>;
  /** Time spent training, in seconds; pauses left out. */
  private seconds: number;
  private secondsAtCheckpoint: number;
  /** When the state was last saved, for whatever reason. */
  private savedAt = now();
  private lastTold = now();
  private lastSampled = -1;

  constructor(
    private readonly job: TrainingJob,
    private readonly schedule: Schedule,
    private readonly session: TrainingSession,
  ) {
    const { settings, images, from } = job;
    const position = from?.position ?? null;
    this.feed = new Feed(
      settings,
      images,
      schedule,
      position,
      session.acceptsBytes,
    );
    this.plan = new Plan(settings, schedule);
    const tags = metricsWith(settings);
    this.figures = new Figures(new Set(tags));
    this.metrics = new MetricBuffer(this.place.step + 1, tags);
    this.states = new SoundStates(session);
    this.learningRates = position?.learningRates ?? {
      generator: settings.optimizers.generator.learningRate,
      discriminator: settings.optimizers.discriminator.learningRate,
    };
    this.seconds = position?.seconds ?? 0;
    this.secondsAtCheckpoint = this.seconds;
  }

  private get place(): Place {
    return this.feed.place;
  }

  async *run(): AsyncGenerator<TrainingEvent> {
    const { totalSteps, stepsPerEpoch } = this.schedule;
    yield {
      type: "started",
      step: this.place.step,
      totalSteps,
      stepsPerEpoch,
      data: this.job.images.identity,
    };
    if (this.place.step === 0 && (yield* this.sample()) === "ended") return;
    while (this.place.step < totalSteps) {
      // An engine may hold the thread during a call; requests can only arrive in between.
      await yieldToEvents();
      if ((yield* this.obey()) === "ended") return;
      if ((yield* this.advance()) === "ended") return;
    }
    if (this.lastSampled < totalSteps && (yield* this.sample()) === "ended")
      return;
    if ((yield* this.save("final")) === "ended") return;
    yield { type: "finished", step: this.place.step };
  }

  /** One engine call and everything that is due after it. */
  private async *advance(): Events {
    const began = now();
    let place = this.place;
    const preferred = this.session.preferredSteps(
      this.schedule.batchAfter(place),
    );
    const { generatorEvery } = this.job.settings.objective;
    const most = this.callLength.steps(preferred, generatorEvery);
    const batch = this.feed.take(
      this.plan.stepsFrom(place, most),
      this.learningRates,
    );
    const columns = await this.session.train(batch);
    writeRates(columns, batch);
    this.steer(columns, batch.batch, place.step);
    const ended = now();
    this.seconds += ended - began;
    this.callLength.record(batch.steps, ended - began);

    const { generatorUpdates } = batch;
    const lines: TrainingEvent[] = [];
    for (let row = 0; row < batch.steps; row++) {
      place = nextPlace(this.schedule, place);
      const broken = this.figures.take(columns, row, generatorUpdates[row]);
      if (broken !== null) {
        this.metrics.append(columns, generatorUpdates, row + 1, [began, ended]);
        return yield* this.diverge(place.step, `${broken} is not a number`);
      }
      if (this.plan.logs(place)) lines.push(this.logLine(place));
    }
    this.metrics.append(columns, generatorUpdates, batch.steps, [began, ended]);
    return yield* this.doWhatIsDue(lines);
  }

  /** The chance of augmentation, after steps from `before` on. */
  private steer(
    columns: readonly Float32Array[],
    batch: number,
    before: number,
  ): void {
    const { adaptive } = this.feed;
    if (!adaptive) return;
    const used = columns[stepMetrics.indexOf("augmentation/probability")];
    const signs = columns[stepMetrics.indexOf("augmentation/sign")];
    signs.forEach((sign, row) => {
      used[row] = adaptive.probability;
      adaptive.take(before + row + 1, sign, batch);
    });
  }

  private async *doWhatIsDue(lines: TrainingEvent[]): Events {
    const samples = this.plan.samples(this.place);
    const scheduled =
      this.plan.saves(this.place) ||
      this.plan.savesAfter(this.seconds - this.secondsAtCheckpoint);
    const checkpoint = scheduled || now() - this.savedAt >= safetyEvery;
    const isLate = now() - this.lastTold >= tellEvery;
    if (isLate || lines.length > 0 || samples || checkpoint)
      yield* this.tellMetrics();
    if (lines.length > 0 && (yield* this.inspect()) === "ended") return "ended";
    yield* lines;
    if (samples && (yield* this.sample()) === "ended") return "ended";
    if (checkpoint) return yield* this.save(scheduled ? "scheduled" : "safety");
    return "goes-on";
  }

  /** Every request that has arrived. */
  private async *obey(): Events {
    for (;;) {
      const request = this.job.control.take();
      if (!request) return "goes-on";
      const outcome =
        request.type === "pause" ? this.pause() : this.answer(request);
      if ((yield* outcome) === "ended") return "ended";
    }
  }

  /** Whoever pauses may be about to switch the machine off. */
  private async *pause(): Events {
    if ((yield* this.save("scheduled")) === "ended") return "ended";
    yield { type: "paused", step: this.place.step };
    for (;;) {
      const request = await this.job.control.next();
      if (request.type === "unpause") {
        yield { type: "unpaused", step: this.place.step };
        return "goes-on";
      }
      if ((yield* this.answer(request)) === "ended") return "ended";
    }
  }

  private async *answer(request: ControlRequest): Events {
    switch (request.type) {
      case "stop":
        if ((yield* this.save("final")) === "goes-on")
          yield { type: "stopped", step: this.place.step };
        return "ended";
      case "checkpoint":
        return yield* this.save("asked");
      case "learning-rates":
        this.learningRates = request.learningRates;
        yield { ...request, step: this.place.step };
        return "goes-on";
      // Already paused, or not paused at all.
      case "pause":
      case "unpause":
        return "goes-on";
      default:
        return request satisfies never;
    }
  }

  private async *sample(): Events {
    const { sampling, generator, data, improvements } = this.job.settings;
    const { count, mode } = sampling;
    const latents = noiseBank(count, volume(generator.input));
    const { settings } = this.job;
    const labels = oneHot(gridClasses(settings), classCount(settings));
    const made = (weights: WeightChoice) =>
      this.session.generate(latents, count, mode, { weights, labels });
    const pixels = await made("last");
    const average = improvements.average ? await made("average") : undefined;
    const { step } = this.place;
    if (!allFinite(pixels))
      return yield* this.diverge(
        step,
        "a sample has a pixel that is not a number",
      );
    this.lastSampled = step;
    const { channels, size } = data;
    yield { type: "samples", step, count, channels, size, pixels, average };
    return "goes-on";
  }

  private async *save(reason: SaveReason): Events {
    yield* this.tellMetrics();
    if ((yield* this.inspect()) === "ended") return "ended";
    const checkpoint = this.states.take();
    if (reason !== "safety") this.secondsAtCheckpoint = this.seconds;
    this.savedAt = now();
    if (checkpoint) yield { type: "checkpoint", reason, checkpoint };
    return "goes-on";
  }

  /** Looks through the weights: a loss may hide for a while what they have become. */
  private async *inspect(): Events {
    const broken = await this.states.inspect({
      ...this.feed.position,
      seconds: this.seconds,
      learningRates: this.learningRates,
    });
    if (broken === null) return "goes-on";
    const what = `${broken} holds a value that is not a number`;
    return yield* this.diverge(this.place.step, what);
  }

  private async *diverge(step: number, what: string): Events {
    yield* this.tellMetrics();
    const checkpoint = this.states.takeUnsaved();
    if (checkpoint)
      yield { type: "checkpoint", reason: "scheduled", checkpoint };
    yield { type: "diverged", step, what };
    return "ended";
  }

  private *tellMetrics(): Generator<TrainingEvent> {
    this.lastTold = now();
    const block = this.metrics.take();
    if (block) yield { type: "metrics", block };
  }

  private logLine(place: Place): TrainingEvent {
    const values = this.figures.describe(this.schedule, place);
    const line = formatLogLine(this.job.settings.log.template, values);
    return { type: "log", step: place.step, line };
  }
}

/** The rates of each step, which no engine tells. */
function writeRates(
  columns: readonly Float32Array[],
  { learningRates, rateFactors = [] }: StepBatch,
): void {
  for (const role of networkRoles) {
    const column = columns[stepMetrics.indexOf(`rate/${role}`)];
    rateFactors.forEach((factor, step) => {
      column[step] = learningRates[role] * factor;
    });
  }
}

/** Seconds since 1970. */
function now(): number {
  return (performance.timeOrigin + performance.now()) / 1000;
}
