/** The training loop: feed the engine, look at what it answers, and do what is due. Created by `train`. */
import { setImmediate as yieldToEvents } from "node:timers/promises";
import type { TrainingSession } from "../engine/engine";
import { volume } from "../../shared/network";
import type { NetworkRole } from "../../shared/settings";
import { formatLogLine } from "../../shared/log-line";
import type { ControlRequest } from "./control";
import type { Checkpoint, TrainingEvent } from "./events";
import { Feed } from "./feed";
import { Figures } from "./figures";
import { allFinite, brokenTensor } from "./finite";
import { MetricBuffer } from "./metric-buffer";
import { isDue, nextPlace } from "./schedule";
import type { Place, Schedule } from "./schedule";
import { noiseBank } from "./streams";
import type { TrainingJob } from "./train";

/** How long figures may wait before they are told, in seconds. */
const tellEvery = 0.2;

/** Whether the run goes on after what has just happened. */
type Outcome = "goes-on" | "ended";
type Events = AsyncGenerator<TrainingEvent, Outcome>;

export class TrainingLoop {
  private readonly feed: Feed;
  private readonly figures = new Figures();
  private readonly buffer: MetricBuffer;
  private learningRates: Record<NetworkRole, number>;
  /** Time spent training, in seconds; pauses left out. */
  private seconds: number;
  private secondsAtCheckpoint: number;
  private lastTold = now();
  /** The last state that was looked through and found sound, with the step of the last checkpoint handed out. */
  private lastGood: Checkpoint | null = null;
  private lastSaved = -1;
  private lastSampled = -1;

  constructor(
    private readonly job: TrainingJob,
    private readonly schedule: Schedule,
    private readonly session: TrainingSession,
  ) {
    const { settings, images, from } = job;
    const position = from?.position ?? null;
    this.feed = new Feed(settings, images, schedule, position);
    this.buffer = new MetricBuffer(this.place.step + 1);
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
    if ((yield* this.saveLast()) === "ended") return;
    yield { type: "finished", step: this.place.step };
  }

  /** One engine call and everything that is due after it. */
  private async *advance(): Events {
    const began = now();
    const first = this.place;
    const batch = this.feed.take(this.stepsInOneCall(), this.learningRates);
    const columns = await this.session.train(batch);
    const ended = now();

    const lines: TrainingEvent[] = [];
    let place = first;
    for (let row = 0; row < batch.steps; row++) {
      place = nextPlace(this.schedule, place);
      const updated = batch.generatorUpdates[row];
      const broken = this.figures.take(columns, row, updated);
      if (broken || row === batch.steps - 1)
        this.buffer.append(columns, batch.generatorUpdates, row + 1, [
          began,
          ended,
        ]);
      if (broken) {
        yield* this.tellMetrics();
        return yield* this.diverge(place.step, `${broken} is no number`);
      }
      if (isDue(this.job.settings.log.cadence, this.schedule, place))
        lines.push(this.logLine(place));
    }
    this.seconds += ended - began;
    return yield* this.doWhatIsDue(lines);
  }

  private async *doWhatIsDue(lines: TrainingEvent[]): Events {
    const samples = this.samplesAreDue();
    const checkpoint = this.checkpointIsDue();
    const told = now() - this.lastTold >= tellEvery;
    if (told || lines.length > 0 || samples || checkpoint)
      yield* this.tellMetrics();
    if (lines.length > 0 && (yield* this.inspect()) === "ended") return "ended";
    yield* lines;
    if (samples && (yield* this.sample()) === "ended") return "ended";
    if (checkpoint) return yield* this.save("scheduled");
    return "goes-on";
  }

  /** As many steps as the engine likes, but no further than the next thing that needs the weights as they are then. */
  private stepsInOneCall(): number {
    const { settings } = this.job;
    const batch = this.schedule.batchAfter(this.place);
    const most = Math.min(
      this.session.preferredSteps(batch),
      this.schedule.totalSteps - this.place.step,
    );
    let place = this.place;
    for (let steps = 1; steps < most; steps++) {
      place = nextPlace(this.schedule, place);
      const stops =
        this.schedule.batchAfter(place) !== batch ||
        settings.sampling.cadences.some((c) =>
          isDue(c, this.schedule, place),
        ) ||
        this.isSaveStep(place);
      if (stops) return steps;
    }
    return Math.max(1, most);
  }

  /** Every request that has arrived. */
  private async *obey(): Events {
    for (;;) {
      const request = this.job.control.take();
      if (!request) return "goes-on";
      if (request.type === "pause") {
        if ((yield* this.pause()) === "ended") return "ended";
      } else if ((yield* this.answer(request)) === "ended") return "ended";
    }
  }

  private async *pause(): Events {
    yield* this.tellMetrics();
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
        if ((yield* this.saveLast()) === "goes-on")
          yield { type: "stopped", step: this.place.step };
        return "ended";
      case "checkpoint":
        yield* this.tellMetrics();
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
    const { sampling, generator, data } = this.job.settings;
    const { count, mode } = sampling;
    const latents = noiseBank(count, volume(generator.input));
    const pixels = await this.session.generate(latents, count, mode);
    const { step } = this.place;
    if (!allFinite(pixels))
      return yield* this.diverge(
        step,
        "a sample has a pixel that is no number",
      );
    this.lastSampled = step;
    yield {
      type: "samples",
      step,
      count,
      channels: data.channels,
      size: data.size,
      pixels,
    };
    return "goes-on";
  }

  private async *saveLast(): Events {
    yield* this.tellMetrics();
    return yield* this.save("final");
  }

  private async *save(reason: "scheduled" | "asked" | "final"): Events {
    if ((yield* this.inspect()) === "ended") return "ended";
    if (!this.lastGood) return "goes-on";
    this.secondsAtCheckpoint = this.seconds;
    yield* this.handOut(reason, this.lastGood);
    return "goes-on";
  }

  /** Reads the state and looks through it; a sound one becomes `lastGood`. */
  private async *inspect(): Events {
    const { step } = this.place;
    if (this.lastGood?.position.step === step) {
      this.lastGood.position.learningRates = this.learningRates;
      return "goes-on";
    }
    const state = await this.session.readState();
    const broken = brokenTensor(state);
    if (broken)
      return yield* this.diverge(
        step,
        `${broken} holds a value that is no number`,
      );
    const position = {
      ...this.feed.position,
      seconds: this.seconds,
      learningRates: this.learningRates,
    };
    this.lastGood = { state, position };
    return "goes-on";
  }

  private async *diverge(step: number, what: string): Events {
    if (this.lastGood && this.lastGood.position.step > this.lastSaved)
      yield* this.handOut("scheduled", this.lastGood);
    yield { type: "diverged", step, what };
    return "ended";
  }

  /** The receiver owns the checkpoint's memory from then on. */
  private *handOut(
    reason: "scheduled" | "asked" | "final",
    checkpoint: Checkpoint,
  ): Generator<TrainingEvent> {
    this.lastSaved = checkpoint.position.step;
    this.lastGood = null;
    yield { type: "checkpoint", reason, checkpoint };
  }

  private *tellMetrics(): Generator<TrainingEvent> {
    this.lastTold = now();
    const block = this.buffer.take();
    if (block) yield { type: "metrics", block };
  }

  private logLine(place: Place): TrainingEvent {
    const values = this.figures.describe(this.schedule, place);
    const line = formatLogLine(this.job.settings.log.template, values);
    return { type: "log", step: place.step, line };
  }

  private samplesAreDue(): boolean {
    return this.job.settings.sampling.cadences.some((cadence) =>
      isDue(cadence, this.schedule, this.place),
    );
  }

  private checkpointIsDue(): boolean {
    const { everyMinutes } = this.job.settings.checkpoints;
    const waited = this.seconds - this.secondsAtCheckpoint;
    return (
      this.isSaveStep(this.place) ||
      (everyMinutes !== null && waited >= everyMinutes * 60)
    );
  }

  private isSaveStep({ step }: Place): boolean {
    const { everySteps } = this.job.settings.checkpoints;
    return everySteps !== null && step % everySteps === 0;
  }
}

/** Seconds since 1970. */
function now(): number {
  return (performance.timeOrigin + performance.now()) / 1000;
}
