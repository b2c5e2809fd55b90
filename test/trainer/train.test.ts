import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createTinyEngine } from "./tiny-engine";
import { eventsOf, noiseImages, series, smallSettings, trainAll } from "./runs";

const images = noiseImages(43);

describe("train", () => {
  it("tells every step exactly once, in order", async () => {
    const run = await trainAll(smallSettings(57), images, createTinyEngine());
    const blocks = eventsOf(run, "metrics").map(({ block }) => block);
    let next = 1;
    for (const block of blocks) {
      expect(block.firstStep).toBe(next);
      expect(block.times.length).toBe(block.rows);
      next += block.rows;
    }
    expect(next).toBe(58);
  });

  it("begins with started and untrained samples and ends with finished", async () => {
    const run = await trainAll(smallSettings(12), images, createTinyEngine());
    expect(run.events[0]).toMatchObject({
      type: "started",
      step: 0,
      totalSteps: 12,
      stepsPerEpoch: 10,
    });
    expect(run.events[1]).toMatchObject({ type: "samples", step: 0 });
    expect(run.events.at(-1)).toEqual({ type: "finished", step: 12 });
  });

  it("samples when the cadence says and at the end", async () => {
    const run = await trainAll(smallSettings(25), images, createTinyEngine());
    expect(eventsOf(run, "samples").map(({ step }) => step)).toEqual([
      0, 10, 20, 25,
    ]);
  });

  it("logs in the tutorial's words", async () => {
    const run = await trainAll(smallSettings(10), images, createTinyEngine());
    expect(eventsOf(run, "log").map(({ step }) => step)).toEqual([5, 10]);
    expect(eventsOf(run, "log")[0].line).toMatch(
      /^Step \[5\/10\], d_loss: -?\d\.\d{4}$/,
    );
  });

  it("logs once an epoch where the settings' steps never come in one", async () => {
    const settings = smallSettings(25);
    settings.log = {
      ...settings.log,
      cadence: { unit: "step", every: 400, within: "epoch", at: "end" },
    };
    const run = await trainAll(settings, images, createTinyEngine());
    expect(eventsOf(run, "log").map(({ step }) => step)).toEqual([10, 20]);
  });

  it("does not depend on how many steps the engine takes at once", async () => {
    const one = await trainAll(
      smallSettings(40),
      images,
      createTinyEngine({ preferred: 1 }),
    );
    const many = await trainAll(
      smallSettings(40),
      images,
      createTinyEngine({ preferred: 32 }),
    );
    expect(series(many, 0)).toEqual(series(one, 0));
    expect(many.checkpoint?.state).toEqual(one.checkpoint?.state);
  });

  it("keeps a short last batch where the settings say so", async () => {
    const sizes: number[] = [];
    const engine = createTinyEngine({
      onTrain: ({ steps, batch }) =>
        sizes.push(...Array.from({ length: steps }, () => batch)),
    });
    const settings = smallSettings(12);
    settings.schedule = { ...settings.schedule, lastBatch: "keep" };
    await trainAll(settings, images, engine);
    expect(sizes).toEqual([4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 3, 4]);
  });

  it("updates G at the first of every n steps of an epoch", async () => {
    const updates: boolean[] = [];
    const engine = createTinyEngine({
      onTrain: ({ generatorUpdates }) => updates.push(...generatorUpdates),
    });
    const settings = smallSettings(13);
    settings.objective = { ...settings.objective, generatorEvery: 4 };
    await trainAll(settings, images, engine);
    expect(updates.flatMap((updated, step) => (updated ? [step] : []))).toEqual(
      [0, 4, 8, 10],
    );
  });

  it("refuses fewer images than a batch in one sentence", async () => {
    await expect(
      trainAll(smallSettings(5), noiseImages(3), createTinyEngine()),
    ).rejects.toThrow("3 images, fewer than one batch of 4");
  });

  it("refuses a last batch of one image under batch normalisation", async () => {
    const settings = smallSettings(5);
    settings.schedule = { ...settings.schedule, lastBatch: "keep" };
    settings.generator.layers.splice(1, 0, {
      type: "batchNorm",
      name: "bn",
      eps: 1e-5,
      momentum: 0.1,
    });
    await expect(
      trainAll(settings, noiseImages(41), createTinyEngine()),
    ).rejects.toThrow("the last batch holds one image");
  });
});

describe("requests while training", () => {
  it("stops with a final checkpoint at the step where it stood", async () => {
    const run = await trainAll(
      smallSettings(1000),
      images,
      createTinyEngine(),
      null,
      (event, control) => {
        if (event.type === "samples" && event.step === 20)
          control.post({ type: "stop" });
      },
    );
    expect(run.events.at(-1)).toEqual({ type: "stopped", step: 20 });
    expect(run.events.at(-2)).toMatchObject({
      type: "checkpoint",
      reason: "final",
    });
    expect(run.checkpoint?.position.step).toBe(20);
  });

  it("pauses, answers while paused, and goes on", async () => {
    const settings = smallSettings(30);
    const run = await trainAll(
      settings,
      images,
      createTinyEngine(),
      null,
      (event, control) => {
        if (event.type === "samples" && event.step === 10)
          control.post({ type: "pause" });
        if (event.type !== "paused") return;
        control.post({ type: "checkpoint" });
        control.post({ type: "unpause" });
      },
    );
    const kinds = run.events.map(({ type }) => type);
    const paused = kinds.indexOf("paused");
    expect(kinds.slice(paused, paused + 3)).toEqual([
      "paused",
      "checkpoint",
      "unpaused",
    ]);
    expect(run.events.at(-1)).toEqual({ type: "finished", step: 30 });
    const whole = await trainAll(settings, images, createTinyEngine());
    expect(series(run, 0)).toEqual(series(whole, 0));
  });

  it("saves when it pauses, because the machine may be switched off", async () => {
    const run = await trainAll(
      smallSettings(30),
      images,
      createTinyEngine(),
      null,
      (event, control) => {
        if (event.type === "samples" && event.step === 10)
          control.post({ type: "pause" });
        if (event.type === "paused") control.post({ type: "unpause" });
      },
    );
    const paused = run.events.findIndex(({ type }) => type === "paused");
    expect(run.events[paused - 1]).toMatchObject({
      type: "checkpoint",
      reason: "scheduled",
      checkpoint: { position: { step: 10 } },
    });
  });

  it.each([null, "resumed"])(
    "is never without a checkpoint for more than a minute (%s)",
    async (from) => {
      vi.useFakeTimers({ toFake: ["performance"] });
      onTestFinished(() => void vi.useRealTimers());
      const start = from
        ? await trainAll(smallSettings(10), images, createTinyEngine())
        : null;
      const engine = createTinyEngine({
        onTrain: () => vi.advanceTimersByTime(20_000),
      });
      const run = await trainAll(
        smallSettings(60),
        images,
        engine,
        start?.checkpoint,
      );
      const begin = start?.checkpoint?.position.seconds ?? 0;
      const saved = eventsOf(run, "checkpoint").map(
        ({ checkpoint }) => checkpoint.position.seconds,
      );
      expect(saved.length).toBeGreaterThan(2);
      [begin, ...saved].forEach((seconds, i, all) => {
        expect(seconds - all[Math.max(0, i - 1)]).toBeLessThanOrEqual(60);
      });
    },
  );

  it("changes the learning rates and says at which step", async () => {
    const rates: number[] = [];
    const learningRates = { generator: 0.5, discriminator: 0.25 };
    const run = await trainAll(
      smallSettings(30),
      images,
      createTinyEngine({
        onTrain: (batch) => rates.push(batch.learningRates.generator),
      }),
      null,
      (event, control) => {
        if (event.type === "samples" && event.step === 10)
          control.post({ type: "learning-rates", learningRates });
      },
    );
    expect(eventsOf(run, "learning-rates")).toEqual([
      { type: "learning-rates", step: 10, learningRates },
    ]);
    expect(rates[0]).toBe(2e-4);
    expect(rates.at(-1)).toBe(0.5);
    expect(run.checkpoint?.position.learningRates).toEqual(learningRates);
  });
});

describe("checkpoints and exact resume", () => {
  const scheduled = (steps: number) =>
    smallSettings(steps, {
      checkpoints: {
        everySteps: 15,
        everyMinutes: null,
        keepLast: 3,
        keepBest: true,
      },
    });

  it("hands out a checkpoint every so many steps", async () => {
    const run = await trainAll(scheduled(40), images, createTinyEngine());
    expect(
      eventsOf(run, "checkpoint").map(({ reason, checkpoint }) => [
        reason,
        checkpoint.position.step,
      ]),
    ).toEqual([
      ["scheduled", 15],
      ["scheduled", 30],
      ["final", 40],
    ]);
  });

  it.each(["shuffle", "random"] as const)(
    "goes on bit for bit where a checkpoint was made in mid-epoch (%s)",
    async (order) => {
      const settings = (steps: number) => {
        const all = smallSettings(steps);
        all.schedule = { ...all.schedule, order };
        all.data = { ...all.data, flip: true };
        return all;
      };
      const engine = createTinyEngine();
      const whole = await trainAll(settings(34), images, engine);
      const half = await trainAll(settings(17), images, engine);
      const rest = await trainAll(
        settings(34),
        images,
        engine,
        half.checkpoint,
      );
      expect(rest.checkpoint?.state).toEqual(whole.checkpoint?.state);
      expect([...series(half, 0), ...series(rest, 0)]).toEqual(
        series(whole, 0),
      );
      const position = rest.checkpoint?.position;
      expect({ ...position, seconds: 0 }).toEqual({
        ...whole.checkpoint?.position,
        seconds: 0,
      });
    },
  );

  it("goes on with the learning rates and the time that it had come to", async () => {
    const learningRates = { generator: 0.5, discriminator: 0.25 };
    const half = await trainAll(
      smallSettings(20),
      images,
      createTinyEngine(),
      null,
      (event, control) => {
        if (event.type === "samples" && event.step === 10)
          control.post({ type: "learning-rates", learningRates });
      },
    );
    const saved = half.checkpoint && {
      ...half.checkpoint,
      position: { ...half.checkpoint.position, seconds: 3600 },
    };
    const engine = createTinyEngine();
    const rest = await trainAll(smallSettings(30), images, engine, saved);
    expect(rest.checkpoint?.position.learningRates).toEqual(learningRates);
    expect(rest.checkpoint?.position.seconds).toBeGreaterThan(3600);
  });

  it("makes no samples again at the step where it resumes", async () => {
    const engine = createTinyEngine();
    const half = await trainAll(smallSettings(10), images, engine);
    const rest = await trainAll(
      smallSettings(15),
      images,
      engine,
      half.checkpoint,
    );
    expect(eventsOf(rest, "samples").map(({ step }) => step)).toEqual([15]);
  });
});

describe("divergence", () => {
  it("ends at the very step whose figure is no number, and shows it", async () => {
    const run = await trainAll(
      smallSettings(100),
      images,
      createTinyEngine({ breakFigureAt: 23 }),
    );
    expect(run.events.at(-1)).toMatchObject({ type: "diverged", step: 23 });
    const losses = series(run, 0);
    expect(losses).toHaveLength(23);
    expect(losses[22]).toBeNaN();
  });

  it("keeps the last state that was sound", async () => {
    const run = await trainAll(
      smallSettings(100),
      images,
      createTinyEngine({ breakFigureAt: 23 }),
    );
    expect(run.checkpoint?.position.step).toBe(20);
  });

  it("finds a broken weight within one log interval", async () => {
    const run = await trainAll(
      smallSettings(100, {
        sampling: { ...smallSettings(1).sampling, cadences: [] },
      }),
      images,
      createTinyEngine({ breakWeightAt: 23 }),
    );
    const end = run.events.at(-1);
    expect(end).toMatchObject({ type: "diverged" });
    expect(end && "step" in end ? end.step : 0).toBeLessThanOrEqual(28);
  });

  it("keeps no checkpoint with a broken weight", async () => {
    const settings = smallSettings(100, {
      log: { ...smallSettings(1).log, cadence: { unit: "epoch", every: 99 } },
      checkpoints: { ...smallSettings(1).checkpoints, everySteps: 11 },
    });
    const engine = createTinyEngine({ breakWeightAt: 22 });
    const run = await trainAll(settings, images, engine);
    expect(run.events.at(-1)).toMatchObject({ type: "diverged", step: 22 });
    expect(run.checkpoint?.position.step).toBe(11);
  });

  it("shows no picture with a pixel that is no number", async () => {
    const engine = createTinyEngine({ breakPixelAt: 20 });
    const run = await trainAll(smallSettings(100), images, engine);
    expect(run.events.at(-1)).toMatchObject({ type: "diverged", step: 20 });
    expect(eventsOf(run, "samples").map(({ step }) => step)).toEqual([0, 10]);
  });
});
